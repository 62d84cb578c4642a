/// What of the change from one sound's figures to another's is noticed, in words: said of two sounds in one line, and of the
/// descriptors that have to do with it, so that both say the same.
struct FigureChange {
    private let a: SoundFigures
    private let b: SoundFigures

    /// - Parameter b: The sound that is spoken of: it "fades later" if it does so later than `a`.
    init(from a: SoundFigures, to b: SoundFigures) { (self.a, self.b) = (a, b) }

    /// Whether the second is brighter; nil if both are the same.
    var isBrighter: Bool? { a.brightness == b.brightness ? nil : b.brightness > a.brightness }

    /// Whether the difference in brightness is noticed: from two semitones on.
    var isBrightnessNoticed: Bool {
        let ratio = b.brightness / a.brightness
        return ratio < 1 / 1.12 || ratio > 1.12
    }

    /// Such as `brighter (2.1 kHz, not 870 Hz)`; nil if it is not noticed.
    var brightness: String? {
        guard isBrightnessNoticed else { return nil }
        return Self.brightness(from: a.brightness, to: b.brightness)
    }

    /// Such as `noisier (62 % noise, not 11 %)`; nil if it is not noticed.
    var noise: String? {
        guard abs(b.noisiness - a.noisiness) >= 0.1 else { return nil }
        let (first, second) = (Int((a.noisiness * 100).rounded()), Int((b.noisiness * 100).rounded()))
        return "\(b.noisiness > a.noisiness ? "noisier" : "purer") (\(second) % noise, not \(first) %)"
    }

    /// Such as `fades 0.6 s earlier`; nil if it is not noticed.
    var decay: String? {
        let difference = b.decay - a.decay
        guard abs(difference) >= max(0.05, 0.2 * min(a.decay, b.decay)) else { return nil }
        return "fades \(Self.time(abs(difference))) \(difference > 0 ? "later" : "earlier")"
    }

    /// The middle of one spectrum and that of another, in hertz, in words.
    static func brightness(from a: Double, to b: Double) -> String {
        "\(b > a ? "brighter" : "darker") (\(frequency(b)), not \(frequency(a)))"
    }

    /// Two digits, or three without a fraction: `0.6`, `25`.
    static func number(_ value: Double) -> String {
        let rounded = value < 9.95 ? (value * 10).rounded() / 10 : value.rounded()
        return rounded == rounded.rounded() ? "\(Int(rounded))" : "\(rounded)"
    }

    static func time(_ seconds: Double) -> String {
        seconds < 0.0995 ? "\(Int((seconds * 1000).rounded())) ms" : "\(number(seconds)) s"
    }

    private static func frequency(_ hertz: Double) -> String {
        hertz < 1000 ? "\(Int((hertz / 10).rounded()) * 10) Hz" : "\((hertz / 100).rounded() / 10) kHz"
    }
}

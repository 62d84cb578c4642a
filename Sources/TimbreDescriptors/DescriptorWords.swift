import Glibc
import SoundFeatures

/// Says in words in which direction one sound differs from another.
package struct DescriptorWords {
    private let a: [Float]
    private let b: [Float]

    /// - Parameter b: The sound that is spoken of: it is "brighter" if it is brighter than `a`.
    package init(from a: TimbreDescriptor, to b: TimbreDescriptor) {
        (self.a, self.b) = (a.values, b.values)
    }

    /// What the descriptors of a kind say, such as `brighter (2.1 kHz, not 870 Hz)`; nil if they differ little, or in no
    /// way that has a name.
    package func words(for kind: TimbreDescriptor.Kind) -> String? {
        switch kind {
        case .shape: brightness(of: .shape) ?? noisiness
        case .attackShape: attackBrightness
        case .times: duration
        case .loudness: peak
        case .envelopeVariation, .shapeVariation, .rippleVariation, .course:
            amount(of: kind) { "varies \($0) × as much" }
        case .envelopeChange: amount(of: kind) { "changes \($0) × as fast" }
        case .envelope, .greatest, .attackEnvelope: tilt(of: kind)
        case .ripple: amount(of: kind) { "\($0) × as tonal" }
        case .decay: decay
        case .attackLevels, .skewness: nil
        }
    }

    /// Places in the measures of shape: the centre, and the flatness.
    private static let (centre, flatness) = (0, 3)
    /// Places among the times: how long the level stays above −30 dB, and when the sound is loudest.
    private static let (lasting, loudest) = (3, 5)

    private func values(_ kind: TimbreDescriptor.Kind) -> (a: ArraySlice<Float>, b: ArraySlice<Float>) {
        guard let group = TimbreDescriptor.groups.first(where: { $0.kind == kind }) else { return ([], []) }
        return (a[group.range], b[group.range])
    }

    private func value(_ kind: TimbreDescriptor.Kind, _ place: Int) -> (a: Double, b: Double) {
        let (a, b) = values(kind)
        return (Double(a[a.startIndex + place]), Double(b[b.startIndex + place]))
    }

    private func brightness(of kind: TimbreDescriptor.Kind) -> String? {
        let (a, b) = value(kind, Self.centre)
        return Self.brightness(from: a, to: b)
    }

    private static func brightness(from a: Double, to b: Double) -> String? {
        // A third of a Bark is heard at once.
        guard abs(b - a) >= 0.33 else { return nil }
        let hertz = { (bark: Double) in frequency(600 * sinh(bark / 6)) }
        return "\(b > a ? "brighter" : "darker") (\(hertz(b)), not \(hertz(a)))"
    }

    private var attackBrightness: String? {
        let (mean, attack) = (value(.shape, Self.centre), value(.attackShape, Self.centre))
        return Self.brightness(from: mean.a + attack.a, to: mean.b + attack.b)
    }

    private var noisiness: String? {
        let (a, b) = value(.shape, Self.flatness)
        return abs(b - a) < 1.5 ? nil : b > a ? "noisier" : "purer"
    }

    private var duration: String? {
        let (a, b) = value(.times, Self.lasting)
        let (first, second) = (Self.seconds(a), Self.seconds(b))
        guard abs(second - first) >= max(0.05, 0.1 * min(first, second)) else { return nil }
        return "decays \(Self.time(abs(second - first))) \(second < first ? "earlier" : "later")"
    }

    private var peak: String? {
        let (a, b) = value(.times, Self.loudest)
        let (first, second) = (Self.seconds(a), Self.seconds(b))
        guard abs(second - first) >= 0.05 else { return nil }
        return "is loudest \(Self.time(abs(second - first))) \(second < first ? "sooner" : "later")"
    }

    private var decay: String? {
        let (a, b) = values(.decay)
        // The last ten numbers are how far ten groups of bands have fallen after 20 frames.
        let difference = { (places: Range<Int>) in
            places.reduce(0.0) { $0 + Double(b[b.endIndex - 10 + $1] - a[a.endIndex - 10 + $1]) } / Double(places.count)
        }
        let (low, high) = (difference(0..<5), difference(5..<10))
        let (name, change) = abs(low) > abs(high) ? ("bass", low) : ("treble", high)
        guard abs(change) >= 3 else { return nil }
        // These are 20 to 44 frames behind the attack.
        return "\(name) fades \(change < 0 ? "faster" : "more slowly") "
            + "(\(Int(abs(change).rounded())) dB \(change < 0 ? "less" : "more") is left after 0.7 s)"
    }

    /// By the first cosine: it is greater the more of a sound lies low.
    private func tilt(of kind: TimbreDescriptor.Kind) -> String? {
        let mean = kind == .attackEnvelope ? value(.envelope, 0) : (a: 0, b: 0)
        let own = value(kind, 0)
        let change = (own.b + mean.b) - (own.a + mean.a)
        // A slope of a tenth of a decibel a band gives a first cosine of 26.
        guard abs(change) >= 12 else { return nil }
        let tilt = Int((abs(change) / 26 * 0.1 * Double(BandLevels.count)).rounded())
        return (change > 0 ? "more bass, less treble" : "less bass, more treble") + " (\(tilt) dB from end to end)"
    }

    private func amount(of kind: TimbreDescriptor.Kind, words: (String) -> String) -> String? {
        let (a, b) = values(kind)
        let size = { (values: ArraySlice<Float>) in values.reduce(0.0) { $0 + Double(abs($1)) } }
        let (first, second) = (size(a), size(b))
        guard max(first, second) > 1.15 * min(first, second), first > 0 else { return nil }
        let ratio = second / first
        return words(ratio < 9.95 ? "\((ratio * 10).rounded() / 10)" : "\(Int(min(ratio, 1e6).rounded()))")
    }

    /// The time that a number of frames takes, given the logarithm of that number plus one.
    private static func seconds(_ logarithm: Double) -> Double {
        (exp(logarithm) - 1) * Double(FeatureFrames.hop) / Double(FeatureFrames.sampleRate)
    }

    private static func time(_ seconds: Double) -> String {
        seconds < 0.1 ? "\(Int((seconds * 1000).rounded())) ms" : "\((seconds * 10).rounded() / 10) s"
    }

    private static func frequency(_ hertz: Double) -> String {
        hertz < 1000 ? "\(Int((hertz / 10).rounded()) * 10) Hz" : "\((hertz / 100).rounded() / 10) kHz"
    }
}

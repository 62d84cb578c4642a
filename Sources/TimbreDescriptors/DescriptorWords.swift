import Glibc
import SoundFeatures

/// Says in words in which direction one sound differs from another, kind by kind of their descriptors.
///
/// Of what is also a figure of sounds, how bright, noisy and long they are, the figures speak, as they do in
/// ``FigureWords``. Descriptors are other numbers: in a spectrum that counts by its decibels faint bands weigh as much as loud
/// ones, so that the sound that is darker by its figures may have the flatter spectrum. That is said in words only where it
/// is no contradiction.
package struct DescriptorWords {
    private let a: [Float]
    private let b: [Float]
    private let figures: FigureChange

    /// - Parameters:
    ///   - b: The sound that is spoken of: it is "brighter" if it is brighter than `a`.
    ///   - figures: Those of the two sounds.
    package init(from a: TimbreDescriptor, to b: TimbreDescriptor, figures: (a: SoundFigures, b: SoundFigures)) {
        (self.a, self.b) = (a.values, b.values)
        self.figures = FigureChange(from: figures.a, to: figures.b)
    }

    /// What the descriptors of a kind say, such as `brighter (2.1 kHz, not 870 Hz)`; nil if they differ little, or in no
    /// way that has a name.
    package func words(for kind: TimbreDescriptor.Kind) -> String? {
        switch kind {
        case .shape: figures.brightness ?? figures.noise
        case .attackShape: attackBrightness
        case .times: figures.decay
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

    /// The place of the centre in the measures of shape.
    private static let centre = 0
    /// Places among the times: when the sound is loudest, and for how many frames it is heard.
    private static let (loudest, heard) = (5, 7)

    private func values(_ kind: TimbreDescriptor.Kind) -> (a: ArraySlice<Float>, b: ArraySlice<Float>) {
        guard let group = TimbreDescriptor.groups.first(where: { $0.kind == kind }) else { return ([], []) }
        return (a[group.range], b[group.range])
    }

    private func value(_ kind: TimbreDescriptor.Kind, _ place: Int) -> (a: Double, b: Double) {
        let (a, b) = values(kind)
        return (Double(a[a.startIndex + place]), Double(b[b.startIndex + place]))
    }

    /// The centres of the attacks, in Bark.
    private var attackCentres: (a: Double, b: Double) {
        let (mean, attack) = (value(.shape, Self.centre), value(.attackShape, Self.centre))
        return (mean.a + attack.a, mean.b + attack.b)
    }

    private var attackBrightness: String? {
        let (a, b) = attackCentres
        // A third of a Bark is heard at once.
        guard abs(b - a) >= 0.33 else { return nil }
        let hertz = { (bark: Double) in 600 * sinh(bark / 6) }
        return FigureChange.brightness(from: hertz(a), to: hertz(b))
    }

    private var peak: String? {
        let (a, b) = value(.times, Self.loudest)
        let (first, second) = (Self.seconds(a), Self.seconds(b))
        guard abs(second - first) >= 0.05 else { return nil }
        return "is loudest \(FigureChange.time(abs(second - first))) \(second < first ? "sooner" : "later")"
    }

    /// How far bass and treble have fallen by the last time that the longer sound reaches.
    private var decay: String? {
        // Groups of ten numbers are how far ten groups of bands have fallen after the attack, at later and later times.
        let times = DescriptorDefinition.decayFrames.dropFirst()
        // Sounds begin with what is heard of them, and their attack may come late; but not behind what is loudest.
        let (heard, loudest) = (value(.times, Self.heard), value(.times, Self.loudest))
        let longest = max(exp(heard.a) - exp(loudest.a), exp(heard.b) - exp(loudest.b))
        let reached = times.prefix { Double($0.lowerBound + $0.count / 2) < longest }
        guard let frames = reached.last else { return nil }
        let (a, b) = values(.decay)
        let bands = DescriptorDefinition.bandGroups.count - 1
        let first = (reached.count - 1) * bands
        let difference = { (places: Range<Int>) in
            places.reduce(0.0) { $0 + Double(b[b.startIndex + first + $1] - a[a.startIndex + first + $1]) }
                / Double(places.count)
        }
        let (low, high) = (difference(0..<bands / 2), difference(bands / 2..<bands))
        let (name, change) = abs(low) > abs(high) ? ("bass", low) : ("treble", high)
        guard abs(change) >= 3 else { return nil }
        let middle = Double(frames.lowerBound + frames.upperBound) / 2 * Self.frame
        return "\(name) fades \(change < 0 ? "faster" : "more slowly") "
            + "(\(Int(abs(change).rounded())) dB \(change < 0 ? "less" : "more") is left after \(FigureChange.number(middle)) s)"
    }

    /// By the first cosine: it is greater the more of a sound lies low.
    private func tilt(of kind: TimbreDescriptor.Kind) -> String? {
        let mean = kind == .attackEnvelope ? value(.envelope, 0) : (a: 0, b: 0)
        let own = value(kind, 0)
        let change = (own.b + mean.b) - (own.a + mean.a)
        // A slope of a tenth of a decibel a band gives a first cosine of 26.
        guard abs(change) >= 12 else { return nil }
        let centres = attackCentres
        let isBrighter =
            kind == .attackEnvelope ? (centres.a == centres.b ? nil : centres.b > centres.a) : figures.isBrighter
        if isBrighter == (change > 0) { return nil }
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
        (exp(logarithm) - 1) * frame
    }

    /// Seconds from one frame to the next.
    private static let frame = Double(FeatureFrames.hop) / Double(FeatureFrames.sampleRate)
}

import Glibc
import SoundFeatures

/// A few plain figures of a sound, in units that people know. None changes with the sound's level, or with silence around it.
///
/// They are kept in 16 bytes, as ratios are heard: frequencies and times in steps of a cent, the 1200th part of an octave.
/// Two figures are compared in these steps, so that a comparison gives the same today and after a restart.
package struct SoundFigures: Hashable, Sendable, BitwiseCopyable {
    /// Brightness, noisiness, attack, length, decay, pitch and its confidence; the last is whether it is a loop, as
    /// ``loop`` reads it, and 0 where an earlier version did not estimate that.
    package let steps: SIMD8<UInt16>

    /// Takes what ``steps`` gave; nil if it is none.
    package init?(steps: SIMD8<UInt16>) {
        // Every sound has a length.
        guard steps[3] > 0 else { return nil }
        self.steps = steps
    }

    /// Takes the figures that were kept as ``bytes``; nil if these are of silence, or none.
    package init?(bytes: [UInt8]) {
        guard bytes.count == Self.byteCount else { return nil }
        var steps = SIMD8<UInt16>()
        for place in steps.indices { steps[place] = UInt16(bytes[2 * place]) | UInt16(bytes[2 * place + 1]) << 8 }
        self.init(steps: steps)
    }

    /// Bytes that figures are kept in.
    package static let byteCount = 16

    /// The figures as they are kept, little-endian.
    package var bytes: [UInt8] {
        steps.indices.flatMap { [UInt8(truncatingIfNeeded: steps[$0]), UInt8(steps[$0] >> 8)] }
    }

    /// What is kept of a sound in which nothing is heard.
    package static let silence = [UInt8](repeating: 0, count: byteCount)

    /// The figures that two sounds can be compared in, by their places among the ``steps``.
    package enum Figure: Int, CaseIterable, Sendable {
        case brightness, noisiness, attack, length, decay, pitch
    }

    package subscript(figure: Figure) -> UInt16 { steps[figure.rawValue] }

    /// - Parameters: As the properties say.
    package init(
        brightness: Double, noisiness: Double, attack: Double, length: Double, decay: Double, pitch: Pitch? = nil,
        loop: Double? = nil
    ) {
        steps = [
            Self.cents(brightness, over: Self.lowest), Self.share(noisiness),
            Self.cents(attack, over: Self.shortest), max(Self.cents(length, over: Self.shortest), 1),
            Self.cents(decay, over: Self.shortest), pitch.map { Self.cents($0.hertz, over: Self.lowest) } ?? 0,
            Self.share(pitch?.confidence ?? 0), loop.map { 1 + Self.share($0) } ?? Self.neither,
        ]
    }

    /// What a step of 0 stands for, in hertz and in seconds.
    private static let lowest = 20.0
    private static let shortest = 0.001
    /// The steps of 1, for shares.
    package static let mostShare = 10_000.0

    private static func cents(_ value: Double, over least: Double) -> UInt16 {
        UInt16(max(0, min(1200 * log2(max(value, least) / least), 65_535)).rounded())
    }

    /// The step of what is too long to be a loop or a one-shot.
    private static let neither = UInt16.max

    /// The step of a length of sound, in seconds, as the figures are compared in.
    package static func lengthStep(_ seconds: Double) -> Int { Int(cents(seconds, over: shortest)) }

    private static func share(_ value: Double) -> UInt16 { UInt16((max(0, min(value, 1)) * mostShare).rounded()) }

    private func hertz(_ place: Int) -> Double { Self.lowest * exp2(Double(steps[place]) / 1200) }

    private func seconds(_ place: Int) -> Double { Self.shortest * exp2(Double(steps[place]) / 1200) }

    /// Where the middle of the spectrum is, in hertz, 50 to 9,000: the centroid of the bands' amplitudes along the Bark-like
    /// scale of ``BandScale``, of which the loud frames count more.
    package var brightness: Double { hertz(0) }

    /// How much of the sound is noise, 0 to 1: steady tones have 0.01 to 0.2, voices and low tones whose partials are too
    /// near to each other more, cymbals 0.6 to 0.8, white noise 0.95.
    ///
    /// The spectral flatness of J. Johnston, "Transform coding of audio signals using perceptual noise criteria", *IEEE J.
    /// Sel. Areas Commun.* 6 (1988), pp. 314-323, over each nine bands that lie side by side, so that a hiss in the treble
    /// alone is noise as well.
    package var noisiness: Double { Double(steps[1]) / Self.mostShare }

    /// How long the sound takes from 20 to 3 dB below its loudest frame, in seconds: from 0.01, as frames come every 23 ms.
    package var attack: Double { seconds(2) }

    /// For how long it is heard, down to 60 dB below its loudest frame, in seconds; hum and hiss around it are no part of it.
    package var length: Double { seconds(3) }

    /// How long after its loudest frame the sound is more than 20 dB below that for good, or ends, in seconds.
    package var decay: Double { seconds(4) }

    /// Its pitch; nil where none is sure.
    package var pitch: Pitch? {
        steps[5] == 0 ? nil : Pitch(hertz: hertz(5), confidence: Double(steps[6]) / Self.mostShare)
    }

    /// How likely the sound is a loop and no one-shot, 0 to 1; nil if it is too long to be either, or nobody has estimated it.
    ///
    /// What has one sure pitch is rather a note that is held than a loop, which its level alone does not tell: its odds are a
    /// fourth of those by ``LoopEstimate``. Of 5,144 notes 81 seem loops so, where it were 155, and all of 43 loops still do.
    package var loop: Double? {
        guard steps[7] != 0, steps[7] != Self.neither else { return nil }
        let byLevel = Double(steps[7] - 1) / Self.mostShare
        return pitch == nil ? byLevel : byLevel / (byLevel + Self.noteOdds * (1 - byLevel))
    }

    /// How much likelier a sound of one sure pitch is a note.
    private static let noteOdds = 4.0

    /// Whether it is rather a loop than a one-shot; nil if that is not known.
    package var isLoop: Bool? { loop.map { $0 >= 0.5 } }

    /// How far a fundamental lies from another, in semitones.
    package static func semitones(from a: Pitch, to b: Pitch) -> Double { 12 * log2(b.hertz / a.hertz) }
}

extension SoundFigures {
    /// Frames so far below the loudest one say nothing of the spectrum, and so far below nothing of the pitch, in decibels.
    private static let reach = -40.0
    private static let pitchReach = -20.0
    /// The attack lasts from the first of these levels to the second; the decay until the first.
    private static let soft = -20.0
    private static let full = -3.0
    private static let shortestAttack = 0.01
    private static let hop = Double(FeatureFrames.hop) / Double(FeatureFrames.sampleRate)

    /// Reads the figures of the frames that are heard.
    ///
    /// - Parameters:
    ///   - bands: All frames of the sound, in the form of ``FeatureFrames/bands``.
    ///   - energies: Those of all frames.
    init(_ audible: AudibleFrames, bands: [UInt8], energies: [Double]) {
        let spectrum = SpectrumFigures(of: bands, audible.frames(above: Self.reach))
        let levels = audible.levels
        let loudest = levels.firstIndex(of: levels.max() ?? 0) ?? 0
        let faded = levels.lastIndex { $0 > Self.soft } ?? loudest
        self.init(
            brightness: spectrum.brightness, noisiness: spectrum.noisiness,
            attack: Self.attack(from: audible.range.lowerBound, energies),
            length: Double(levels.count) * Self.hop, decay: Double(max(faded - loudest, 0) + 1) * Self.hop,
            pitch: Pitch(of: bands, audible.frames(above: Self.pitchReach)),
            loop: LoopEstimate.likelihood(of: levels))
    }

    /// The attack of a sound whose first frames are those before one, where it rises, and all after it.
    private static func attack(from start: Int, _ energies: [Double]) -> Double {
        // What is heard begins behind the rise.
        var first = start
        while first > 0, energies[first - 1] < energies[first], energies[first - 1] > 0 { first -= 1 }
        let top = energies[start...].max() ?? 0
        let levels = energies[first...].lazy.map { 10 * log10(max($0 / top, 1e-12)) }
        return max((time(of: full, levels) - time(of: soft, levels)) * hop, shortestAttack)
    }

    /// When levels first reach one of them, in frames from the first, by a straight line between two.
    private static func time(of level: Double, _ levels: some Collection<Double>) -> Double {
        var before: Double?
        var frame = 0.0
        for next in levels {
            if next >= level { return before.map { frame - (next - level) / (next - $0) } ?? frame }
            before = next
            frame += 1
        }
        return frame
    }
}

extension AudibleFrames {
    /// The frames above a level, and how much each weighs.
    fileprivate func frames(above level: Double) -> [(frame: Int, weight: Double)] {
        levels.indices.filter { levels[$0] > level }.map { (range.lowerBound + $0, weights[$0]) }
    }
}

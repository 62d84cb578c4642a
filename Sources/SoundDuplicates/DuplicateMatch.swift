import SoundFeatures

/// That two sounds are the same recording, and what was measured.
///
/// Sounds are the same if they differ by what level, sampling rate, format and silence around them make differ, and by
/// no more. It is told in two ways. First all frames are compared, which tells sounds of any length that begin at the
/// same place of their frames. A sound that begins elsewhere is divided otherwise among its frames: where
/// something begins they have other spectra. So those frames are left out, and the others compared once more; a sound
/// with few of them is not confirmed.
package struct DuplicateMatch: Hashable, Sendable {
    /// How far the sounds differ in a band on average, once their difference in level is removed; in decibels.
    package let difference: Double
    /// By how much the second sound is louder, in decibels.
    package let level: Double

    /// Compares two sounds; nil if they are not known to be the same.
    ///
    /// - Complexity: O(*n*) in the frames of the shorter sound, up to ``DuplicateDefinition/compared``.
    package init?(_ first: ComparedSound, _ second: ComparedSound) {
        typealias Definition = DuplicateDefinition
        let durations = [first, second].map { Double($0.frames.count) }.sorted()
        guard durations[1] - durations[0] <= durations[1] * Definition.durationShare + Double(Definition.durationFrames)
        else { return nil }
        guard let found = Self.whole(first, second) ?? Self.steady(first, second) else { return nil }
        difference = found.mean
        level = found.level
    }

    private static func whole(_ first: ComparedSound, _ second: ComparedSound) -> LevelDifference? {
        typealias Definition = DuplicateDefinition
        guard
            let found = LevelComparison(first, second, .whole)?.best(
                reach: Definition.wholeReach, leastBands: Definition.wholeBands)
        else { return nil }
        let evidence = min(1, Double(found.bands) / Double(Definition.wholeLimitBands))
        return found.lasting <= Definition.wholeLimit * evidence ? found : nil
    }

    private static func steady(_ first: ComparedSound, _ second: ComparedSound) -> LevelDifference? {
        typealias Definition = DuplicateDefinition
        guard let comparison = LevelComparison(first, second, .steady),
            let found = comparison.best(reach: Definition.steadyReach, leastBands: Definition.steadyBands),
            found.frames >= Definition.steadyFrames, found.lasting <= Definition.steadyLimit
        else { return nil }
        let limit = Definition.steadyDifference + Definition.steadyDifferencePerFluctuation * comparison.fluctuation
        return found.mean <= limit ? found : nil
    }
}

/// When two sounds are duplicates: the limits, and what they were measured from.
///
/// Levels are in decibels, times in frames. The limits come from 1,281 sounds (drums, notes, speech, textures) and
/// variants of them: fainter by up to 30 dB, at another sampling rate, as MP3 of 128 kbit/s and Ogg Vorbis of quality 5,
/// each with up to 250 ms of silence before and behind, and transposed by a quarter of a tone up to a whole tone.
enum DuplicateDefinition {
    /// How far below the loudest frame a frame may be and still belong to the sound.
    static let heard: Float = 50
    /// How far below the strongest band of all frames that are compared a band may be and still count.
    static let floor: Float = 40
    /// A band counts if it lies above the floor by more than this in either sound: codecs change what is fainter.
    static let margin: Float = 3
    /// By how much two durations may differ: by this share, and by this many frames more.
    static let durationShare = 0.02
    static let durationFrames = 4

    /// A frame that is louder than the one before by more than this holds the beginning of something, as does the next
    /// one: what they hold depends on where in them it begins.
    static let onsetRise: Float = 6
    /// Frames over which differences are averaged before their size is taken: what differs for so long was not caused by
    /// frames that begin elsewhere.
    static let lasting = 4

    /// How far from the place where both sounds begin they may fit, when all frames are compared, and without onsets.
    static let wholeReach = 2
    static let steadyReach = 3
    /// The greatest difference at a place of whole frames at which quarters are tried. Variants that are confirmed differ
    /// by up to 2.9 there; most other sounds that are compared differ more than this, and are done with.
    static let coarseLimit = 3.5
    /// Frames that are compared to find the place where two sounds fit.
    static let searched = 512
    /// How many frames are compared at most, three minutes: of a longer sound only the beginning and the length count.
    static let compared = 8192

    /// Bands that must count, all frames together, for a place to be looked at.
    static let wholeBands = 16
    static let steadyBands = 150
    /// Frames without onsets that must be there to be compared alone.
    static let steadyFrames = 8

    /// The greatest lasting difference of all frames. Of 1,500 variants that began with their originals it was greater in
    /// 1.2 %; of sounds that were not the same recording the two nearest had 0.58 and 0.81, and any transposed one 0.74.
    static let wholeLimit = 0.5
    /// So many bands or more may differ so far; if there are fewer, the limit is lower in proportion.
    static let wholeLimitBands = 60
    /// The greatest lasting difference of frames without onsets. Of variants that began anywhere in a frame it was
    /// greater in a sixth, most of them shorter than half a second. Different sounds that keep the other limits have 0.88
    /// and more, those transposed by half a tone 0.81, by a quarter of a tone 0.61.
    static let steadyLimit = 0.75
    /// The greatest difference of single frames without onsets: that of a sound without any fluctuation, and how much
    /// more it may be for each decibel of ``LevelComparison/fluctuation``. Noise that begins elsewhere in its frames
    /// differs, yet by less than from one frame to the next; two tones differ less than that and are two.
    static let steadyDifference = 0.3
    static let steadyDifferencePerFluctuation = 0.4

    /// Bands of a frame.
    static let bands = FeatureFrames.bandStride - 4
    /// The level of every band of a silent frame, in decibels: so little that it never counts.
    static let silence: Float = -240
    /// How far below the strongest band of a frame a level can lie, in decibels.
    static let depth: Float = 80
}

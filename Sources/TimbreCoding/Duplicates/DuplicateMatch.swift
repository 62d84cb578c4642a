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

import CTimbreKernels

/// Two sounds side by side, of which one can be moved along the other.
///
/// The frames of two sounds need not begin at the same places within them: sounds fit after a whole number of frames and
/// some quarters of one. Levels between two frames are interpolated, in both sounds by the same part of a frame and in
/// opposite directions, so that both are smoothed alike.
struct LevelComparison {
    /// Which frames are compared.
    enum Part {
        /// All that are heard, with what is before and behind.
        case whole
        /// Those that are heard and are not the beginning of something.
        case steady
    }

    private let first: ComparedSound
    private let second: ComparedSound
    private let part: Part
    /// What is added to the second sound's levels to make the strongest bands of both as strong.
    private let gain: Float
    private let floor: Float

    /// Compares two sounds; nil if either has no frames for it.
    init?(_ first: ComparedSound, _ second: ComparedSound, _ part: Part) {
        let strongest = [first, second].map { sound in sound.strongest { part == .whole || sound.isSteady[$0] } }
        guard let top = strongest[0], let other = strongest[1] else { return nil }
        self.first = first
        self.second = second
        self.part = part
        gain = top - other
        floor = top - DuplicateDefinition.floor
    }

    /// Finds the place where the sounds differ least, and how far they differ there.
    ///
    /// Places are tried by whole frames first, then by quarters of one around the best.
    ///
    /// - Parameters:
    ///   - reach: How many frames from where both sounds begin to try.
    ///   - leastBands: How many bands must count at a place.
    /// - Returns: Nil if too few count anywhere, or if the sounds differ too much to be the same.
    func best(reach: Int, leastBands: Int) -> LevelDifference? {
        let start = second.frames.lowerBound - first.frames.lowerBound
        var best: (quarters: Int, difference: LevelDifference)?
        func look(at quarters: Int) {
            let least = best?.difference.mean ?? DuplicateDefinition.coarseLimit
            guard
                let found = difference(
                    shift: quarters, frames: DuplicateDefinition.searched,
                    leastMean: min(least, DuplicateDefinition.coarseLimit)),
                found.bands >= leastBands, found.mean < best?.difference.mean ?? .infinity
            else { return }
            best = (quarters, found)
        }
        for frames in start - reach...start + reach { look(at: 4 * frames) }
        guard let coarse = best, coarse.difference.mean <= DuplicateDefinition.coarseLimit else { return nil }
        for quarters in [-3, -2, -1, 1, 2, 3] { look(at: coarse.quarters + quarters) }
        guard let best, best.difference.frames == DuplicateDefinition.searched else { return best?.difference }
        return difference(shift: best.quarters, frames: DuplicateDefinition.compared, leastMean: .infinity)
    }

    /// How far the sounds differ if the second is moved.
    ///
    /// - Parameters:
    ///   - quarters: By how much later the second sound's frames come, in quarters of a frame.
    ///   - limit: How many frames to compare at most.
    ///   - leastMean: A mean difference that is of no use, as is any greater one.
    /// - Returns: Nil if nothing counts, or if it is plain before the median is known that the mean is greater than that:
    ///   two differences are together as far from any median as from each other, or farther.
    private func difference(shift quarters: Int, frames limit: Int, leastMean: Double) -> LevelDifference? {
        let whole = quarters >> 2
        let share = Float(quarters & 3) / 8
        let start = min(first.frames.lowerBound, second.frames.lowerBound - whole) - 1
        let end = max(first.frames.upperBound, second.frames.upperBound - whole) + 1
        var rows: [Float] = []
        rows.reserveCapacity(min(limit, end - start) * DuplicateDefinition.bands)
        var a = [Float](repeating: 0, count: DuplicateDefinition.bands)
        var (b, other, row) = (a, a, a)
        let least = floor + DuplicateDefinition.margin
        var (spread, bands) = (0.0, 0)
        for frame in start..<end where isCompared(frame, frame + whole, isBetween: share > 0) {
            first.write(frame, gain: 0, floor: floor, to: &a)
            second.write(frame + whole, gain: gain, floor: floor, to: &b)
            if share > 0 {
                first.write(frame - 1, gain: 0, floor: floor, to: &other)
                unsafe timbre_move_levels(&a, other, share)
                second.write(frame + whole + 1, gain: gain, floor: floor, to: &other)
                unsafe timbre_move_levels(&b, other, share)
            }
            let found = unsafe timbre_subtract_levels(a, b, least, &row)
            spread += Double(found.spread)
            bands += Int(found.count)
            rows += row
            if rows.count == limit * DuplicateDefinition.bands { break }
        }
        // Sums of floats are off by less than this.
        guard spread <= leastMean * Double(bands) * 1.0001, var found = LevelDifference(rows) else { return nil }
        found.level -= Double(gain)
        return found
    }

    private func isCompared(_ frame: Int, _ other: Int, isBetween: Bool) -> Bool {
        guard part == .steady else { return true }
        func isSteady(_ sound: ComparedSound, _ frame: Int) -> Bool {
            sound.isSteady.indices.contains(frame) && sound.isSteady[frame]
        }
        guard isSteady(first, frame), isSteady(second, other) else { return false }
        return !isBetween || (isSteady(first, frame - 1) && isSteady(second, other + 1))
    }

    /// How much a level differs from the mean of those of the frames before and after, on average, in decibels: of the
    /// sound of which it is more.
    var fluctuation: Double { max(fluctuation(of: first, gain: 0), fluctuation(of: second, gain: gain)) }

    private func fluctuation(of sound: ComparedSound, gain: Float) -> Double {
        var row = [[Float]](repeating: Array(repeating: 0, count: DuplicateDefinition.bands), count: 3)
        var (sum, count) = (0.0, 0)
        for frame in sound.frames.prefix(DuplicateDefinition.compared)
        where frame > 0 && frame + 1 < sound.isSteady.count
            && (frame - 1...frame + 1).allSatisfy({ sound.isSteady[$0] })
        {
            for place in 0..<3 { sound.write(frame - 1 + place, gain: gain, floor: floor, to: &row[place]) }
            for band in 0..<DuplicateDefinition.bands where row[1][band] > floor + DuplicateDefinition.margin {
                sum += Double(abs(row[1][band] - (row[0][band] + row[2][band]) / 2))
                count += 1
            }
        }
        return count > 0 ? sum / Double(count) : 0
    }
}

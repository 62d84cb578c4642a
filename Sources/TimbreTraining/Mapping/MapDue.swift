import TimbreStore

/// Decides when a map is learnt: the first once there are sounds enough, another with another generation, and when the
/// library has grown so much that most of it was put beside others.
struct MapDue {
    /// Contents on the map in use.
    private var placeCount = 0
    /// Files of the library when there were too few sounds for a map.
    private var tooFew: Int?

    /// While files are still being read, a map is learnt only of so many, and then of several times as many: soon there
    /// will be another.
    private static let (early, leap) = (200, 4.0)
    /// Otherwise when there are so many times as many.
    private static let growth = 1.5

    /// Notes that a map is in use, or none.
    mutating func loaded(placeCount: Int) {
        self.placeCount = placeCount
        tooFew = nil
    }

    /// Notes that contents were put on the map.
    mutating func placed(_ count: Int) { placeCount += count }

    /// Whether a map is to be learnt now; who is told so has to do it.
    ///
    /// - Parameters:
    ///   - isComplete: Whether all that is on disk has been read.
    ///   - map: The map in use.
    ///   - isWanted: Whether somebody asks for it.
    mutating func isDue(fileCount: Int, isComplete: Bool, generation: Int64, map: MapRecord?, isWanted: Bool) -> Bool {
        guard let map else {
            // Copies and silent files are no sounds: it may turn out that there are too few.
            let before = tooFew ?? 0
            let wanted = isComplete ? before + max(1, before / 10) : max(Self.early, 2 * before)
            guard fileCount >= wanted || isWanted else { return false }
            tooFew = fileCount
            return true
        }
        if isWanted || map.model != generation { return true }
        return Double(placeCount) >= (isComplete ? Self.growth : Self.leap) * Double(map.soundCount)
    }
}

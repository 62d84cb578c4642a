import CTimbreKernels

/// What is heard all the time in a sound: of each band the level that two fifths of the frames around are below.
///
/// Levels slide through a histogram a band, so that each frame is counted once in and once out: O(*n*) in the number of
/// frames, whatever the width of the window.
struct Background {
    /// The levels at every 16th frame from ``first`` on, shape `[*, 100]`; the last one is behind the last frame.
    private let grid: [Int16]
    /// The frame of the first of them.
    private let first: Int

    /// - Parameters:
    ///   - levels: Those of the frames that ``framesNeeded(for:of:)`` names, or more.
    ///   - frames: Where the background is wanted; everywhere, without.
    init(of levels: QuarterLevels, at frames: Range<Int>? = nil) {
        let places = Self.places(for: frames ?? 0..<levels.count)
        var window = Window(levels)
        first = places.lowerBound
        grid = stride(from: places.lowerBound, to: places.upperBound, by: EventDefinition.backgroundStep).flatMap {
            window.slide(around: $0)
            return window.quantiles
        }
    }

    /// The frames of a sound of `count` frames that decide what the background of some of them is.
    static func framesNeeded(for frames: Range<Int>, of count: Int) -> Range<Int> {
        let places = places(for: frames)
        let first = Window.frames(around: places.lowerBound, of: count).lowerBound
        let last = Window.frames(around: places.upperBound - 1, of: count).upperBound
        return first..<max(last, frames.upperBound)
    }

    /// From the 16th frame before to that behind.
    private static func places(for frames: Range<Int>) -> Range<Int> {
        let step = EventDefinition.backgroundStep
        let last = max(frames.lowerBound, frames.upperBound - 1)
        return frames.lowerBound / step * step..<(last / step + 1) * step + 1
    }

    /// How far some levels are above the background, nowhere below 0, shape `[frames.count, 100]`.
    ///
    /// - Parameter levels: Of these frames.
    func excess(of levels: [Int16], at frames: Range<Int>) -> [Int16] {
        let bands = QuarterLevels.bandCount
        precondition(levels.count == frames.count * bands)
        return unsafe [Int16](unsafeUninitializedCapacity: levels.count) { room, used in
            unsafe grid.withUnsafeBufferPointer { grid in
                unsafe levels.withUnsafeBufferPointer { levels in
                    guard let grid = grid.baseAddress, let levels = levels.baseAddress, let room = room.baseAddress
                    else { return }
                    for (row, frame) in frames.enumerated() {
                        let (place, step) = (frame - first).quotientAndRemainder(
                            dividingBy: EventDefinition.backgroundStep)
                        let now = unsafe grid + place * bands
                        unsafe timbre_excess(
                            levels + row * bands, now, now + bands, Int32(step),
                            Int32(EventDefinition.backgroundLift), Int32(EventDefinition.lowestBackground),
                            room + row * bands)
                    }
                    used = frames.count * bands
                }
            }
        }
    }

    /// The background of one frame, shape `[100]`.
    func levels(at frame: Int) -> [Int16] {
        let bands = QuarterLevels.bandCount
        let (place, step) = (frame - first).quotientAndRemainder(dividingBy: EventDefinition.backgroundStep)
        return (0..<bands).map { band in
            let now = Int(grid[place * bands + band])
            let next = Int(grid[(place + 1) * bands + band])
            let level = (now * (EventDefinition.backgroundStep - step) + next * step + 8) >> 4
            return Int16(max(level + EventDefinition.backgroundLift, EventDefinition.lowestBackground))
        }
    }
}

/// The histograms of the levels of all bands in a stretch of frames that only moves forward.
private struct Window {
    private let levels: QuarterLevels
    private var frames = 0..<0
    private var counts: [UInt16]
    /// Of each band the index of the level that is sought, and how many levels are below it.
    private var at = [UInt16](repeating: 0, count: QuarterLevels.bandCount)
    private var below = [UInt16](repeating: 0, count: QuarterLevels.bandCount)

    init(_ levels: QuarterLevels) {
        self.levels = levels
        counts = [UInt16](repeating: 0, count: QuarterLevels.bandCount * Int(TIMBRE_LEVEL_COUNT))
    }

    /// The frames around one; at both ends of a sound of `count` frames those that there are.
    static func frames(around frame: Int, of count: Int) -> Range<Int> {
        let reach = EventDefinition.backgroundReach
        return min(max(0, frame - reach), max(0, count - reach))..<min(count, max(1, frame + reach))
    }

    /// Moves to the frames around one.
    mutating func slide(around frame: Int) {
        let next = Self.frames(around: frame, of: levels.count)
        if frames.isEmpty, !next.isEmpty {
            frames = next.lowerBound..<next.lowerBound
            // What is sought is nearer to some level that occurs than to the lowest there is.
            at = levels.levels(of: next.lowerBound..<next.lowerBound + 1).map { UInt16($0 - QuarterLevels.lowest) }
        }
        count(frames.upperBound..<next.upperBound, by: 1)
        count(frames.lowerBound..<next.lowerBound, by: -1)
        frames = next
    }

    /// Of each band the level that ``EventDefinition/backgroundRank(of:)`` frames are below.
    var quantiles: [Int16] {
        mutating get {
            guard !frames.isEmpty else {
                return [Int16](repeating: QuarterLevels.lowest, count: QuarterLevels.bandCount)
            }
            unsafe timbre_find_ranks(EventDefinition.backgroundRank(of: frames.count), counts, &at, &below)
            return at.map { Int16($0) + QuarterLevels.lowest }
        }
    }

    private mutating func count(_ frames: Range<Int>, by step: Int) {
        guard !frames.isEmpty else { return }
        unsafe timbre_slide_levels(levels.levels(of: frames), frames.count, Int32(step), &counts, at, &below)
    }
}

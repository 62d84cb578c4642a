import ContentHash
import SoundFeatures
import TimbreCodes

/// Frames of many sounds, decoded, for training and for measuring: shape `[count, 13]`.
///
/// The components lie in memory as numbers of 32 bits or, where there are many of stored frames, of the 16 that these have.
package struct FrameSample: Sendable {
    /// The unit vectors, row by row, in [-1, 1], times ``FeatureFrames/unitScale``; nil where they are not kept so.
    private var stored: [Int16]?
    /// The unit vectors, row by row, in [-1, 1]; empty where they are kept as they are stored.
    private var exact: [Float] = []

    package init() {}

    /// Makes room for a number of stored frames, 26 bytes each.
    package init(storing count: Int) {
        var room: [Int16] = []
        room.reserveCapacity(count * TimbreModel.dimension)
        stored = room
    }

    /// Takes unit vectors as they are, shape `[count, 13]`.
    package init(values: [Float]) {
        precondition(values.count % TimbreModel.dimension == 0)
        exact = values
    }

    /// How many frames there are.
    package var count: Int { (stored?.count ?? exact.count) / TimbreModel.dimension }

    /// The unit vectors, row by row, in [-1, 1].
    package var values: [Float] { stored.map { $0.map(Self.value(of:)) } ?? exact }

    package mutating func reserveCapacity(_ frames: Int) {
        if stored == nil { exact.reserveCapacity(frames * TimbreModel.dimension) }
        stored?.reserveCapacity(frames * TimbreModel.dimension)
    }

    /// Passes on the unit vectors of some frames, shape `[frames.count, 13]`; they are there for the time of the call.
    func withValues<Result>(of frames: Range<Int>, _ body: (UnsafeBufferPointer<Float>) -> Result) -> Result {
        let places = frames.lowerBound * TimbreModel.dimension..<frames.upperBound * TimbreModel.dimension
        guard let stored else {
            return unsafe exact.withUnsafeBufferPointer { unsafe body(UnsafeBufferPointer(rebasing: $0[places])) }
        }
        return unsafe withUnsafeTemporaryAllocation(of: Float.self, capacity: places.count) { room in
            unsafe stored.withUnsafeBufferPointer { stored in
                for place in 0..<places.count {
                    unsafe room[place] = Self.value(of: stored[places.lowerBound + place])
                }
            }
            return unsafe body(UnsafeBufferPointer(room))
        }
    }

    private static func value(of component: Int16) -> Float { Float(component) / FeatureFrames.unitScale }

    /// Adds all frames of a sound that are not silent.
    ///
    /// - Parameter cepstra: The frames in the form of ``FeatureFrames/cepstra``.
    package mutating func append(_ cepstra: [UInt8]) {
        for frame in 0..<cepstra.count / FeatureFrames.cepstrumStride where !Self.isSilent(frame, in: cepstra) {
            append(frame, of: cepstra)
        }
    }

    /// Adds some frames of a sound.
    ///
    /// - Parameters:
    ///   - cepstra: The frames in the form of ``FeatureFrames/cepstra``.
    ///   - chosen: Which to add, ascending; the silent ones are not counted.
    package mutating func append(_ cepstra: [UInt8], choosing chosen: [Int]) {
        var wanted = chosen.makeIterator()
        var next = wanted.next()
        var heard = 0
        for frame in 0..<cepstra.count / FeatureFrames.cepstrumStride where !Self.isSilent(frame, in: cepstra) {
            guard let index = next else { return }
            if index == heard {
                append(frame, of: cepstra)
                next = wanted.next()
            }
            heard += 1
        }
    }

    private mutating func append(_ frame: Int, of cepstra: [UInt8]) {
        let start = frame * FeatureFrames.cepstrumStride
        let isStored = stored != nil
        for component in 0..<TimbreModel.dimension {
            let place = start + 2 * component
            let number = Int16(bitPattern: UInt16(cepstra[place]) | UInt16(cepstra[place + 1]) << 8)
            if isStored { stored?.append(number) } else { exact.append(Self.value(of: number)) }
        }
    }

    /// Whether a frame is silent: its norm, the last four bytes, is 0.
    static func isSilent(_ frame: Int, in cepstra: [UInt8]) -> Bool {
        let end = (frame + 1) * FeatureFrames.cepstrumStride
        return cepstra[end - 4] | cepstra[end - 3] | cepstra[end - 2] | cepstra[end - 1] == 0
    }

    /// How many frames of a sound are not silent.
    package static func soundingFrames(in cepstra: [UInt8]) -> Int {
        (0..<cepstra.count / FeatureFrames.cepstrumStride).count { !isSilent($0, in: cepstra) }
    }

    /// The components of a frame.
    func frame(_ index: Int) -> [Float] {
        unsafe withValues(of: index..<index + 1) { unsafe Array($0) }
    }

    /// How many different frames there are, counted no further than to a limit.
    func distinctFrames(upTo limit: Int) -> Int {
        var seen: Set<[Float]> = []
        for index in 0..<count where seen.count < limit { seen.insert(frame(index)) }
        return seen.count
    }
}

/// Decides which frames of a library a model is trained on.
///
/// Every content gets the same quota, or all its frames if it has fewer, so that long sounds do not drown short ones.
/// What is chosen depends on the seed and the contents, not on when they came.
package struct FrameSampler: Sendable {
    /// What the random choices start from.
    package var seed: UInt64
    /// How many frames to take at most.
    package var limit: Int

    package init(seed: UInt64, limit: Int = 1_000_000) {
        self.seed = seed
        self.limit = limit
    }

    /// The largest number of frames for each content with which all together stay within the limit; at least 1, so that a
    /// library of more contents than that gives a frame of each.
    ///
    /// - Parameter counts: How many frames that are not silent each content has.
    /// - Complexity: O(*n* log *n*).
    package func quota(for counts: [Int]) -> Int {
        let ascending = counts.sorted()
        var left = limit
        for (place, count) in ascending.enumerated() {
            let waiting = ascending.count - place
            if count * waiting > left { return max(1, left / waiting) }
            left -= count
        }
        return max(1, ascending.last ?? 1)
    }

    /// Chooses frames of one content, each set of frames as likely as any other.
    ///
    /// What is trained on the chosen frames depends on the order of the contents: take them sorted.
    ///
    /// Source: R. Floyd in J. Bentley, "Programming pearls: a sample of brilliance", *Comm. ACM* 30 (1987), p. 754.
    ///
    /// - Parameters:
    ///   - count: How many frames of the content are not silent.
    ///   - quota: How many to choose at most.
    /// - Returns: Numbers in 0..<count, ascending.
    package func frames(of content: ContentHash, count: Int, quota: Int) -> [Int] {
        guard quota < count else { return Array(0..<count) }
        var generator = SeededGenerator(seed: seed, salt: content.bytes)
        var chosen: Set<Int> = []
        for last in count - quota..<count where !chosen.insert(generator.index(below: last + 1)).inserted {
            chosen.insert(last)
        }
        return chosen.sorted()
    }
}

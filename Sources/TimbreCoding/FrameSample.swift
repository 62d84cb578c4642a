import TimbreExtraction

/// Frames of many sounds, decoded, for training and for measuring: shape `[count, 13]`.
package struct FrameSample: Sendable {
    /// The unit vectors, row by row, in [-1, 1].
    package private(set) var values: [Float] = []

    package init() {}

    /// Takes unit vectors as they are, shape `[count, 13]`.
    package init(values: [Float]) {
        precondition(values.count % TimbreModel.dimension == 0)
        self.values = values
    }

    /// How many frames there are.
    package var count: Int { values.count / TimbreModel.dimension }

    package mutating func reserveCapacity(_ frames: Int) {
        values.reserveCapacity(frames * TimbreModel.dimension)
    }

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
        for component in 0..<TimbreModel.dimension {
            let place = start + 2 * component
            let stored = Int16(bitPattern: UInt16(cepstra[place]) | UInt16(cepstra[place + 1]) << 8)
            values.append(Float(stored) / FeatureFrames.unitScale)
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
        Array(values[index * TimbreModel.dimension..<(index + 1) * TimbreModel.dimension])
    }

    /// How many different frames there are, counted no further than to a limit.
    func distinctFrames(upTo limit: Int) -> Int {
        var seen: Set<[Float]> = []
        for index in 0..<count where seen.count < limit { seen.insert(frame(index)) }
        return seen.count
    }
}

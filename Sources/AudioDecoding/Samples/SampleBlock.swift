import SoundFeatures

/// Frames as a decoder gives them, on their way to bytes.
struct SampleBlock {
    let format: SampleFormat
    /// Frames that there is room for.
    let length: Int
    /// One of these has room, by the kind of samples that the format has.
    private(set) var integers: [Int32] = []
    private(set) var floats: [Float] = []
    private(set) var doubles: [Double] = []

    init(_ format: SampleFormat, length: Int) {
        self.format = format
        self.length = length
        let count = length * format.channelCount
        switch format.encoding {
        case .int16, .int24, .int32: integers = Array(repeating: 0, count: count)
        case .float32: floats = Array(repeating: 0, count: count)
        case .float64: doubles = Array(repeating: 0, count: count)
        }
    }

    /// Lets a decoder fill the samples of its kind, integers scaled to 32 bits; NaN and infinity become 0.
    ///
    /// - Returns: What `read` returns: how many frames it gave.
    mutating func fill(
        integers readIntegers: (inout [Int32]) -> Int, floats readFloats: (inout [Float]) -> Int,
        doubles readDoubles: (inout [Double]) -> Int
    ) -> Int {
        switch format.encoding {
        case .int16, .int24, .int32: return readIntegers(&integers)
        case .float32: return readFloats(&floats)
        case .float64:
            let frames = readDoubles(&doubles)
            for index in 0..<frames * format.channelCount where !doubles[index].isFinite { doubles[index] = 0 }
            return frames
        }
    }

    /// Appends the first frames in the format.
    func append(_ frames: Int, to bytes: inout [UInt8]) {
        let count = frames * format.channelCount
        bytes.reserveCapacity(bytes.count + frames * format.frameSize)
        switch format.encoding {
        // The upper bits: decoders put those that a sample has there.
        case .int16: for index in 0..<count { Self.put(integers[index] >> 16, 2, &bytes) }
        case .int24: for index in 0..<count { Self.put(integers[index] >> 8, 3, &bytes) }
        case .int32: for index in 0..<count { Self.put(integers[index], 4, &bytes) }
        case .float32: for index in 0..<count { Self.put(floats[index].bitPattern, 4, &bytes) }
        case .float64: for index in 0..<count { Self.put(doubles[index].bitPattern, 8, &bytes) }
        }
    }

    /// Adds the first frames to an outline.
    func give(_ frames: Int, to maker: inout OutlineMaker) {
        let count = frames * format.channelCount
        switch format.encoding {
        case .int16, .int24, .int32: maker.take(integers.prefix(count))
        case .float32: maker.take(floats.prefix(count))
        case .float64: maker.take(doubles.prefix(count))
        }
    }

    private static func put(_ number: some FixedWidthInteger, _ size: Int, _ bytes: inout [UInt8]) {
        for place in 0..<size { bytes.append(UInt8(truncatingIfNeeded: number >> (8 * place))) }
    }
}

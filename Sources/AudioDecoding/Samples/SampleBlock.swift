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
    mutating func fill<Failure: Error>(
        integers readIntegers: (inout [Int32]) throws(Failure) -> Int,
        floats readFloats: (inout [Float]) throws(Failure) -> Int,
        doubles readDoubles: (inout [Double]) throws(Failure) -> Int
    ) throws(Failure) -> Int {
        switch format.encoding {
        case .int16, .int24, .int32: return try readIntegers(&integers)
        case .float32: return try readFloats(&floats)
        case .float64:
            let frames = try readDoubles(&doubles)
            for index in 0..<frames * format.channelCount where !doubles[index].isFinite { doubles[index] = 0 }
            return frames
        }
    }

    /// Appends the first frames in the format.
    func append(_ frames: Int, to bytes: inout [UInt8]) {
        let count = frames * format.channelCount
        switch format.encoding {
        // The upper bits: decoders put those that a sample has there.
        case .int16: Self.append(count, to: &bytes) { UInt16(truncatingIfNeeded: integers[$0] >> 16) }
        case .int24:
            bytes.reserveCapacity(bytes.count + 3 * count)
            for sample in integers.prefix(count) {
                bytes.append(UInt8(truncatingIfNeeded: sample >> 8))
                bytes.append(UInt8(truncatingIfNeeded: sample >> 16))
                bytes.append(UInt8(truncatingIfNeeded: sample >> 24))
            }
        case .int32: Self.append(count, to: &bytes) { UInt32(bitPattern: integers[$0]) }
        case .float32: Self.append(count, to: &bytes) { floats[$0].bitPattern }
        case .float64: Self.append(count, to: &bytes) { doubles[$0].bitPattern }
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

    /// Appends so many numbers, little-endian.
    private static func append<Number: FixedWidthInteger>(
        _ count: Int, to bytes: inout [UInt8], _ number: (Int) -> Number
    ) {
        let (start, size) = (bytes.count, MemoryLayout<Number>.size)
        bytes.append(contentsOf: repeatElement(0, count: count * size))
        unsafe bytes.withUnsafeMutableBytes { room in
            for index in 0..<count {
                unsafe room.storeBytes(
                    of: number(index).littleEndian, toByteOffset: start + index * size, as: Number.self)
            }
        }
    }
}

/// What samples are like that are passed on as they are: little-endian, of all channels in turn, as WAV files have them.
package struct SampleFormat: Hashable, Sendable {
    /// How a sample is written.
    package enum Encoding: UInt8, Sendable {
        case int16 = 1
        case int24, int32, float32, float64

        /// Bytes in a sample.
        package var size: Int {
            switch self {
            case .int16: 2
            case .int24: 3
            case .int32, .float32: 4
            case .float64: 8
            }
        }

        /// Whether samples are numbers with a point, full scale being 1, and not integers.
        package var isFloat: Bool { self == .float32 || self == .float64 }
    }

    /// Frames per second, in hertz.
    package var sampleRate: Int
    /// Samples in each frame.
    package var channelCount: Int
    package var encoding: Encoding

    package init(sampleRate: Int, channelCount: Int, encoding: Encoding) {
        self.sampleRate = sampleRate
        self.channelCount = channelCount
        self.encoding = encoding
    }

    /// Bytes in a frame.
    package var frameSize: Int { channelCount * encoding.size }

    /// The frame that is nearest to a moment, in seconds.
    package func frame(at seconds: Double) -> Int { Int(min(max(seconds, 0) * Double(sampleRate), 0x1p62).rounded()) }
}

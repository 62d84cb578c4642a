/// What is known of a file's sound in few bits, and whether the file is away: 8 bytes.
struct SoundFacts: Hashable, Sendable {
    private static let sampleBits = 47
    private static let mostSamples: UInt64 = 1 << sampleBits - 1

    /// Whether the folder that holds the file is away, then 16 bits for channels, then 47 for samples.
    private var bits: UInt64

    /// More than 65 535 channels are so many, and more than 2⁴⁷ − 1 samples, which take 200 years, are so many.
    init(channelCount: Int, sampleCount: Int, isOffline: Bool) {
        bits = UInt64(UInt16(clamping: channelCount)) << Self.sampleBits
        bits |= min(UInt64(max(0, sampleCount)), Self.mostSamples)
        self.isOffline = isOffline
    }

    /// Channels in the file.
    var channelCount: Int { Int(UInt16(truncatingIfNeeded: bits >> Self.sampleBits)) }

    /// Samples of the sound at 22 050 Hz.
    var sampleCount: Int { Int(bits & Self.mostSamples) }

    /// Whether the folder that holds the file is away.
    var isOffline: Bool {
        get { bits >> 63 == 1 }
        set { bits = bits & (1 << 63 - 1) | (newValue ? 1 << 63 : 0) }
    }
}

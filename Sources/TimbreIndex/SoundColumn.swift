import TimbreCodes

/// What is known of a file's sound in few bits, and whether the file is away: 8 bytes.
struct SoundFacts: Hashable, Sendable, BitwiseCopyable {
    private static let sampleBits = 47
    private static let mostSamples: UInt64 = 1 << sampleBits - 1

    /// Whether the folder that holds the file is away, then 16 bits for channels, then 47 for samples.
    private var bits: UInt64

    /// More than 65 535 channels count as 65 535, and more than 2⁴⁷ − 1 samples, which last 200 years, as 2⁴⁷ − 1.
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

/// Of each file how long its sound is, and its facts: 5 bytes.
///
/// A sound of one of 15 usual rates is kept as that rate and its frames, from which its duration and its samples at
/// 22 050 Hz are computed. Sounds for which that does not give back exactly what was put in are exceptions, and take
/// 24 bytes more.
struct SoundColumn: Sendable {
    /// A sound that does not follow from its frames, or has more than 127 channels.
    private struct Exception {
        var row: UInt32
        var duration: Double
        var facts: SoundFacts
    }

    private static let rates: [Double] = [
        44_100, 48_000, 96_000, 22_050, 32_000, 16_000, 24_000, 11_025, 8_000, 88_200, 192_000, 12_000, 176_400, 64_000,
        384_000,
    ]
    private static let frameBits: UInt32 = 28
    private static let mostFrames: UInt32 = 1 << frameBits - 1

    /// Which rate, in 4 bits, and how many frames; all bits are set where there is an exception.
    private var lengths: [UInt32] = []
    /// Whether the file is away, in the first bit, then its channels.
    private var traits: [UInt8] = []
    /// Ascending by row.
    private var exceptions: [Exception] = []

    init() {}

    /// - Precondition: There are as many facts as durations.
    init(durations: [Double], facts: [SoundFacts]) {
        precondition(durations.count == facts.count)
        lengths.reserveCapacity(durations.count)
        traits.reserveCapacity(durations.count)
        for (duration, facts) in zip(durations, facts) { append(duration: duration, facts) }
    }

    var count: Int { lengths.count }

    mutating func append(duration: Double, _ facts: SoundFacts) {
        let (offline, channels) = (facts.isOffline ? 128 : 0 as UInt8, facts.channelCount)
        if channels < 128, let length = length(duration, sampleCount: facts.sampleCount) {
            lengths.append(length)
            traits.append(offline | UInt8(channels))
        } else {
            exceptions.append(Exception(row: UInt32(count), duration: duration, facts: facts))
            lengths.append(.max)
            traits.append(offline)
        }
    }

    /// The rate and the frames from which both follow; nil if there are none.
    private func length(_ duration: Double, sampleCount: Int) -> UInt32? {
        // Most files have the rate of the one before.
        let likely = Int((lengths.last ?? 0) >> Self.frameBits)
        if likely < Self.rates.count, let length = Self.length(duration, sampleCount, likely) { return length }
        for rate in Self.rates.indices where rate != likely {
            if let length = Self.length(duration, sampleCount, rate) { return length }
        }
        return nil
    }

    private static func length(_ duration: Double, _ sampleCount: Int, _ rate: Int) -> UInt32? {
        let frames = (duration * rates[rate]).rounded()
        guard frames >= 0, frames <= Double(mostFrames) else { return nil }
        let length = UInt32(rate) << frameBits | UInt32(frames)
        return Self.duration(length).bitPattern == duration.bitPattern && Self.sampleCount(length) == sampleCount
            ? length : nil
    }

    private static func duration(_ length: UInt32) -> Double {
        Double(length & mostFrames) / rates[Int(length >> frameBits)]
    }

    /// As many as the conversion to 22 050 Hz gives.
    private static func sampleCount(_ length: UInt32) -> Int {
        let rate = Int(rates[Int(length >> frameBits)])
        return (Int(length & mostFrames) * Int(SpanPooling.sampleRate) + rate - 1) / rate
    }

    /// Whether the folder that holds the file is away.
    func isOffline(_ row: Int) -> Bool { traits[row] & 128 != 0 }

    mutating func setOffline(_ isOffline: Bool, _ row: Int) {
        traits[row] = traits[row] & 127 | (isOffline ? 128 : 0)
    }

    /// The length of the sound, in seconds.
    func duration(_ row: Int) -> Double {
        let length = lengths[row]
        return length == .max ? exception(row).duration : Self.duration(length)
    }

    /// Channels in the file.
    func channelCount(_ row: Int) -> Int {
        lengths[row] == .max ? exception(row).facts.channelCount : Int(traits[row] & 127)
    }

    /// Samples of the sound at 22 050 Hz.
    func sampleCount(_ row: Int) -> Int {
        let length = lengths[row]
        return length == .max ? exception(row).facts.sampleCount : Self.sampleCount(length)
    }

    func facts(_ row: Int) -> SoundFacts {
        SoundFacts(channelCount: channelCount(row), sampleCount: sampleCount(row), isOffline: isOffline(row))
    }

    private func exception(_ row: Int) -> Exception {
        exceptions[exceptions.partitioningIndex { $0.row >= row }]
    }

    /// Keeps the first files, and drops the others.
    mutating func truncate(to newCount: Int) {
        lengths.removeLast(count - newCount)
        traits.removeLast(traits.count - newCount)
        while let last = exceptions.last, last.row >= newCount { exceptions.removeLast() }
    }

    /// Bytes that the files' facts take.
    var byteCount: Int { lengths.byteCount + traits.byteCount + exceptions.byteCount }

    /// Gives back memory that was kept for more files.
    mutating func trim() {
        lengths.trim()
        traits.trim()
        exceptions.trim()
    }
}

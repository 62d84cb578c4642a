import SystemPackage
import TimbreExtraction

/// A file's sound, as mono samples at 22 050 Hz, block by block and in constant memory.
///
/// Channels are averaged (D2 of the timbre code's definition), unless that would leave nothing: see ``ChannelChoice``.
package struct MonoSound: ~Copyable {
    private var sound: SoundFile
    private let choice: ChannelChoice
    private let longest: Double
    private var resampler: Resampler
    /// A block as decoded, interleaved, its frames' count, and as mono.
    private var block: [Float]
    private var blockFrames: Int
    private var mono: [Float] = []

    private var frameCount = 0
    private var sampleCount = 0
    private var numbers: Int
    private var hasEnded = false

    /// Room for a block of so many channels: some thousand frames, fewer if they are many.
    private static func block(_ channelCount: Int) -> [Float] {
        Array(repeating: 0, count: channelCount * max(1, min(8192, 32_768 / channelCount)))
    }

    /// Opens a file and decides what becomes of its channels.
    ///
    /// - Parameters:
    ///   - file: Open for reading, and kept open by the caller for as long as the value lives.
    ///   - longest: Longer sounds are refused, in seconds.
    ///   - taps: Gives the resampler's table for a rate.
    /// - Throws: ``ExtractionFailure``, also for a sound that is empty or too long.
    package init(
        _ file: FileDescriptor, longest: Double, taps: (Int) -> ResamplerTaps = ResamplerTaps.init(from:)
    ) throws(ExtractionFailure) {
        var sound = try SoundFile(file)
        if let promised = sound.promisedFrameCount { try Self.check(promised, sound.sampleRate, longest) }
        var block = Self.block(sound.channelCount)
        var numbers = 0
        let frames = try sound.read(into: &block, numbers: &numbers)
        guard frames > 0 else { throw sound.complaint ?? ExtractionFailure(.empty, "no samples") }
        var scan = ChannelScan(channelCount: sound.channelCount)
        scan.take(block, frames: frames)
        // Quiet so far: the channels may cancel. The rest must be heard before the first sample can be told.
        if !scan.isDecided { scan = try Self.hearOut(file, longest: longest) }
        choice = scan.choice
        resampler = Resampler(taps(sound.sampleRate))
        self.block = block
        blockFrames = frames
        self.numbers = numbers
        self.longest = longest
        self.sound = sound
    }

    /// Listens to a file from its start for as long as it is undecided what to do with its channels.
    private static func hearOut(_ file: FileDescriptor, longest: Double) throws(ExtractionFailure) -> ChannelScan {
        // Seeking back is not to be relied upon in damaged files; opening again is.
        var sound = try SoundFile(file)
        var scan = ChannelScan(channelCount: sound.channelCount)
        var block = block(sound.channelCount)
        var (frames, numbers) = (0, 0)
        while !scan.isDecided {
            let count = try sound.read(into: &block, numbers: &numbers)
            guard count > 0 else { break }
            frames += count
            try check(frames, sound.sampleRate, longest)
            scan.take(block, frames: count)
        }
        return scan
    }

    private static func check(_ frames: Int, _ rate: Int, _ longest: Double) throws(ExtractionFailure) {
        guard Double(frames) > longest * Double(rate) else { return }
        let seconds = Int((Double(frames) / Double(rate)).rounded(.up))
        throw ExtractionFailure(.outOfLimits, "\(seconds) s or longer, and the limit is \(max(0, longest)) s")
    }

    /// Reads the next samples at 22 050 Hz, some thousand at a time.
    ///
    /// - Parameter samples: Receives them in place of what it held.
    /// - Returns: Whether there were any.
    /// - Throws: ``ExtractionFailure`` if the disk fails, the sound turns out to be too long, or none of its samples was
    ///   a number.
    package mutating func read(into samples: inout [Float]) throws(ExtractionFailure) -> Bool {
        samples.removeAll(keepingCapacity: true)
        while samples.isEmpty {
            guard !hasEnded else { return false }
            if blockFrames > 0 {
                frameCount += blockFrames
                try Self.check(frameCount, sound.sampleRate, longest)
                if sound.channelCount == 1 {
                    resampler.process(block, count: blockFrames, into: &samples)
                } else {
                    choice.mix(block, frames: blockFrames, channelCount: sound.channelCount, into: &mono)
                    resampler.process(mono, into: &samples)
                }
                blockFrames = try sound.read(into: &block, numbers: &numbers)
            } else {
                hasEnded = true
                guard numbers > 0 else { throw ExtractionFailure(.empty, "no sample that is a number") }
                resampler.finish(into: &samples)
            }
        }
        sampleCount += samples.count
        return true
    }

    /// The size of the numbers in whose rounding the last samples' error lies; 0 if they are exact.
    package var inputPeak: Float { resampler.inputPeak }

    /// The same for so many samples, of those that ``recompute(from:into:)`` can compute.
    package func inputPeak(from first: Int, count: Int) -> Float { resampler.inputPeak(from: first, count: count) }

    /// Samples once more, in double precision: those that the last call of ``read(into:)`` gave, or up to 1024 before
    /// them; zeros behind the end.
    ///
    /// - Parameter first: The place in the whole sound of the first one.
    package func recompute(from first: Int, into samples: inout [Double]) {
        resampler.recompute(from: first, into: &samples)
    }

    /// What the file says of the sound and what was found; complete once ``read(into:)`` has returned false.
    package var info: SoundInfo {
        let isShort = hasEnded && frameCount < sound.leastFrameCount
        return SoundInfo(
            sampleRate: sound.sampleRate, channelCount: sound.channelCount, frameCount: frameCount,
            sampleCount: sampleCount, format: sound.format, isIncomplete: sound.isCutShort || isShort)
    }
}

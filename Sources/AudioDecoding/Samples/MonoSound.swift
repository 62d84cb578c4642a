import SoundFeatures
import SystemPackage

/// A file's sound, as mono samples at 22 050 Hz, block by block and in constant memory.
///
/// Channels are averaged (D2 of the timbre code's definition), unless that would leave nothing: see ``ChannelChoice``.
package struct MonoSound: ~Copyable {
    private var chain: SoundChain
    private let choice: ChannelChoice
    /// Frames per second and channels of the first of the file's sounds.
    private let sampleRate: Int
    private let channelCount: Int
    private let format: String
    private let longest: Double
    private var resampler: Resampler
    /// A block as decoded, interleaved, its frames' count, and as mono.
    private var block: [Float]
    private var blockFrames: Int
    private var mono: [Float] = []

    /// Whether the file's sounds are of several rates: then samples are not made a second time.
    private var hasOtherRates = false
    /// Frames of the sounds before the one that is open, at the first one's rate.
    private var framesBefore = 0
    private var sampleCount = 0
    private var numbers: Int
    private var hasEnded = false

    /// Room for a block of some thousand frames, fewer if there are many channels.
    private static func block(_ channelCount: Int) -> [Float] {
        Array(repeating: 0, count: channelCount * max(1, min(8192, 32_768 / channelCount)))
    }

    /// Opens a file and decides what becomes of its channels.
    ///
    /// - Parameters:
    ///   - file: Open for reading, and kept open by the caller for as long as the value lives.
    ///   - suffix: The extension of its name, in lower case and without a dot; empty if unknown.
    ///   - longest: Longer sounds are refused, in seconds.
    ///   - taps: Gives the resampler's table for a rate.
    /// - Throws: ``ExtractionFailure``, also for a sound that is empty or too long.
    package init(
        _ file: some SoundInput, suffix: String = "", longest: Double,
        taps: (Int) -> ResamplerTaps = ResamplerTaps.init(from:)
    ) throws(ExtractionFailure) {
        var chain = try SoundChain(file, suffix: suffix)
        if let expected = chain.sound.expectedFrameCount { try Self.check(expected, chain.sound.sampleRate, longest) }
        var block = Self.block(chain.sound.channelCount)
        var numbers = 0
        var frames = try chain.read(into: &block, numbers: &numbers)
        let complaint = chain.sound.complaint
        while frames == 0, chain.advance() {
            block = Self.block(chain.sound.channelCount)
            frames = try chain.read(into: &block, numbers: &numbers)
        }
        guard frames > 0 else { throw complaint ?? ExtractionFailure(.empty, "no samples") }
        let channelCount = chain.sound.channelCount
        var scan = ChannelScan(channelCount: channelCount)
        scan.take(block, frames: frames)
        // Quiet so far: the channels may cancel. The rest must be heard before the first sample can be told.
        if !scan.isDecided { scan = try Self.hearOut(file, suffix, channelCount, longest: longest) }
        choice = scan.choice
        self.channelCount = channelCount
        (sampleRate, format) = (chain.sound.sampleRate, chain.sound.format)
        resampler = Resampler(taps(sampleRate))
        self.block = block
        blockFrames = frames
        self.numbers = numbers
        self.longest = longest
        self.chain = chain
    }

    /// Listens to a file from its start for as long as it is undecided what to do with its channels.
    private static func hearOut(
        _ file: some SoundInput, _ suffix: String, _ channelCount: Int, longest: Double
    ) throws(ExtractionFailure) -> ChannelScan {
        // Seeking back is not to be relied upon in damaged files; opening again is.
        var chain = try SoundChain(file, suffix: suffix)
        var scan = ChannelScan(channelCount: channelCount)
        var (seconds, numbers) = (0.0, 0)
        repeat {
            var block = block(chain.sound.channelCount)
            while !scan.isDecided {
                let count = try chain.read(into: &block, numbers: &numbers)
                guard count > 0 else { break }
                seconds += Double(count) / Double(chain.sound.sampleRate)
                try check(Int(seconds * 1000), 1000, longest)
                if chain.sound.channelCount == channelCount { scan.take(block, frames: count) }
            }
        } while !scan.isDecided && chain.advance()
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
                try Self.check(frameCount, sampleRate, longest)
                convertBlock(into: &samples)
                blockFrames = try chain.read(into: &block, numbers: &numbers)
            } else if next(into: &samples) {
                blockFrames = try chain.read(into: &block, numbers: &numbers)
            } else {
                hasEnded = true
                guard numbers > 0 else { throw ExtractionFailure(.empty, "no sample that is a number") }
                resampler.finish(into: &samples)
            }
        }
        sampleCount += samples.count
        return true
    }

    /// Takes the block as mono to the resampler.
    private mutating func convertBlock(into samples: inout [Float]) {
        let channels = chain.sound.channelCount
        if channels == 1 { return resampler.process(block, count: blockFrames, into: &samples) }
        let choice = channels == channelCount ? choice : .mean
        choice.mix(block, frames: blockFrames, channelCount: channels, into: &mono)
        resampler.process(mono, into: &samples)
    }

    /// Goes on to the next of the file's sounds, with a resampler of its own where it has another rate.
    private mutating func next(into samples: inout [Float]) -> Bool {
        let frames = frameCount
        guard chain.advance() else { return false }
        framesBefore = frames
        block = Self.block(chain.sound.channelCount)
        if chain.sound.sampleRate != resampler.taps.inputRate {
            resampler.finish(into: &samples)
            resampler = Resampler(ResamplerTaps(from: chain.sound.sampleRate))
            hasOtherRates = true
        }
        return true
    }

    /// Frames that were read, at the first sound's rate.
    private var frameCount: Int {
        let frames = chain.frameCount
        guard hasOtherRates else { return framesBefore + frames }
        return framesBefore + Int((Double(frames) * Double(sampleRate) / Double(chain.sound.sampleRate)).rounded())
    }

    /// The size of the numbers in whose rounding the last samples' error lies; 0 if they are exact.
    package var inputPeak: Float { hasOtherRates ? 0 : resampler.inputPeak }

    /// The same for a range of samples, among those that ``recompute(from:into:)`` can compute.
    package func inputPeak(from first: Int, count: Int) -> Float {
        hasOtherRates ? 0 : resampler.inputPeak(from: first, count: count)
    }

    /// Samples once more, in double precision: those that the last call of ``read(into:)`` gave, or up to 1024 before
    /// them; zeros behind the end.
    ///
    /// - Parameter first: The place in the whole sound of the first one.
    package func recompute(from first: Int, into samples: inout [Double]) {
        resampler.recompute(from: first, into: &samples)
    }

    /// What the file says of the sound and what was found; complete once ``read(into:)`` has returned false.
    package var info: SoundInfo {
        SoundInfo(
            sampleRate: sampleRate, channelCount: channelCount, frameCount: frameCount, sampleCount: sampleCount,
            format: format, isIncomplete: chain.isCutShort, note: chain.note)
    }
}

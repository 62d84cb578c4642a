import AudioDecoding
import ContentHash
import Glibc
import SoundFeatures
import SystemPackage
import TimbreFeatures

extension MonoSound: FrameSource {}

/// Takes files through the whole chain, one after the other, in constant memory.
package struct Extractor: ~Copyable {
    private var stream = FrameStream()
    private var samples: [Float] = []
    /// The resampler's tables of the rates met so far: making one takes as long as a short sound.
    private var tables: [Int: ResamplerTaps] = [:]

    /// Tables kept at the most.
    private static let mostTables = 8

    /// Makes an extractor, and has the libraries beneath read what they read from files when they are first used.
    package init() { _ = ContentHasher().finish() }

    /// Hands on the features of each frame of a sound, and tells what kind of sound it was.
    ///
    /// - Parameters:
    ///   - file: Open for reading; its offset is neither used nor moved.
    ///   - suffix: The extension of its name, by which some sounds are known alone.
    ///   - longest: Longer sounds are refused, in seconds.
    ///   - skipsSilence: Whether the first frame is where the silence in front of the sound ends.
    /// - Throws: ``ExtractionFailure``, or what `body` throws.
    package mutating func extract(
        _ file: FileDescriptor, suffix: FileSuffix = .none, longest: Double, skipsSilence: Bool = false,
        _ body: (borrowing FrameFeatures) throws -> Void
    ) throws -> SoundInfo {
        // What an earlier sound left behind when it failed half-way must not get into this one.
        stream.reset()
        stream.skipsSilence = skipsSilence
        var sound = try MonoSound(file, suffix: suffix.text, longest: longest) { rate in table(for: rate) }
        while try sound.read(into: &samples) { try stream.take(samples, from: sound, body) }
        try stream.finish(from: sound, body)
        var info = sound.info
        // Of a file that is not as its headers say, a change of these alone may change what is heard.
        if info.note == nil, !info.isIncomplete { info.audio = try SoundBytes.hash(of: file) }
        return info
    }

    /// The outline of a sound, as mono at 22 050 Hz, or of a part of it.
    ///
    /// - Parameters:
    ///   - file: Open for reading; its offset is neither used nor moved.
    ///   - suffix: The extension of its name.
    ///   - longest: Longer sounds are refused, in seconds.
    ///   - part: In seconds; what comes behind it is not decoded. An outline without stretches if the sound ends before.
    /// - Throws: ``ExtractionFailure``
    /// - Complexity: O(*n*) in the samples before the end of the part; constant memory.
    package mutating func outline(
        _ file: FileDescriptor, suffix: FileSuffix = .none, longest: Double, part: Range<Double>? = nil
    ) throws(ExtractionFailure) -> SoundOutline {
        let rate = Double(FeatureFrames.sampleRate)
        let first = Int(min((part?.lowerBound ?? 0) * rate, 1e15))
        let end = part.map { Int(min(($0.upperBound * rate).rounded(.up), 1e15)) } ?? .max
        var sound = try MonoSound(file, suffix: suffix.text, longest: longest) { rate in table(for: rate) }
        var maker = OutlineMaker()
        var count = 0
        while count < end, try sound.read(into: &samples) {
            let (from, to) = (max(first - count, 0), min(end - count, samples.count))
            if from < to { maker.take(samples[from..<to]) }
            count += samples.count
        }
        let info = sound.info
        return SoundOutline(
            start: Double(first) / rate, step: Double(maker.length) / rate, sampleRate: info.sampleRate,
            channelCount: info.channelCount, lows: maker.lows, highs: maker.highs)
    }

    /// Whether a file's sound is what it was; see ``SoundInfo/audio``.
    ///
    /// - Throws: ``ExtractionFailure`` if the disk fails.
    package static func isSame(_ audio: AudioHash, in file: FileDescriptor) throws(ExtractionFailure) -> Bool {
        try SoundBytes.hash(of: file) == audio
    }

    private mutating func table(for rate: Int) -> ResamplerTaps {
        if let known = tables[rate] { return known }
        if tables.count >= Self.mostTables { tables.removeAll() }
        let made = ResamplerTaps(from: rate)
        tables[rate] = made
        return made
    }

    /// Hashes all bytes of a file.
    ///
    /// - Throws: ``ExtractionFailure`` if the disk fails.
    package static func hash(_ file: FileDescriptor) throws(ExtractionFailure) -> (content: ContentHash, size: UInt64) {
        posix_fadvise(file.rawValue, 0, 0, POSIX_FADV_SEQUENTIAL)
        var hasher = ContentHasher()
        var size: Int64 = 0
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 64)
        defer { unsafe block.deallocate() }
        while true {
            let count: Int
            do { count = try unsafe file.read(fromAbsoluteOffset: size, into: block) } catch {
                throw ExtractionFailure(.unreadable, "\(error)")
            }
            guard count > 0 else { return (hasher.finish(), UInt64(size)) }
            unsafe hasher.update(UnsafeRawBufferPointer(rebasing: block.prefix(count)))
            size += Int64(count)
        }
    }
}

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
    ///   - file: A file open for reading, or bytes in memory.
    ///   - suffix: The extension of its name, by which some sounds are known alone.
    ///   - longest: Longer sounds are refused, in seconds.
    ///   - skipsSilence: Whether the first frame is where the silence in front of the sound ends.
    /// - Throws: ``ExtractionFailure``, or what `body` throws.
    package mutating func extract(
        _ file: some SoundInput, suffix: FileSuffix = .none, longest: Double, skipsSilence: Bool = false,
        _ body: (borrowing FrameFeatures) throws -> Void
    ) throws -> SoundInfo {
        var sound = try open(file, suffix, longest: longest, skipsSilence: skipsSilence)
        while try sound.read(into: &samples) { try stream.take(samples, from: sound, body) }
        try stream.finish(from: sound, body)
        return try Self.info(of: sound, in: file)
    }

    /// Hands on the features of each frame of a sound, and collects the first ones of its other phase: those of the sound
    /// with ``FeatureFrames/phaseShift`` samples of silence in front.
    ///
    /// - Parameters:
    ///   - shifted: ``FeatureFrames/mostShifted`` at the most are added here.
    ///   - body: Gets the frames of the sound as it is.
    /// - Throws: ``ExtractionFailure``, or what `body` throws.
    package mutating func extractInTwoPhases(
        _ file: some SoundInput, suffix: FileSuffix = .none, longest: Double, shifted: inout FeatureFrames,
        _ body: (borrowing FrameFeatures) throws -> Void
    ) throws -> SoundInfo {
        var other = FrameStream()
        other.delay = FeatureFrames.phaseShift
        func add(_ frame: borrowing FrameFeatures) {
            if shifted.count < FeatureFrames.mostShifted { shifted.append(frame) }
        }
        var sound = try open(file, suffix, longest: longest, skipsSilence: false)
        while try sound.read(into: &samples) {
            try stream.take(samples, from: sound, body)
            if shifted.count < FeatureFrames.mostShifted { other.take(samples, from: sound, add) }
        }
        try stream.finish(from: sound, body)
        other.finish(from: sound, add)
        return try Self.info(of: sound, in: file)
    }

    private mutating func open(
        _ file: some SoundInput, _ suffix: FileSuffix, longest: Double, skipsSilence: Bool
    ) throws(ExtractionFailure) -> MonoSound {
        // What an earlier sound left behind when it failed half-way must not get into this one.
        stream.reset()
        stream.skipsSilence = skipsSilence
        return try MonoSound(file, suffix: suffix.text, longest: longest) { rate in table(for: rate) }
    }

    /// What was found, once all has been read.
    private static func info(
        of sound: borrowing MonoSound, in file: some SoundInput
    ) throws(ExtractionFailure) -> SoundInfo {
        var info = sound.info
        // Of a file that is not as its headers say, a change of these alone may change what is heard.
        if info.note == nil, !info.isIncomplete { info.audio = try SoundBytes.hash(of: file) }
        info.tags = try FileTags.read(file)
        return info
    }

    /// Whether a file's sound is what it was; see ``SoundInfo/audio``.
    ///
    /// - Throws: ``ExtractionFailure`` if the disk fails.
    package static func isSame(_ audio: AudioHash, in file: some SoundInput) throws(ExtractionFailure) -> Bool {
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
    package static func hash(_ file: some SoundInput) throws(ExtractionFailure) -> (content: ContentHash, size: UInt64)
    {
        if let file = file as? FileDescriptor { posix_fadvise(file.rawValue, 0, 0, POSIX_FADV_SEQUENTIAL) }
        var hasher = ContentHasher()
        var size: Int64 = 0
        let block = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 64)
        defer { unsafe block.deallocate() }
        while true {
            let count: Int
            do throws(Errno) { count = try unsafe file.read(at: size, into: block) } catch {
                throw ExtractionFailure(.unreadable, "\(error)")
            }
            guard count > 0 else { return (hasher.finish(), UInt64(size)) }
            unsafe hasher.update(UnsafeRawBufferPointer(rebasing: block.prefix(count)))
            size += Int64(count)
        }
    }
}

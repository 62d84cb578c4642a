import ContentHash
import SystemPackage

/// What a file says of its sound, and what the decoder found.
package struct SoundInfo: Hashable, Sendable {
    /// The sample rates that are decoded, in hertz.
    package static let sampleRates = 4_000...384_000

    /// Frames per second in the file, in hertz.
    package var sampleRate: Int
    /// Samples in each frame.
    package var channelCount: Int
    /// Frames that were decoded, at ``sampleRate``.
    package var frameCount: Int
    /// Samples after the conversion to mono at 22 050 Hz (N of the timbre code's definition).
    package var sampleCount: Int
    /// Container and encoding in words, such as `WAV, 16 bit PCM`.
    package var format: String
    /// Whether the header promises more than the file holds, as that of a file does which is still being written.
    package var isIncomplete: Bool
    /// What the file's headers say wrongly, or what of it cannot be heard: one line to show; nil if nothing.
    package var note: String?
    /// The hash of the bytes that were decoded, where they can be told from tags.
    package var audio: AudioHash?
    /// What the file says of itself; nil if nobody has looked for that yet.
    package var tags: SoundTags?

    package init(
        sampleRate: Int, channelCount: Int, frameCount: Int, sampleCount: Int, format: String, isIncomplete: Bool,
        note: String? = nil, audio: AudioHash? = nil, tags: SoundTags? = nil
    ) {
        self.sampleRate = sampleRate
        self.channelCount = channelCount
        self.frameCount = frameCount
        self.sampleCount = sampleCount
        self.format = format
        self.isIncomplete = isIncomplete
        self.note = note
        self.audio = audio
        self.tags = tags
    }

    /// The length of the sound, in seconds.
    package var duration: Double { Double(frameCount) / Double(sampleRate) }
}

/// The extension of a file's name, where it is one that a format could have.
package struct FileSuffix: Hashable, Sendable {
    /// Bytes in it at the most.
    package static let longest = 8
    /// No extension, or none that says anything.
    package static let none = FileSuffix([])

    /// ASCII letters and digits, letters in lower case.
    package let text: String

    /// Takes an extension from its bytes; another one than letters and digits could make counts as none.
    package init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let isPlain = text.utf8.count <= Self.longest && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        self.text = isPlain ? text.lowercased() : ""
    }

    /// Takes it from a path.
    package init(of path: FilePath) { self.init(Array((path.extension ?? "").utf8)) }
}

/// All that is learnt from one file.
package struct Extraction: Hashable, Sendable {
    package var info: SoundInfo
    package var frames: FeatureFrames
    /// The first frames in the other phase (``FeatureFrames/phaseShift``), where they were asked for.
    package var shifted: FeatureFrames?
    package var content: ContentHash
    /// Bytes in the file.
    package var size: UInt64

    package init(
        info: SoundInfo, frames: FeatureFrames, shifted: FeatureFrames? = nil, content: ContentHash, size: UInt64
    ) {
        self.info = info
        self.frames = frames
        self.shifted = shifted
        self.content = content
        self.size = size
    }
}

import ContentHash

/// The features of some frames of a sound, in the form in which they are sent, stored and coded.
///
/// A frame is 1024 samples at 22 050 Hz, one every 512. Both arrays are little-endian and go to the database as they
/// are, so that a code computed years later is the code that was computed at first.
package struct FeatureFrames: Hashable, Sendable {
    /// Bytes a frame takes in ``cepstra``: 13 components and a norm.
    package static let cepstrumStride = 13 * 2 + 4
    /// Bytes a frame takes in ``bands``: a peak and 100 levels.
    package static let bandStride = 4 + 100
    /// What a component of 1 is stored as.
    package static let unitScale: Float = 32767

    /// The bark-frequency cepstral coefficients, shape `[count, 30]`.
    ///
    /// Of each frame: the 13 components of the unit vector as `Int16`, times ``unitScale`` and rounded to nearest, then
    /// the norm of the coefficients as `Float32`. A silent frame is all zeros; any other has a norm above 0.
    package var cepstra: [UInt8] = []
    /// The Bark bands, shape `[count, 104]`.
    ///
    /// Of each frame: its strongest band as `Float32` (1 is a full-scale sine), then 100 levels below that band as
    /// `UInt8`, from 0 at −80 dB or less to 255 at 0 dB in even steps.
    package var bands: [UInt8] = []

    package init() {}

    package init(cepstra: [UInt8], bands: [UInt8]) {
        precondition(cepstra.count / Self.cepstrumStride == bands.count / Self.bandStride)
        precondition(cepstra.count % Self.cepstrumStride == 0 && bands.count % Self.bandStride == 0)
        self.cepstra = cepstra
        self.bands = bands
    }

    /// How many frames a sound of so many seconds has at the most.
    package static func most(inSeconds seconds: Double) -> Int {
        // Two to spare: the resampler's end, and a last frame that is not full.
        Int(min(max(seconds, 0), 1e9) * 22_050 / 512) + 3
    }

    /// How many frames there are.
    package var count: Int { cepstra.count / Self.cepstrumStride }

    /// Adds the frames that follow.
    package mutating func append(_ next: FeatureFrames) {
        cepstra += next.cepstra
        bands += next.bands
    }
}

/// What a file says of its sound, and what the decoder found.
package struct SoundInfo: Hashable, Sendable {
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
    /// What the file's headers say wrongly, or what of it cannot be heard: one line for people; nil if nothing.
    package var note: String?
    /// The hash of the bytes that were decoded, where they can be told from tags.
    package var audio: AudioHash?

    package init(
        sampleRate: Int, channelCount: Int, frameCount: Int, sampleCount: Int, format: String, isIncomplete: Bool,
        note: String? = nil, audio: AudioHash? = nil
    ) {
        self.sampleRate = sampleRate
        self.channelCount = channelCount
        self.frameCount = frameCount
        self.sampleCount = sampleCount
        self.format = format
        self.isIncomplete = isIncomplete
        self.note = note
        self.audio = audio
    }

    /// The length of the sound, in seconds.
    package var duration: Double { Double(frameCount) / Double(sampleRate) }
}

/// Why a file gave no features.
package struct ExtractionFailure: Error, Hashable, Sendable {
    package enum Reason: UInt8, Sendable {
        /// The file could not be read (an I/O error); trying again later can help.
        case unreadable = 1
        /// Not audio, or nothing that is known.
        case unknownFormat = 2
        /// The file starts as its format demands, then breaks off or contradicts itself.
        case damaged = 3
        /// Nothing to index: no samples, or none that is a number.
        case empty = 4
        /// Longer than the configuration allows, or of a rate outside 4 to 384 kHz: skipped, not failed.
        case outOfLimits = 5
        /// The worker died or overran its deadline while it had the file.
        case crashed = 6
        /// Audio in a container or of a codec that is known, and not decoded.
        case unsupported = 7
    }

    package var reason: Reason
    /// One line for people, which does not repeat the path.
    package var detail: String

    package init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}

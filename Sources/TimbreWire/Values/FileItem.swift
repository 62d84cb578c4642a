/// Where a file of the watched folders stands.
package enum FileState: String, Codable, Hashable, Sendable, CaseIterable {
    /// Searchable.
    case indexed
    /// Seen, and waiting to be read.
    case pending
    /// Could not be read; ``FileItem/error`` says why.
    case failed
    /// Left out on purpose, such as a file that is too long; ``FileItem/error`` says why.
    case skipped
    /// In a folder that is not there now; kept, and left out of answers.
    case offline
}

/// A file of the watched folders, as `list` shows it.
///
/// What is not known yet is absent: a pending file has a path, a state and most often a size.
package struct FileItem: Codable, Hashable, Sendable {
    private var shown: ShownPath
    private var exact: ExactPath?
    /// The machine that the file is on; absent if it is this one's library that was asked.
    package var host: String?
    /// The age of the file in the library: the greater the number, the later it came. Absent if it never did.
    package var id: Int?
    /// Bytes in the file.
    package var size: Int?
    /// Length of the sound, in seconds.
    package var duration: Double?
    /// Frames per second in the file, in hertz.
    package var sampleRate: Int?
    package var channels: Int?
    /// Container and encoding in words, such as `WAV, 16 bit PCM`.
    package var format: String?
    /// What the file's headers say wrongly, or what of it cannot be heard: one line to show.
    package var note: String?
    package var state: FileState
    /// Why a file is failed or skipped: one line to show.
    package var error: String?
    /// `sha256:` and 64 hexadecimal digits: the hash of the file's bytes.
    package var content: String?
    /// How many spans of the sound have a code.
    package var spans: Int?
    /// `sha256:…`: the model that made the codes.
    package var model: String?
    /// Plain figures of the sound; absent if nothing is heard in it, or they are not computed yet.
    package var figures: Figures?
    /// What the file says of itself; absent if nothing, or nobody has looked yet.
    package var tags: Tags?
    /// When the file came into the library, in seconds since 1970.
    package var added: Double?

    package init(
        path: WirePath, host: String? = nil, id: Int? = nil, state: FileState, size: Int? = nil,
        duration: Double? = nil,
        sampleRate: Int? = nil,
        channels: Int? = nil, format: String? = nil, note: String? = nil, error: String? = nil, content: String? = nil,
        spans: Int? = nil, model: String? = nil, figures: Figures? = nil, added: Double? = nil
    ) {
        shown = ShownPath(path)
        exact = ExactPath(path)
        self.host = host
        self.id = id
        self.state = state
        self.size = size
        self.duration = duration
        self.sampleRate = sampleRate
        self.channels = channels
        self.format = format
        self.note = note
        self.error = error
        self.content = content
        self.spans = spans
        self.model = model
        self.figures = figures
        self.added = added
    }

    package var path: WirePath { WirePath(shown, exact) }

    private enum CodingKeys: String, CodingKey {
        case shown = "path"
        case exact = "path_bytes"
        case host, id, size, duration
        case sampleRate = "sample_rate"
        case channels, format, note, state, error, content, spans, model, figures, tags, added
    }
}

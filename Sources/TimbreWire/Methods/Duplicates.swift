import Varlink

/// Finds the files that are duplicates of each other.
package enum Duplicates: LibraryMethod {
    package static let streaming = Streaming.always

    package struct Parameters: Codable, Hashable, Sendable {
        /// Also files that hold the same sound, at another level, in another format or with other silence around it.
        @FalseIfAbsent package var near: Bool
        private var underShown: ShownPath?
        private var underExact: ExactPath?

        package init(near: Bool = false, under: WirePath? = nil) {
            self.near = near
            underShown = under.map(ShownPath.init)
            underExact = under.flatMap(ExactPath.init)
        }

        /// The folder below which all files lie that count; everywhere if nil.
        package var under: WirePath? { underShown.map { WirePath($0, underExact) } }

        private enum CodingKeys: String, CodingKey {
            case near
            case underShown = "under"
            case underExact = "under_bytes"
        }
    }

    /// Some of the groups, in no order; or how far the search has come.
    package struct Reply: Codable, Hashable, Sendable {
        package var progress: Progress?
        package var groups: [DuplicateGroup]
        /// Shards of a cluster that did not answer; absent if all did.
        package var missing: [MissingShard]?
        /// Of a cluster: why there are no groups, in words.
        package var why: String?

        package init(progress: Progress? = nil, groups: [DuplicateGroup] = [], missing: [MissingShard]? = nil) {
            self.progress = progress
            self.groups = groups
            self.missing = missing
        }
    }
}

/// Files of which one would do.
package struct DuplicateGroup: Codable, Hashable, Sendable {
    package enum Kind: String, Codable, Hashable, Sendable {
        /// All bytes are the same.
        case exact
        /// The sound is the same.
        case near
    }

    package var kind: Kind
    /// Bytes that all files but the largest take. Names of one file, which are hard links, count once.
    package var wasted: Int
    /// Two or more. The first is what the others were compared with; copies stand beside each other, oldest first.
    package var files: [DuplicateFile]

    package init(kind: Kind, wasted: Int, files: [DuplicateFile]) {
        self.kind = kind
        self.wasted = wasted
        self.files = files
    }
}

/// A file of a group.
package struct DuplicateFile: Codable, Hashable, Sendable {
    private var shown: ShownPath
    private var exact: ExactPath?
    /// The machine that the file is on; absent if it is this one's library that was asked.
    package var host: String?
    /// Bytes in the file.
    package var size: Int
    /// When the file was last changed, in seconds since 1970, as it was when it was read; absent from an earlier daemon.
    package var modified: Double?
    /// Length of the sound, in seconds.
    package var duration: Double?
    /// Container and encoding in words, such as `WAV, 16 bit PCM`.
    package var format: String?
    /// `sha256:` and 64 hexadecimal digits: the hash of the file's bytes.
    package var content: String
    /// How far it differs from the group's first file, in decibels, when both are as loud; absent if the bytes are the
    /// same.
    package var difference: Double?
    /// By how many decibels it is louder than the group's first file; absent if the bytes are the same.
    package var level: Double?

    package init(
        path: WirePath, host: String? = nil, size: Int, modified: Double? = nil, duration: Double?, format: String?,
        content: String,
        difference: Double? = nil, level: Double? = nil
    ) {
        shown = ShownPath(path)
        exact = ExactPath(path)
        self.host = host
        self.size = size
        self.modified = modified
        self.duration = duration
        self.format = format
        self.content = content
        self.difference = difference
        self.level = level
    }

    package var path: WirePath { WirePath(shown, exact) }

    private enum CodingKeys: String, CodingKey {
        case shown = "path"
        case exact = "path_bytes"
        case host, size, modified, duration, format, content, difference, level
    }
}

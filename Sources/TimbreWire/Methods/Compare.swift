import Varlink

/// Compares two folders, sound by sound: of each sound of the one the nearest of the other, in both directions.
package enum Compare: LibraryMethod {
    package static let streaming = Streaming.always

    package struct Parameters: Codable, Hashable, Sendable {
        /// Two different folders, with all that is below them.
        package var a: WirePath
        package var b: WirePath
        /// Whether folders that are not there now may be compared.
        @FalseIfAbsent package var offline: Bool
        /// Whether all that is on disk now has to be searchable first.
        @FalseIfAbsent package var sync: Bool

        package init(a: WirePath, b: WirePath, offline: Bool = false, sync: Bool = false) {
            self.a = a
            self.b = b
            self.offline = offline
            self.sync = sync
        }
    }

    /// Some of the files, those of the first folder before those of the second, oldest first; or how far it has come.
    package struct Reply: Codable, Hashable, Sendable {
        package var progress: Progress?
        package var files: [ComparedFile]

        package init(progress: Progress? = nil, files: [ComparedFile] = []) {
            self.progress = progress
            self.files = files
        }
    }
}

/// A file of one of two folders, and its nearest of the other.
package struct ComparedFile: Codable, Hashable, Sendable {
    /// Which of the folders a file is from.
    package enum Side: String, Codable, Hashable, Sendable {
        case a, b
    }

    package var side: Side
    private var shown: ShownPath
    private var exact: ExactPath?
    /// Length of the sound, in seconds.
    package var duration: Double
    /// The nearest file of the other folder, the oldest of equally near ones; absent if one of the two is too faint to be
    /// compared.
    package var nearest: WirePath?
    /// The distance by timbre, and the probability that a person would call the two the same kind of sound, as
    /// ``Similar`` has them for a query by this file.
    package var distance: Double?
    package var score: Double?
    /// Whether the other folder has a sound of this kind: one with a score of at least one half.
    package var hasCounterpart: Bool

    package init(
        side: Side, path: WirePath, duration: Double, nearest: WirePath?, distance: Double?, score: Double?,
        hasCounterpart: Bool
    ) {
        self.side = side
        shown = ShownPath(path)
        exact = ExactPath(path)
        self.duration = duration
        self.nearest = nearest
        self.distance = distance
        self.score = score
        self.hasCounterpart = hasCounterpart
    }

    package var path: WirePath { WirePath(shown, exact) }

    private enum CodingKeys: String, CodingKey {
        case side
        case shown = "path"
        case exact = "path_bytes"
        case duration, nearest, distance, score
        case hasCounterpart = "has_counterpart"
    }
}

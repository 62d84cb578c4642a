import Varlink

/// Tells where the files of the library lie on its map, or what has changed there.
package enum Map: LibraryMethod {
    package static let streaming = Streaming.always

    /// How the map stands.
    package enum State: String, Codable, Hashable, Sendable {
        /// There is none, for there are too few sounds, or the model makes no timbre vectors.
        case none
        /// The first one is being learnt.
        case learning
        case ready
    }

    package struct Parameters: Codable, Hashable, Sendable {
        /// A ``Reply/version`` that was told before: only what has changed since is told.
        package var since: String?
        /// Whether the paths of the files are wanted as well.
        @FalseIfAbsent package var paths: Bool

        package init(since: String? = nil, paths: Bool = false) {
            self.since = since
            self.paths = paths
        }
    }

    /// Bytes that a file takes in ``Reply/points``.
    package static let stride = 16

    /// Some of the files.
    package struct Reply: Codable, Hashable, Sendable {
        package var state: State
        /// What share of the next map is learnt, 0 to 1; absent if none is being learnt.
        package var progress: Double?
        /// What to ask for the next time: what is told here is all that has come up to this.
        package var version: String
        /// Whether this is the whole map, and whatever was known before is to be forgotten.
        package var whole: Bool
        /// When the map was learnt, in seconds since 1970, and of how many sounds it was; absent if there is none.
        package var learnt: Double?
        package var sounds: Int?
        /// Files, ascending by number: ``stride`` bytes each, little endian. The file's number in 8, x and y as signed
        /// numbers of 2, and its folder in 4: which of all folders told in this answer so far.
        package var points: Base64
        /// The folders that come up for the first time.
        package var folders: [WirePath]
        /// The paths of the files, if they were asked for, in the same order.
        package var paths: [WirePath]?
        /// The numbers of files that are not on the map any more.
        package var gone: [Int]

        package init(
            state: State, progress: Double?, version: String, whole: Bool, learnt: Double?, sounds: Int?,
            points: Base64 = Base64([]), folders: [WirePath] = [], paths: [WirePath]? = nil, gone: [Int] = []
        ) {
            self.state = state
            self.progress = progress
            self.version = version
            self.whole = whole
            self.learnt = learnt
            self.sounds = sounds
            self.points = points
            self.folders = folders
            self.paths = paths
            self.gone = gone
        }
    }
}

/// Has the map learnt anew, from where the sounds lie now.
package enum LearnMap: LibraryMethod {
    package static let access = Access.change

    package typealias Parameters = Nothing

    package struct Reply: Codable, Hashable, Sendable {
        /// The version before: once the map is learnt, what has changed since is the whole map.
        package var version: String

        package init(version: String) { self.version = version }
    }
}

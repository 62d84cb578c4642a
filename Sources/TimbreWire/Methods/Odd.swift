import Varlink

/// Finds the sounds that nothing is like: those whose nearest other sound is farthest away.
package enum Odd: LibraryMethod {
    package static let streaming = Streaming.always

    package struct Parameters: Codable, Hashable, Sendable {
        /// How many at most, from 1 to 10 000; 10 if absent.
        package var count: Int?
        /// Which files are compared with each other; all if absent.
        package var filter: FileFilter?
        /// Whether files of folders that are not there now are compared, too.
        @FalseIfAbsent package var offline: Bool
        /// Whether all that is on disk now has to be searchable first.
        @FalseIfAbsent package var sync: Bool

        package init(count: Int? = nil, filter: FileFilter? = nil, offline: Bool = false, sync: Bool = false) {
            self.count = count
            self.filter = filter
            self.offline = offline
            self.sync = sync
        }
    }

    /// How far the search has come; in the last reply the sounds.
    package struct Reply: Codable, Hashable, Sendable {
        package var progress: Progress?
        /// The sounds, the oddest first; of equally odd ones the older.
        package var results: [OddSound]
        /// Why there are none; absent if there are, and in all replies but the last.
        package var nothing: EmptyAnswer?

        package init(progress: Progress? = nil, results: [OddSound] = [], nothing: EmptyAnswer? = nil) {
            self.progress = progress
            self.results = results
            self.nothing = nothing
        }
    }
}

/// A sound, and the nearest other one. Copies of the same bytes are one sound: the oldest file stands for them.
package struct OddSound: Codable, Hashable, Sendable {
    /// The place in the answer, from 1.
    package var rank: Int
    private var shown: ShownPath
    private var exact: ExactPath?
    /// Length of the sound, in seconds.
    package var duration: Double
    /// The nearest file that holds other bytes, the oldest of equally near ones.
    package var nearest: WirePath
    /// The distance by timbre, and the probability that a person would call the two the same kind of sound, as
    /// ``Similar`` has them for a query by this sound.
    package var distance: Double
    package var score: Double

    package init(rank: Int, path: WirePath, duration: Double, nearest: WirePath, distance: Double, score: Double) {
        self.rank = rank
        shown = ShownPath(path)
        exact = ExactPath(path)
        self.duration = duration
        self.nearest = nearest
        self.distance = distance
        self.score = score
    }

    package var path: WirePath { WirePath(shown, exact) }

    private enum CodingKeys: String, CodingKey {
        case rank
        case shown = "path"
        case exact = "path_bytes"
        case duration, nearest, distance, score
    }
}

/// Finds a way from one sound to another over sounds of the library, on which every step is near.
package enum FindPath: LibraryMethod {
    /// How many sounds a way can be asked to have at most, its ends included.
    package static let counts = 2...100
    package static let usualCount = 12

    package struct Parameters: Codable, Hashable, Sendable {
        /// The two ends; a code alone is no sound.
        package var from: QuerySound
        package var to: QuerySound
        /// How many sounds the way has at most, in ``FindPath/counts``; ``FindPath/usualCount`` if absent.
        package var count: Int?
        /// Which files the way may go over; all if absent.
        package var filter: FileFilter?
        /// Whether it may go over files of folders that are not there now.
        @FalseIfAbsent package var offline: Bool
        /// Whether all that is on disk now has to be searchable first.
        @FalseIfAbsent package var sync: Bool

        package init(
            from: QuerySound, to: QuerySound, count: Int? = nil, filter: FileFilter? = nil, offline: Bool = false,
            sync: Bool = false
        ) {
            self.from = from
            self.to = to
            self.count = count
            self.filter = filter
            self.offline = offline
            self.sync = sync
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// `sha256:…`: the model by which sounds are near.
        package var model: String
        /// Whether every file that was on disk had been read when the search began.
        package var complete: Bool
        /// The sounds of the way, the first being ``Parameters/from`` and the last ``Parameters/to``.
        package var steps: [PathStep]

        package init(model: String, complete: Bool, steps: [PathStep]) {
            self.model = model
            self.complete = complete
            self.steps = steps
        }
    }
}

/// A sound on a way, and how far it is from the one before.
package struct PathStep: Codable, Hashable, Sendable {
    private var shown: ShownPath?
    private var exact: ExactPath?
    /// Whether it is a file of the library.
    package var inLibrary: Bool
    /// Length of the sound, in seconds.
    package var duration: Double
    /// The distance by timbre from the sound before; 0 for the first.
    package var distance: Double
    /// How likely a person would call the two the same kind of sound, from 0 to 1; 1 for the first.
    package var score: Double

    /// - Parameter path: Nil for a sound from outside without a name.
    package init(path: WirePath?, inLibrary: Bool, duration: Double, distance: Double, score: Double) {
        shown = path.map(ShownPath.init)
        exact = path.flatMap(ExactPath.init)
        self.inLibrary = inLibrary
        self.duration = duration
        self.distance = distance
        self.score = score
    }

    package var path: WirePath? { shown.map { WirePath($0, exact) } }

    private enum CodingKeys: String, CodingKey {
        case shown = "path"
        case exact = "path_bytes"
        case inLibrary = "in_library"
        case duration, distance, score
    }
}

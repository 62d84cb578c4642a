/// What a search was made by, as its answer repeats it.
package struct QueryEcho: Codable, Hashable, Sendable {
    private var shown: ShownPath?
    private var exact: ExactPath?
    /// Whether it is a file of the library.
    package var inLibrary: Bool
    /// Length of the sound, in seconds; absent for a code.
    package var duration: Double?

    package init(path: WirePath?, inLibrary: Bool, duration: Double?) {
        shown = path.map(ShownPath.init)
        exact = path.flatMap(ExactPath.init)
        self.inLibrary = inLibrary
        self.duration = duration
    }

    package var path: WirePath? { shown.map { WirePath($0, exact) } }

    private enum CodingKeys: String, CodingKey {
        case shown = "path"
        case exact = "path_bytes"
        case inLibrary = "in_library"
        case duration
    }
}

/// One of the nearest files, or one of its spans.
package struct SimilarResult: Codable, Hashable, Sendable {
    /// The place in the answer, from 1.
    package var rank: Int
    private var shown: ShownPath
    private var exact: ExactPath?
    /// In the metric's own unit; smaller is nearer.
    package var distance: Double
    /// The share of random pairs of the library that are farther apart, from 0 to 1.
    package var score: Double
    /// The Hamming distance of the best span.
    package var hamming: Int
    /// Where the best span starts, in seconds.
    package var start: Double
    /// Where the best span ends, in seconds.
    package var end: Double
    /// Length of the whole sound, in seconds.
    package var duration: Double

    package init(
        rank: Int, path: WirePath, distance: Double, score: Double, hamming: Int, start: Double, end: Double,
        duration: Double
    ) {
        self.rank = rank
        shown = ShownPath(path)
        exact = ExactPath(path)
        self.distance = distance
        self.score = score
        self.hamming = hamming
        self.start = start
        self.end = end
        self.duration = duration
    }

    package var path: WirePath { WirePath(shown, exact) }

    private enum CodingKeys: String, CodingKey {
        case rank
        case shown = "path"
        case exact = "path_bytes"
        case distance, score, hamming, start, end, duration
    }
}

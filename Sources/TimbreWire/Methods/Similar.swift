/// Finds the files of the library that sound most like given ones.
package enum Similar: LibraryMethod {
    package struct Parameters: Codable, Hashable, Sendable {
        /// The sounds to be near to, at least one.
        package var queries: [QuerySound]
        /// The sounds to be away from.
        package var not: [QuerySound]?
        /// The part of the queries that counts; all of them if absent.
        package var at: TimeSpan?
        /// How many results at most, from 1 to 10 000; 10 if absent.
        package var count: Int?
        /// How distance is measured; if absent, by timbre vectors wherever model and queries allow it.
        package var metric: Metric?
        /// One result for each place where the sound may be heard, so that a file can come more than once; with codes one
        /// for each span.
        @FalseIfAbsent package var segments: Bool
        /// In what the results are to differ from all queries; each direction at most once, and none with its opposite.
        package var contrasts: [Contrast]?
        /// Whether the nearest files come in the order of the neighbours that they share with the queries.
        @FalseIfAbsent package var rerank: Bool
        /// Only results whose score is at least one half.
        @FalseIfAbsent package var likely: Bool
        /// Whether the answer is near to a mixture of all sounds, and not to each of them.
        @FalseIfAbsent package var blend: Bool
        /// How many files of one folder may be in the answer at most, 1 or more; any number if absent.
        package var perFolder: Int?
        /// Whether of files that hold the same sound one is in the answer, and none that holds a query's.
        @FalseIfAbsent package var distinct: Bool
        /// Which files may be in the answer; all if absent.
        package var filter: FileFilter?
        /// The largest distance allowed, in the metric's own unit.
        package var maxDistance: Double?
        /// Whether the query files themselves may be in the answer.
        @FalseIfAbsent package var includeSelf: Bool
        /// Whether files of folders that are not there now may be in the answer.
        @FalseIfAbsent package var offline: Bool
        /// Whether all that is on disk now has to be searchable before the search starts.
        @FalseIfAbsent package var sync: Bool

        package init(
            queries: [QuerySound], not: [QuerySound]? = nil, at: TimeSpan? = nil, count: Int? = nil,
            metric: Metric? = nil, segments: Bool = false, contrasts: [Contrast]? = nil, rerank: Bool = false,
            likely: Bool = false, blend: Bool = false, perFolder: Int? = nil, distinct: Bool = false,
            filter: FileFilter? = nil, maxDistance: Double? = nil, includeSelf: Bool = false, offline: Bool = false,
            sync: Bool = false
        ) {
            self.queries = queries
            self.not = not
            self.at = at
            self.count = count
            self.metric = metric
            self.segments = segments
            self.contrasts = contrasts
            self.rerank = rerank
            self.likely = likely
            self.blend = blend
            self.perFolder = perFolder
            self.distinct = distinct
            self.filter = filter
            self.maxDistance = maxDistance
            self.includeSelf = includeSelf
            self.offline = offline
            self.sync = sync
        }

        private enum CodingKeys: String, CodingKey {
            case queries, not, at, count, metric, segments, contrasts, rerank, likely, blend, distinct, filter
            case perFolder = "per_folder"
            case maxDistance = "max_distance"
            case includeSelf = "include_self"
            case offline, sync
        }
    }

    package struct Reply: Codable, Hashable, Sendable {
        /// What was asked for, in the order of the request.
        package var query: [QueryEcho]
        package var metric: Metric
        /// `sha256:…`: the model that the codes of this answer come from.
        package var model: String
        /// Whether every file that was on disk had been read when the search began.
        package var complete: Bool
        /// Whether the best result is nearer than random sounds are but now and then.
        package var near: Bool
        /// In how many places the sound is heard more likely than not, whether they are in the answer or not; absent
        /// unless places were asked for.
        package var likelyPlaces: Int?
        /// Why there are no results; absent if there are.
        package var nothing: EmptyAnswer?
        /// The nearest files, nearest first unless reranked or with contrasts.
        package var results: [SimilarResult]
        /// The shards of a cluster that did not answer; absent if all did.
        package var missing: [MissingShard]?
        /// Of a cluster: why there are no results, in words.
        package var why: String?

        package init(
            query: [QueryEcho], metric: Metric, model: String, complete: Bool, near: Bool = true,
            likelyPlaces: Int? = nil, nothing: EmptyAnswer? = nil, results: [SimilarResult],
            missing: [MissingShard]? = nil
        ) {
            self.query = query
            self.metric = metric
            self.model = model
            self.complete = complete
            self.near = near
            self.likelyPlaces = likelyPlaces
            self.nothing = nothing
            self.results = results
            self.missing = missing
        }

        private enum CodingKeys: String, CodingKey {
            case query, metric, model, complete, near
            case likelyPlaces = "likely_places"
            case nothing, results, missing, why
        }
    }
}

/// How the distance of two sounds is measured.
package enum Metric: String, Codable, Hashable, Sendable, CaseIterable {
    /// The distance of the timbre vectors: of two sounds, or of two spans.
    case timbre
    /// The Hamming distance of the timbre codes: of a span, or the mean over the spans of the query.
    case codes
}

/// A part of a sound, in seconds from its beginning.
package struct TimeSpan: Codable, Hashable, Sendable {
    package var start: Double
    package var end: Double

    package init(start: Double, end: Double) {
        self.start = start
        self.end = end
    }
}

/// What a search was made by, as its answer repeats it.
package struct QueryEcho: Codable, Hashable, Sendable {
    private var shown: ShownPath?
    private var exact: ExactPath?
    /// Whether it is a file of the library.
    package var inLibrary: Bool
    /// Length of the sound, in seconds; absent for a code and a folder.
    package var duration: Double?
    /// Its figures, if a contrast was asked for.
    package var figures: Figures?
    /// Of a folder how many different sounds in it were searched by; absent for a file.
    package var sounds: Int?

    package init(
        path: WirePath?, inLibrary: Bool, duration: Double?, figures: Figures? = nil, sounds: Int? = nil
    ) {
        shown = path.map(ShownPath.init)
        exact = path.flatMap(ExactPath.init)
        self.inLibrary = inLibrary
        self.duration = duration
        self.figures = figures
        self.sounds = sounds
    }

    package var path: WirePath? { shown.map { WirePath($0, exact) } }

    private enum CodingKeys: String, CodingKey {
        case shown = "path"
        case exact = "path_bytes"
        case inLibrary = "in_library"
        case duration, figures, sounds
    }
}

/// One of the nearest files, or one of its spans.
package struct SimilarResult: Codable, Hashable, Sendable {
    /// The place in the answer, from 1.
    package var rank: Int
    private var shown: ShownPath
    private var exact: ExactPath?
    /// The machine that the file is on; absent if it is this one's library that was asked.
    package var host: String?
    /// A command for a shell by which the sound is had from there, as the cluster's configuration has it.
    package var open: String?
    /// In the metric's own unit; smaller is nearer.
    package var distance: Double
    /// How likely a person would call the two the same kind of sound or, of a place, how likely the sound is heard there,
    /// from 0 to 1; by codes, the share of random pairs that are farther apart.
    package var score: Double
    /// The Hamming distance of the best span.
    package var hamming: Int
    /// Where the best span starts, in seconds.
    package var start: Double
    /// Where the best span ends, in seconds.
    package var end: Double
    /// Length of the whole sound, in seconds.
    package var duration: Double
    /// Whether the sound was found inside a long recording, from ``start`` to ``end``.
    @FalseIfAbsent package var inside: Bool
    /// The sound's figures, if a contrast was asked for.
    package var figures: Figures?

    package init(
        rank: Int, path: WirePath, host: String? = nil, open: String? = nil, distance: Double, score: Double,
        hamming: Int, start: Double, end: Double, duration: Double, inside: Bool = false, figures: Figures? = nil
    ) {
        self.rank = rank
        shown = ShownPath(path)
        exact = ExactPath(path)
        self.host = host
        self.open = open
        self.distance = distance
        self.score = score
        self.hamming = hamming
        self.start = start
        self.end = end
        self.duration = duration
        self.inside = inside
        self.figures = figures
    }

    package var path: WirePath { WirePath(shown, exact) }

    private enum CodingKeys: String, CodingKey {
        case rank
        case shown = "path"
        case exact = "path_bytes"
        case host, open, distance, score, hamming, start, end, duration, inside, figures
    }
}

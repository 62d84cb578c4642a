/// Why an answer is empty: how many files each condition of the request leaves.
package struct EmptyAnswer: Codable, Hashable, Sendable {
    /// How many files could be found if nothing were asked of them; the query's own are not among them, and offline ones
    /// only if they may be in the answer.
    package var files: Int
    /// How many of these meet each condition alone, in the order of ``FilterCount/Condition``.
    package var filters: [FilterCount]
    /// How many of them meet all these conditions.
    package var left: Int
    /// How many files of folders that are not there now meet them; absent if those may be in the answer, too.
    package var offline: Int?
    /// How near the nearest of those that are left is, and its score; absent if none is left or it was not searched for.
    package var distance: Double?
    package var score: Double?

    package init(
        files: Int, filters: [FilterCount], left: Int, offline: Int? = nil, distance: Double? = nil,
        score: Double? = nil
    ) {
        self.files = files
        self.filters = filters
        self.left = left
        self.offline = offline
        self.distance = distance
        self.score = score
    }
}

/// How many files meet a condition of a request.
package struct FilterCount: Codable, Hashable, Sendable {
    /// A member of ``FileFilter``, or all contrasts together.
    package enum Condition: String, Codable, CaseIterable, Sendable {
        case under
        case notUnder = "not_under"
        case glob
        case minDuration = "min_duration"
        case maxDuration = "max_duration"
        case channels, since, tags
        case minBPM = "min_bpm"
        case maxBPM = "max_bpm"
        case key
        case minLength = "min_length"
        case maxLength = "max_length"
        case loop, contrasts
    }

    package var condition: Condition
    package var files: Int
    /// How many names a pattern would match if the case of letters did not matter; absent unless it matches none.
    package var ignoringCase: Int?
    /// How many whole paths a pattern for names would match with a slash in front; absent unless it begins with a star and
    /// matches no name.
    package var paths: Int?

    package init(_ condition: Condition, files: Int, ignoringCase: Int? = nil, paths: Int? = nil) {
        self.condition = condition
        self.files = files
        self.ignoringCase = ignoringCase
        self.paths = paths
    }

    private enum CodingKeys: String, CodingKey {
        case condition, files
        case ignoringCase = "ignoring_case"
        case paths
    }
}

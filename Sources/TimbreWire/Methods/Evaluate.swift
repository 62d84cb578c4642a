import Varlink

/// Tells how well the library's answers agree with labels.
package enum Evaluate: LibraryMethod {
    package static let streaming = Streaming.ifAsked

    package struct Parameters: Codable, Hashable, Sendable {
        /// How distance is measured; as in ``Similar`` if absent.
        package var metric: Metric?
        /// Files and what they are. If absent, all files are taken: a file's label is the name of its folder, and its group
        /// the folder.
        package var labels: [FileLabel]?
        /// What keeps files out of the answer to a query that have it in common with the query.
        package var excludeSame: [SharedTrait]?
        private var underShown: ShownPath?
        private var underExact: ExactPath?
        /// How many files of each label to search by at most, from 1 to 10 000; all if absent.
        package var queries: Int?
        /// The same seed draws the same queries and gives the same intervals; 1 if absent.
        package var seed: Int?

        package init(
            metric: Metric? = nil, labels: [FileLabel]? = nil, excludeSame: [SharedTrait]? = nil,
            under: WirePath? = nil, queries: Int? = nil, seed: Int? = nil
        ) {
            self.metric = metric
            self.labels = labels
            self.excludeSame = excludeSame
            underShown = under.map(ShownPath.init)
            underExact = under.flatMap(ExactPath.init)
            self.queries = queries
            self.seed = seed
        }

        /// The folder below which all files lie that count; everywhere if nil.
        package var under: WirePath? { underShown.map { WirePath($0, underExact) } }

        private enum CodingKeys: String, CodingKey {
            case metric, labels
            case excludeSame = "exclude_same"
            case underShown = "under"
            case underExact = "under_bytes"
            case queries, seed
        }
    }

    /// The last reply has the outcome, those before it the progress.
    package struct Reply: Codable, Hashable, Sendable {
        package var progress: Progress?
        package var outcome: EvaluationOutcome?

        package init(progress: Progress? = nil, outcome: EvaluationOutcome? = nil) {
            self.progress = progress
            self.outcome = outcome
        }
    }
}

/// What a file can have in common with a query, beside the label.
package enum SharedTrait: String, Codable, Hashable, Sendable, CaseIterable {
    /// The folder that it lies in.
    case folder
    /// Where it comes from: the same instrument, kit or recording.
    case group
    case pitch
}

/// A file, and what somebody says that it is.
package struct FileLabel: Codable, Hashable, Sendable {
    private var shown: ShownPath
    private var exact: ExactPath?
    package var label: String
    /// Where it comes from; files without a group have none in common.
    package var group: String?
    /// In any notation: pitches are the same if their texts are.
    package var pitch: String?

    package init(path: WirePath, label: String, group: String? = nil, pitch: String? = nil) {
        shown = ShownPath(path)
        exact = ExactPath(path)
        self.label = label
        self.group = group
        self.pitch = pitch
    }

    package var path: WirePath { WirePath(shown, exact) }

    private enum CodingKeys: String, CodingKey {
        case shown = "path"
        case exact = "path_bytes"
        case label, group, pitch
    }
}

import Varlink

/// Trains a new model from the stored features, codes the library anew with it and puts it to use.
package enum Retrain: LibraryMethod {
    package static let access = Access.change
    package static let streaming = Streaming.ifAsked

    package struct Parameters: Codable, Hashable, Sendable {
        /// Train and compare, and keep nothing.
        @FalseIfAbsent package var dryRun: Bool
        /// What the training begins with; the configuration's if absent.
        package var seed: Int?
        /// Reply when the new model is in use, not when the training has begun. A dry run is always waited for.
        @FalseIfAbsent package var wait: Bool
        /// What says which sounds are alike, beside their own variants.
        package var labels: Labels?
        /// Put the model to use even where it finds worse than the old one.
        @FalseIfAbsent package var force: Bool

        package enum Labels: String, Codable, Hashable, Sendable, CaseIterable {
            /// The name of the folder that a file lies in.
            case folder
        }

        package init(
            dryRun: Bool = false, seed: Int? = nil, wait: Bool = false, labels: Labels? = nil, force: Bool = false
        ) {
            self.dryRun = dryRun
            self.seed = seed
            self.wait = wait
            self.labels = labels
            self.force = force
        }

        private enum CodingKeys: String, CodingKey {
            case dryRun = "dry_run"
            case seed, wait, labels, force
        }
    }

    /// The last reply is `started` or `done`, those before it are `running`.
    package struct Reply: Codable, Hashable, Sendable {
        package enum State: String, Codable, Hashable, Sendable {
            case started, running, done
        }

        package var state: State
        /// What is being done, in words to show, such as `training`.
        package var stage: String?
        package var progress: Progress?
        /// What changed; there when done.
        package var outcome: RetrainOutcome?

        package init(
            state: State, stage: String? = nil, progress: Progress? = nil, outcome: RetrainOutcome? = nil
        ) {
            self.state = state
            self.stage = stage
            self.progress = progress
            self.outcome = outcome
        }
    }
}

/// What a new model changes.
package struct RetrainOutcome: Codable, Hashable, Sendable {
    /// `sha256:…`
    package var oldModel: String
    /// `sha256:…`
    package var newModel: String
    /// The new model's number; absent after a dry run.
    package var generation: Int?
    package var seed: Int
    /// Sounds and frames that the library holds.
    package var contents: Int
    package var frames: Int
    /// The mean squared distance of the library's frames to their centroids.
    package var oldError: Double
    package var newError: Double
    /// How many centroids are heard anywhere in the library.
    package var oldUsed: Int
    package var newUsed: Int
    /// Of how many sounds the ten nearest were compared, and for how many they are others now.
    package var listsCompared: Int
    package var listsChanged: Int
    /// How long it took.
    package var seconds: Double
    /// Where the last projection of the timbre vectors comes from: `learnt` here from folders, `kept` from the old
    /// model, or `shipped` with timbred; absent where there are no vectors.
    package var transform: String?
    /// How well sounds were found before, and are found by what was learnt, whether it was kept or not.
    package var retrieval: [RetrievalChange]
    /// Why the model was not put to use, or after a dry run would not be; absent where it finds no worse.
    package var refused: String?

    package init(
        oldModel: String, newModel: String, generation: Int?, seed: Int, contents: Int, frames: Int,
        oldError: Double, newError: Double, oldUsed: Int, newUsed: Int, listsCompared: Int, listsChanged: Int,
        seconds: Double, transform: String? = nil, retrieval: [RetrievalChange] = [], refused: String? = nil
    ) {
        self.oldModel = oldModel
        self.newModel = newModel
        self.generation = generation
        self.seed = seed
        self.contents = contents
        self.frames = frames
        self.oldError = oldError
        self.newError = newError
        self.oldUsed = oldUsed
        self.newUsed = newUsed
        self.listsCompared = listsCompared
        self.listsChanged = listsChanged
        self.seconds = seconds
        self.transform = transform
        self.retrieval = retrieval
        self.refused = refused
    }

    private enum CodingKeys: String, CodingKey {
        case oldModel = "old_model"
        case newModel = "new_model"
        case generation, seed, contents, frames
        case oldError = "old_error"
        case newError = "new_error"
        case oldUsed = "old_used"
        case newUsed = "new_used"
        case listsCompared = "lists_compared"
        case listsChanged = "lists_changed"
        case seconds, transform, retrieval, refused
    }
}

/// How well sounds are found with an old and with a new model: the same queries on the same held-out sounds.
package struct RetrievalChange: Codable, Hashable, Sendable {
    /// By what sounds that belong together are known.
    package enum Measure: String, Codable, Hashable, Sendable {
        /// Files of one folder belong together: the mean average precision, macro-averaged.
        case folders
        /// The same, searched by timbre codes.
        case codes
        /// A sound and its variants belong together: the mean reciprocal rank of the sound, searched by a variant. Earlier
        /// versions measured by it.
        case variants
    }

    package var measure: Measure
    /// How many searches were made.
    package var queries: Int
    /// The measure, from 0 to 1.
    package var old: Double
    package var new: Double
    /// Between these lies the difference, new less old, 95 times of 100.
    package var low: Double
    package var high: Double

    package init(measure: Measure, queries: Int, old: Double, new: Double, low: Double, high: Double) {
        self.measure = measure
        self.queries = queries
        self.old = old
        self.new = new
        self.low = low
        self.high = high
    }

    /// Whether the new model is worse beyond what chance would do.
    package var isWorse: Bool { high < 0 }
    /// Whether the new model is better beyond what chance would do.
    package var isBetter: Bool { low > 0 }
}

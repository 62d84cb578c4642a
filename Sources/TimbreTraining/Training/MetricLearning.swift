import TimbreCodes
import TimbreCoding
import TimbreDescriptors
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Decides which metric a new model has.
///
/// The networks stay as they are: learning from variants of a library's own sounds was measured to find less. Where the
/// user says that folders are kinds of sounds, a quarter of the last projection is learnt from them, if that finds more
/// in folders that were held out.
struct MetricLearning {
    /// At most this many sounds are learnt from, and this many are used to compare codes.
    private static let mostLearnt = 10_000
    private static let mostCompared = 1_000

    let sounds: LibrarySounds
    let old: Generation
    let isByFolder: Bool
    let isForced: Bool
    let isStopping: @Sendable () -> Bool

    /// What a new model is to have.
    struct Outcome {
        /// Where the metric comes from.
        enum Origin: String { case kept, shipped, learnt }

        var metric: TimbreMetric?
        var score: TimbreScore?
        var origin = Origin.kept
        /// How retrieval changes with what was learnt, whether it was kept or not.
        var changes: [RetrievalChange] = []

        /// Where the model is worse than the old one; nil if nowhere.
        var drawback: RetrievalChange? { changes.first { $0.isWorse && (origin == .learnt || $0.measure == .codes) } }
    }

    /// The metric that a new model has if nothing is learnt: a network stays, and takes the place of none.
    ///
    /// - Parameter fallback: Reads the model that comes with timbred.
    static func start(from old: Generation, _ fallback: () throws -> TimbreModel) throws -> Outcome {
        if !old.hasNetwork, case let shipped = try fallback(), shipped.network != nil {
            return Outcome(metric: shipped.metric, score: shipped.score, origin: .shipped)
        }
        return Outcome(metric: old.model.metric, score: old.model.score)
    }

    /// - Parameter fallback: Reads the model that comes with timbred.
    func learn(
        from contents: [LiveContent], centroids: [Float], fallback: () throws -> TimbreModel,
        _ report: TrainingReport
    ) throws -> Outcome {
        var outcome = try Self.start(from: old, fallback)
        if isByFolder, case .network(let network)? = outcome.metric, let score = outcome.score {
            // Never start from what was learnt from folders before: that would count again and again, and knows what is
            // held out.
            let shipped = try fallback()
            if let other = shipped.network, let otherScore = shipped.score, other.hasSameParts(as: network) {
                try learn(from: contents, other, otherScore, &outcome, report)
            } else {
                try learn(from: contents, network, score, &outcome, report)
            }
        }
        if let change = try compareCodes(contents, centroids, report) { outcome.changes.append(change) }
        return outcome
    }

    private func learn(
        from contents: [LiveContent], _ network: TimbreNetwork, _ score: TimbreScore, _ outcome: inout Outcome,
        _ report: TrainingReport
    ) throws {
        let gathered = try gather(contents, limit: Self.mostLearnt, report) { sounds, reader in
            var descriptors: [TimbreDescriptor] = []
            let heard = try sounds.filter { sound in
                var frames = SoundFrames(bands: try reader.bands(of: sound.content, first: LibrarySounds.mostFrames))
                guard let descriptor = frames.descriptor() else { return false }
                descriptors.append(descriptor)
                return true
            }
            return zip(heard, network.joinedParts(of: descriptors)).map { sound, parts in
                var sound = sound
                sound.parts = parts
                return sound
            }
        }
        guard let comparison = FolderComparison(gathered, seed: sounds.seed) else { return }
        var networks: [TimbreNetwork] = []
        let learnt: ProjectionTrainer.Result
        do throws(ProjectionTrainer.Failure) {
            for fold in 0..<comparison.folds {
                report("learning what sounds alike", fold, comparison.folds)
                if isStopping() { throw ProjectionTrainer.Failure.alike }
                networks.append(try train(network, on: comparison.learnt(in: fold), placing: []).network)
            }
            learnt = try train(network, on: gathered, placing: score.reference)
        } catch {
            if isStopping() { throw LibraryError.stopping }
            // Too few folders or sounds to learn from: the metric in use stays.
            return
        }
        if isStopping() { throw LibraryError.stopping }
        guard let change = comparison.compareVectors(from: network, to: networks) else { return }
        outcome.changes.append(change)
        guard change.isBetter || isForced else { return }
        outcome.origin = .learnt
        outcome.metric = .network(learnt.network)
        outcome.score = score.withReference(learnt.reference)
    }

    private func train(
        _ network: TimbreNetwork, on sounds: [LibrarySound], placing reference: [TimbreVector]
    ) throws(ProjectionTrainer.Failure) -> ProjectionTrainer.Result {
        var trainer = ProjectionTrainer(network)
        for sound in sounds { trainer.add(sound.parts, label: sound.folder) }
        return try trainer.train(placing: reference)
    }

    /// How well the new codes find the sounds of a folder, compared with the old ones.
    private func compareCodes(
        _ contents: [LiveContent], _ centroids: [Float], _ report: TrainingReport
    ) throws -> RetrievalChange? {
        let (before, after) = (old.coder, FrameCoder(centroids: centroids))
        let gathered = try gather(contents, limit: Self.mostCompared, report) { sounds, reader in
            try sounds.map { sound in
                var sound = sound
                try sound.code(by: before, after, reader)
                return sound
            }
        }
        return FolderComparison(gathered, seed: sounds.seed)?.compareCodes()
    }

    private func gather(
        _ contents: [LiveContent], limit: Int, _ report: TrainingReport,
        describe: @Sendable ([LibrarySound], CatalogReader) throws -> [LibrarySound]
    ) throws -> [LibrarySound] {
        try sounds.gather(
            from: contents, limit: limit, progress: { report("describing sounds", $0, $1) }, describe: describe)
    }
}

import ContentHash
import Platform
import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

extension Retrainer {
    /// What a training is asked for.
    struct Request: Sendable {
        var seed: UInt64
        var centroidCount: Int
        var isDry: Bool
        /// Whether the names of folders say what sounds alike.
        var isByFolder = false
        /// Whether a model is put to use even where it finds worse.
        var isForced = false
        /// Whether nobody wants the model any more.
        var isAbandoned: @Sendable () -> Bool = { false }
    }

    /// Says what is being done, how much is done and of how much.
    typealias Report = (String, Int, Int) -> Void

    /// Trains a model, compares it with the live one and, unless it is a dry run or finds worse, puts it to use.
    ///
    /// Nothing is decoded: the stored features are coded anew. Queries are answered by the old model until the new one
    /// takes its place.
    ///
    /// - Throws: ``LibraryError`` if the library is too small, the daemon stops or nobody wants the model any more, and
    ///   what the catalog throws.
    func retrain(_ request: Request, report: Report) throws -> RetrainOutcome {
        let start = ContinuousClock.now
        let mustEnd = { @Sendable [self] in isStopping || request.isAbandoned() }
        let before = library.snapshot
        let trained = try makeModel(request, old: before.generation, mustEnd, report)
        FreedMemory.giveBack()
        let (model, learnt) = (trained.model, trained.learnt)
        let coded = Generation(id: 0, model: model)
        let churn = try ModelComparison(before: before, after: coded, catalog: catalog).churn { done, total in
            if mustEnd() { throw LibraryError.stopping }
            report("comparing", done, total)
        }
        let refused = request.isForced ? nil : learnt.drawback.map(Self.refusal)
        var generation: Int?
        if !request.isDry && refused == nil { generation = try keep(model, old: before.generation, mustEnd, report) }
        return RetrainOutcome(
            oldModel: before.generation.model.identifier.description, newModel: model.identifier.description,
            generation: generation, seed: Int(truncatingIfNeeded: request.seed), contents: trained.contentCount,
            frames: trained.frames.newUse.frameCount, oldError: trained.frames.oldUse.meanSquaredError,
            newError: trained.frames.newUse.meanSquaredError,
            oldUsed: before.generation.model.centroidCount - trained.frames.oldUse.unusedCount,
            newUsed: model.centroidCount - trained.frames.newUse.unusedCount, listsCompared: churn.listCount,
            listsChanged: churn.listsWithOtherMembers, seconds: (ContinuousClock.now - start).inSeconds,
            transform: learnt.metric.map { _ in learnt.origin.rawValue }, retrieval: learnt.changes,
            refused: refused)
    }

    /// A new model, and what was found on the way.
    private struct Trained {
        var model: TimbreModel
        var learnt: MetricLearning.Outcome
        var frames: FrameTraining
        var contentCount: Int
    }

    /// Centroids, and how the sample that they come from uses them and the old ones.
    private struct FrameTraining {
        var centroids: [Float]
        var newUse: CodebookUse
        var oldUse: CodebookUse
    }

    /// Learns a model from the library. What that takes in memory is let go at the end.
    private func makeModel(
        _ request: Request, old: Generation, _ mustEnd: @escaping @Sendable () -> Bool, _ report: Report
    ) throws -> Trained {
        let contents = try catalog.read { try $0.liveContents() }
        let frames = try train(on: contents, old, request, mustEnd, report)
        FreedMemory.giveBack()
        let learning = MetricLearning(
            sounds: LibrarySounds(catalog: catalog, seed: request.seed, isCancelled: mustEnd), old: old,
            isByFolder: request.isByFolder, isForced: request.isForced, isStopping: mustEnd)
        let learnt = try learning.learn(from: contents, centroids: frames.centroids, fallback: defaultModel, report)
        let uncalibrated = try TimbreModel(centroids: frames.centroids, metric: learnt.metric, score: learnt.score)
        let frameCount = frames.newUse.frameCount
        let model = try TimbreModel(
            centroids: frames.centroids, metric: learnt.metric, score: learnt.score,
            calibration: try calibration(
                of: contents, Generation(id: 0, model: uncalibrated), seed: request.seed, mustEnd
            ) {
                report("coding", $0, $1)
            },
            provenance: TimbreModel.Provenance(
                created: WallClock.seconds(), frames: frameCount, files: contents.count, seed: request.seed,
                error: frames.newUse.meanSquaredError),
            note: "\(contents.count) sounds, \(frameCount) frames, seed \(request.seed)")
        return Trained(model: model, learnt: learnt, frames: frames, contentCount: contents.count)
    }

    private static func refusal(_ change: RetrievalChange) -> String {
        "it finds the sounds of a folder worse than the model in use, measured by \(change.measure.rawValue); "
            + "--force puts it to use all the same"
    }

    /// Finds centroids for the frames of some contents. The frames are let go at the end.
    private func train(
        on contents: [LiveContent], _ old: Generation, _ request: Request, _ mustEnd: () -> Bool, _ report: Report
    ) throws -> FrameTraining {
        let sample = try gather(contents, seed: request.seed, mustEnd) {
            report("gathering frames", $0, contents.count)
        }
        var trainer = CentroidTrainer(centroidCount: request.centroidCount, seed: request.seed)
        trainer.threadCount = 2
        do throws(CentroidTrainer.Failure) {
            let result = try trainer.train(
                on: sample, progress: { report("training", Int($0.fraction * 1000), 1000) },
                isCancelled: mustEnd)
            return FrameTraining(centroids: result.centroids, newUse: result.use, oldUse: old.coder.use(on: sample))
        } catch .cancelled {
            throw LibraryError.stopping
        } catch {
            throw LibraryError.busy(reason: "the library is too small to learn from: \(error)")
        }
    }

    /// Draws the frames to learn from.
    private func gather(
        _ contents: [LiveContent], seed: UInt64, _ mustEnd: () -> Bool, progress: (Int) -> Void
    ) throws -> FrameSample {
        let sampler = FrameSampler(seed: seed)
        let quota = sampler.quota(for: contents.map(\.soundingCount))
        var sample = FrameSample(storing: contents.reduce(0) { $0 + min(quota, $1.soundingCount) })
        for (place, content) in contents.enumerated() where content.soundingCount > 0 {
            if mustEnd() { throw LibraryError.stopping }
            try catalog.read { reader in
                // A prune may have come between.
                guard let hash = try reader.hash(ofContent: content.id) else { return }
                let frames = sampler.frames(of: hash, count: content.soundingCount, quota: quota)
                sample.append(try reader.cepstra(of: content.id), choosing: frames)
            }
            progress(place)
        }
        return sample
    }

    /// Measures how far apart sounds are under a model. Those that are drawn are coded for it, and no others: what is silent
    /// in a sound is so under any model.
    private func calibration(
        of contents: [LiveContent], _ generation: Generation, seed: UInt64, _ mustEnd: () -> Bool,
        progress: (Int, Int) -> Void
    ) throws -> Calibration? {
        let sounding = contents.filter { $0.soundingCount > 0 }.map(\.id)
        var known: [Int: [TimbreCode]] = [:]
        let most = min(sounding.count, 2 * Self.pairs)
        return try Calibration(ofFiles: sounding.count, seed: seed, pairs: Self.pairs) { place in
            if let codes = known[place] { return codes }
            if mustEnd() { throw LibraryError.stopping }
            let frames = generation.coder.codes(of: try catalog.read { try $0.cepstra(of: sounding[place]) })
            let codes = SpanPooling.pool(frames).map(\.code).filter { !$0.isEmpty }
            known[place] = codes
            progress(known.count, most)
            return codes
        }
    }

    /// Pairs of sounds whose distances give a model's distances a meaning.
    private static let pairs = 20_000

    /// Keeps a model as a new generation and makes it the live one.
    private func keep(
        _ model: TimbreModel, old: Generation, _ mustEnd: () -> Bool, _ report: Report
    ) throws -> Int {
        let id = try add(model, origin: "retrain")
        let generation = Generation(id: id, model: model)
        let generationSwitch = generationSwitch
        try generationSwitch.codeAll(generation, vectorsOf: model.metric == old.model.metric ? old.id : nil) {
            if mustEnd() { throw LibraryError.stopping }
            report("storing codes", $0, $1)
        }
        try generationSwitch.activate(generation)
        return Int(id)
    }
}

import ContentHash
import TimbreCoding
import TimbreIndex
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
    }

    /// Says what is being done, how much is done and of how much.
    typealias Report = (String, Int, Int) -> Void

    /// Trains a model, compares it with the live one and, unless it is a dry run or finds worse, puts it to use.
    ///
    /// Nothing is decoded: the stored features are coded anew. Queries are answered by the old model until the new one
    /// takes its place.
    ///
    /// - Throws: ``LibraryError`` if the library is too small, and what the catalog throws.
    func retrain(_ request: Request, report: Report) throws -> RetrainOutcome {
        let start = ContinuousClock.now
        let before = library.snapshot
        let contents = try catalog.read { try $0.liveContents() }.sorted { $0.hash < $1.hash }
        let sample = try gather(contents, seed: request.seed) { report("gathering frames", $0, contents.count) }
        let trained = try train(on: sample, request, report)
        let learnt = try learnTransform(
            contents, request, old: before.generation, centroids: trained.centroids, report)
        let uncalibrated = try TimbreModel(centroids: trained.centroids, transform: learnt.transform)
        let codes = try code(contents, Generation(id: 0, model: uncalibrated)) {
            report("coding", $0, contents.count)
        }
        let model = try TimbreModel(
            centroids: trained.centroids, transform: learnt.transform,
            calibration: Self.calibration(contents.compactMap { codes[$0.id] }, learnt.transform, seed: request.seed),
            provenance: TimbreModel.Provenance(
                created: IngestLoop.time(), frames: sample.count, files: contents.count, seed: request.seed,
                error: trained.use.meanSquaredError),
            note: "\(contents.count) sounds, \(sample.count) frames, seed \(request.seed)")
        report("comparing", 0, 1)
        let churn = try ModelComparison(before: before, codes: codes, model: model, catalog: catalog).churn()
        let refused = request.isForced ? nil : learnt.drawback.map(Self.refusal)
        var generation: Int?
        if !request.isDry && refused == nil { generation = try keep(model, report) }
        let oldUse = before.generation.coder.use(on: sample)
        return RetrainOutcome(
            oldModel: before.generation.model.identifier.description, newModel: model.identifier.description,
            generation: generation, seed: Int(truncatingIfNeeded: request.seed), contents: contents.count,
            frames: sample.count, oldError: oldUse.meanSquaredError, newError: trained.use.meanSquaredError,
            oldUsed: before.generation.model.centroidCount - oldUse.unusedCount,
            newUsed: model.centroidCount - trained.use.unusedCount, listsCompared: churn.listCount,
            listsChanged: churn.listsWithOtherMembers, seconds: (ContinuousClock.now - start).inSeconds,
            transform: learnt.transform.map { _ in learnt.isNew ? "learnt" : "kept" }, retrieval: learnt.changes,
            refused: refused)
    }

    /// How far apart random sounds are by their codes and, with a transform, by their vectors.
    private static func calibration(
        _ codes: [CodeRecord], _ transform: TimbreTransform?, seed: UInt64
    ) -> Calibration? {
        var calibration = Calibration(of: codes.map { $0.timbreSpans.map(\.code) }, seed: seed)
        if let transform {
            let vectors = codes.compactMap { code in
                code.vector.map { Calibration.Vectors(whole: $0, spans: code.indexedSpans.compactMap(\.vector)) }
            }
            calibration?.measureTimbre(of: vectors, transform: transform, seed: seed)
        }
        return calibration
    }

    private static func refusal(_ change: RetrievalChange) -> String {
        "it finds worse than the model in use, measured by \(change.measure.rawValue) on sounds that were held out; "
            + "--force puts it to use all the same"
    }

    private func train(
        on sample: FrameSample, _ request: Request, _ report: Report
    ) throws -> CentroidTrainer.Result {
        var trainer = CentroidTrainer(centroidCount: request.centroidCount, seed: request.seed)
        trainer.threadCount = 2
        do throws(CentroidTrainer.Failure) {
            return try trainer.train(
                on: sample, progress: { report("training", Int($0.fraction * 1000), 1000) },
                isCancelled: { isStopping })
        } catch .cancelled {
            throw LibraryError.stopping
        } catch {
            throw LibraryError.busy(reason: "the library is too small to learn from: \(error)")
        }
    }

    /// Draws the frames to learn from.
    private func gather(
        _ contents: [ContentRecord], seed: UInt64, progress: (Int) -> Void
    ) throws -> FrameSample {
        let ids = Dictionary(contents.map { ($0.hash, $0.id) }) { first, _ in first }
        let counts = Dictionary(contents.map { ($0.hash, $0.soundingCount) }) { first, _ in first }
        var sample = FrameSample()
        for (place, choice) in FrameSampler(seed: seed).choose(from: counts).enumerated() {
            guard let id = ids[choice.content] else { continue }
            sample.append(try catalog.read { try $0.cepstra(of: id) }, choosing: choice.frames)
            progress(place)
        }
        return sample
    }

    /// Codes all sounds under a model; the codes of single frames are not kept.
    private func code(
        _ contents: [ContentRecord], _ generation: Generation, progress: (Int) -> Void
    ) throws -> [Int64: CodeRecord] {
        var codes: [Int64: CodeRecord] = [:]
        for (place, content) in contents.enumerated() {
            if isStopping { throw LibraryError.stopping }
            var code = try catalog.read { try generation.code(of: content.id, $0) }
            code.frames = []
            codes[content.id] = code
            progress(place)
        }
        return codes
    }

    /// Keeps a model as a new generation and makes it the live one.
    private func keep(_ model: TimbreModel, _ report: Report) throws -> Int {
        let id = try add(model, origin: "retrain")
        let generation = Generation(id: id, model: model)
        let generationSwitch = generationSwitch
        try generationSwitch.codeAll(generation) { report("storing codes", $0, $1) }
        try generationSwitch.activate(generation)
        return Int(id)
    }
}

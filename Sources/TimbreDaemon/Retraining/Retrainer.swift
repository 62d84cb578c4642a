import ContentHash
import Logging
import Synchronization
import TimbreCoding
import TimbreIndex
import TimbreStore
import TimbreWire

/// Learns new models from the library's own sounds.
package final class Retrainer: Sendable {
    let catalog: Catalog
    let library: LiveLibrary
    let ingest: Ingest
    private let isRunning = Mutex(false)
    private let isCancelled = Atomic(false)

    init(catalog: Catalog, library: LiveLibrary, ingest: Ingest) {
        self.catalog = catalog
        self.library = library
        self.ingest = ingest
    }

    var generationSwitch: GenerationSwitch { GenerationSwitch(catalog: catalog, library: library, ingest: ingest) }

    /// Ends a training that is under way; what it has learnt is lost.
    func cancel() { isCancelled.store(true, ordering: .relaxed) }

    /// Whether the daemon is stopping, so that whatever takes long has to give up.
    var isStopping: Bool { isCancelled.load(ordering: .relaxed) }

    /// Does something that changes generations, if nothing of the kind is under way.
    ///
    /// - Throws: ``LibraryError/busy(reason:)`` if it is, and what `body` throws.
    func alone<Result>(_ body: () throws -> Result) throws -> Result {
        try begin()
        defer { end() }
        return try body()
    }

    /// Takes the right to change generations, until ``end()``.
    ///
    /// - Throws: ``LibraryError/busy(reason:)`` if somebody has it.
    func begin() throws {
        try isRunning.withLock { isRunning in
            if isRunning { throw LibraryError.busy(reason: "a model is being trained or put to use; try again later") }
            isRunning = true
        }
    }

    func end() { isRunning.withLock { $0 = false } }

    /// What a training is asked for.
    struct Request: Sendable {
        var seed: UInt64
        var centroidCount: Int
        var isDry: Bool
    }

    /// Trains a model, compares it with the live one and, unless it is a dry run, puts it to use.
    ///
    /// Nothing is decoded: the stored features are coded anew. Queries are answered by the old model until the new one
    /// takes its place.
    ///
    /// - Parameter report: Is told what is being done, how much is done and of how much.
    /// - Throws: ``LibraryError`` if the library is too small, and what the catalog throws.
    func retrain(_ request: Request, report: (String, Int, Int) -> Void) throws -> RetrainOutcome {
        let start = ContinuousClock.now
        let before = library.snapshot
        let contents = try catalog.read { try $0.liveContents() }.sorted { $0.hash < $1.hash }
        let sample = try gather(contents, seed: request.seed) { report("gathering frames", $0, contents.count) }
        var trainer = CentroidTrainer(centroidCount: request.centroidCount, seed: request.seed)
        trainer.threadCount = 2
        let trained: CentroidTrainer.Result
        do throws(CentroidTrainer.Failure) {
            trained = try trainer.train(
                on: sample, progress: { report("training", Int($0.fraction * 1000), 1000) },
                isCancelled: { isCancelled.load(ordering: .relaxed) })
        } catch .cancelled {
            throw LibraryError.stopping
        } catch {
            throw LibraryError.busy(reason: "the library is too small to learn from: \(error)")
        }
        let spans = try code(contents, FrameCoder(centroids: trained.centroids)) {
            report("coding", $0, contents.count)
        }
        let model = try TimbreModel(
            centroids: trained.centroids,
            calibration: Calibration(of: contents.map { spans[$0.id]?.map(\.code) ?? [] }, seed: request.seed),
            provenance: TimbreModel.Provenance(
                created: IngestLoop.time(), frames: sample.count, files: contents.count, seed: request.seed),
            note: "\(contents.count) sounds, \(sample.count) frames, seed \(request.seed)")
        report("comparing", 0, 1)
        let churn = try ModelComparison(before: before, spans: spans, catalog: catalog).churn()
        var generation: Int?
        if !request.isDry { generation = try keep(model, report) }
        let oldUse = before.generation.coder.use(on: sample)
        return RetrainOutcome(
            oldModel: before.generation.model.identifier.description, newModel: model.identifier.description,
            generation: generation, seed: Int(truncatingIfNeeded: request.seed), contents: contents.count,
            frames: sample.count, oldError: oldUse.meanSquaredError, newError: trained.use.meanSquaredError,
            oldUsed: before.generation.model.centroidCount - oldUse.unusedCount,
            newUsed: model.centroidCount - trained.use.unusedCount, listsCompared: churn.listCount,
            listsChanged: churn.listsWithOtherMembers, seconds: (ContinuousClock.now - start).inSeconds)
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

    private func code(
        _ contents: [ContentRecord], _ coder: FrameCoder, progress: (Int) -> Void
    ) throws -> [Int64: [TimbreSpan]] {
        var spans: [Int64: [TimbreSpan]] = [:]
        for (place, content) in contents.enumerated() {
            let cepstra = try catalog.read { try $0.cepstra(of: content.id) }
            spans[content.id] = SpanPooling.pool(coder.codes(of: cepstra)).filter { !$0.isEmpty }
            progress(place)
        }
        return spans
    }

    /// Keeps a model as a new generation and makes it the live one.
    private func keep(_ model: TimbreModel, _ report: (String, Int, Int) -> Void) throws -> Int {
        let id = try add(model, origin: "retrain")
        let generation = Generation(id: id, model: model)
        let generationSwitch = generationSwitch
        try generationSwitch.codeAll(generation) { report("storing codes", $0, $1) }
        try generationSwitch.activate(generation)
        return Int(id)
    }

    /// Keeps a model; one that is known already keeps its number.
    func add(_ model: TimbreModel, origin: String) throws -> Int64 {
        let (hash, data, time) = (model.identifier, model.json(), IngestLoop.time())
        return try ingest.perform { loop in
            try loop.transact { try $0.writer.addModel(hash, data: data, origin: origin, at: time) }
        }
    }
}

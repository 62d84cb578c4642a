import ContentHash
import Platform
import Synchronization
import TimbreCoding
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Learns new models from the library's own sounds and puts them to use: one change of generations at a time.
package final class Retrainer: Sendable {
    private let catalog: Catalog
    private let library: LiveLibrary
    private let storage: ModelStorage
    private let stop: StopFlag
    /// Reads the model whose network is used where the library's model has none.
    private let defaultModel: @Sendable () throws -> TimbreModel
    private let isRunning = Mutex(false)
    private let coding: LibraryCoding

    package init(
        catalog: Catalog, library: LiveLibrary, ingest: Ingest, stop: StopFlag,
        defaultModel: @escaping @Sendable () throws -> TimbreModel = DefaultModel.load
    ) {
        self.catalog = catalog
        self.library = library
        storage = ModelStorage(ingest: ingest)
        self.stop = stop
        self.defaultModel = defaultModel
        coding = LibraryCoding(catalog: catalog, storage: storage)
    }

    /// Runs something that changes generations, unless another such change is under way.
    ///
    /// - Throws: ``LibraryError/busy(reason:)`` if one is, and what `body` throws.
    package func alone<Result>(_ body: () throws -> Result) throws -> Result {
        try begin()
        defer { end() }
        return try body()
    }

    /// Claims the right to change generations, until ``end()``.
    ///
    /// - Throws: ``LibraryError/busy(reason:)`` if somebody has it.
    package func begin() throws {
        try isRunning.withLock { isRunning in
            if isRunning { throw LibraryError.busy(reason: "a model is being trained or put to use; try again later") }
            isRunning = true
        }
    }

    package func end() {
        FreedMemory.giveBack()
        isRunning.withLock { $0 = false }
    }

    /// Trains a model, compares it with the live one and, unless this is a dry run or the new model finds less, puts it
    /// to use.
    ///
    /// Nothing is decoded: the stored features are coded anew. Queries are answered by the old model until the new one
    /// takes its place.
    ///
    /// - Throws: ``LibraryError`` if the library is too small, the daemon stops or nobody wants the model any more, and
    ///   what the catalog throws.
    package func retrain(_ request: TrainingRequest, report: TrainingReport) throws -> RetrainOutcome {
        let start = ContinuousClock.now
        let mustEnd = { @Sendable [stop] in stop.isRaised || request.isAbandoned() }
        let before = library.snapshot
        let trained = try ModelTraining(
            catalog: catalog, request: request, old: before.generation, defaultModel: defaultModel, mustEnd: mustEnd
        ).run(report)
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

    /// Learns a model from a part of the library, and compares it with the one in use by sounds of the rest. It is dropped again.
    ///
    /// - Throws: As of ``retrain(_:report:)``.
    func tryOut(_ request: TrainingRequest) throws -> [RetrievalChange] {
        try HeldOutTrial(
            training: ModelTraining(
                catalog: catalog, request: request, old: library.snapshot.generation, defaultModel: defaultModel,
                mustEnd: { @Sendable [stop] in stop.isRaised || request.isAbandoned() })
        ).run()
    }

    private static func refusal(_ change: RetrievalChange) -> String {
        "it finds the sounds of a folder worse than the model in use, measured by \(change.measure.rawValue); "
            + "--force puts it to use all the same"
    }

    /// Keeps a model as a new generation and makes it the live one.
    private func keep(
        _ model: TimbreModel, old: Generation, _ mustEnd: () -> Bool, _ report: TrainingReport
    ) throws -> Int {
        let generation = Generation(id: try storage.add(model, origin: "retrain"), model: model)
        try coding.codeAll(generation, vectorsOf: model.metric == old.model.metric ? old.id : nil) {
            if mustEnd() { throw LibraryError.stopping }
            report("storing codes", $0, $1)
        }
        try storage.activate(generation)
        return Int(generation.id)
    }

    /// Puts the default model of a later version to use, while queries are answered by the old one.
    package func adopt(_ model: TimbreModel) throws {
        try alone {
            let generation = Generation(id: try storage.add(model, origin: "default"), model: model)
            try coding.codeAll(generation) { _, _ in
                if stop.isRaised { throw LibraryError.stopping }
            }
            try storage.activate(generation)
        }
    }

    /// Puts a generation to use because somebody chose it.
    ///
    /// - Parameter goOn: Throws if nobody is waiting any more.
    package func use(_ generation: Generation, _ goOn: () throws -> Void) throws {
        try coding.codeAll(generation) { _, _ in try goOn() }
        try storage.activate(generation) { try $0.set(LibraryOpening.chosen, to: 1) }
    }
}

import ContentHash
import Logging
import Platform
import SystemPackage
import Systemd
import TimbreCodes
import TimbreCoding
import TimbreConfiguration
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreTraining
import TimbreWire
import Varlink

/// Trains, imports, shows and activates models, as clients ask.
struct ModelAdministration: Sendable {
    let catalog: Catalog
    let library: LiveLibrary
    let ingest: Ingest
    let retrainer: Retrainer
    let known: KnownModels
    let stop: StopFlag
    let logger: Logger
    /// How a model is trained unless the request says otherwise.
    let defaults: @Sendable () -> Configuration.Retraining

    func retrain(
        _ parameters: Retrain.Parameters, for peer: Peer, _ send: (Retrain.Reply) throws -> Void
    ) throws -> Retrain.Reply {
        let defaults = defaults()
        let mayBeAbandoned = parameters.wait || parameters.dryRun
        let request = TrainingRequest(
            seed: parameters.seed.map { UInt64(bitPattern: Int64($0)) } ?? defaults.seed,
            centroidCount: defaults.centroids, isDry: parameters.dryRun, isByFolder: parameters.labels == .folder,
            isForced: parameters.force,
            isAbandoned: { mayBeAbandoned && peer.hasLeft })
        guard parameters.wait || parameters.dryRun else {
            // Tell the client right away if it cannot begin.
            try retrainer.begin()
            let train = { @Sendable [retrainer, logger] in
                defer { retrainer.end() }
                do {
                    let outcome = try retrainer.retrain(request) { _, _, _ in }
                    Self.tell(outcome, logger)
                } catch {
                    logger.error("no new model: \(error)", metadata: ["event": "retrain-failed"])
                }
            }
            do { try DetachedThread.start(train) } catch {
                retrainer.end()
                throw error
            }
            return Retrain.Reply(state: .started)
        }
        return try retrainer.alone {
            let outcome = try translatingFailures {
                var last = ContinuousClock.now - .seconds(1)
                return try retrainer.retrain(request) { stage, done, total in
                    guard ContinuousClock.now - last > .milliseconds(100) else { return }
                    last = .now
                    let reply = Retrain.Reply(
                        state: .running, stage: stage, progress: Progress(done: done, total: total))
                    // If the client has left, the training will notice.
                    do { try send(reply) } catch { last = .now + .seconds(86400) }
                }
            }
            if !parameters.dryRun { Self.tell(outcome, logger) }
            return Retrain.Reply(state: .done, outcome: outcome)
        }
    }

    /// Logs the outcome of a retrain.
    private static func tell(_ outcome: RetrainOutcome, _ logger: Logger) {
        if let refused = outcome.refused {
            logger.warning(
                "model \(outcome.newModel) is not put to use: \(refused)", metadata: ["event": "retrain-refused"])
        } else {
            logger.log(
                .modelSwapped, "model \(outcome.newModel) is in use", metadata: ["model": "\(outcome.newModel)"])
        }
    }

    func list() throws -> ListModels.Reply {
        let live = library.snapshot.generation.id
        return try catalog.read { reader in
            ListModels.Reply(models: try reader.models().reversed().map { try known.model($0.id, live: live, reader) })
        }
    }

    func show(_ choice: ModelChoice) throws -> ShowModel.Reply {
        let snapshot = library.snapshot
        return try catalog.read { reader in
            let record = try known.find(choice, reader)
            let model = try known.load(record, reader)
            var use = [Int](repeating: 0, count: model.centroidCount)
            try reader.forEachIndexRow(model: record.id) { row in
                for span in CodeRecord.timbreSpans(row.spans) {
                    for bit in span.code.bits where bit < use.count { use[bit] += 1 }
                }
            }
            return ShowModel.Reply(
                model: try known.model(record.id, live: snapshot.generation.id, reader), use: use,
                quantisationError: nil)
        }
    }

    func use(_ choice: ModelChoice, for peer: Peer) throws -> Model {
        try retrainer.alone {
            let (record, model) = try catalog.read { reader in
                let record = try known.find(choice, reader)
                return (record, try known.load(record, reader))
            }
            if record.id != library.snapshot.generation.id {
                let generation = Generation(id: record.id, model: model)
                try translatingFailures { try retrainer.use(generation) { try stop.goOn(for: peer) } }
                logger.log(
                    .modelSwapped, "model \(model.identifier) is in use", metadata: ["model": "\(model.identifier)"])
            }
            return try catalog.read { try known.model(record.id, live: record.id, $0) }
        }
    }

    func export(_ choice: ModelChoice) throws -> ExportModel.Reply {
        let live = library.snapshot.generation.id
        return try catalog.read { reader in
            let record = try known.find(choice, reader)
            let data = try reader.modelData(record.id) ?? []
            return ExportModel.Reply(
                model: try known.model(record.id, live: live, reader), document: String(decoding: data, as: UTF8.self))
        }
    }

    func importModel(_ parameters: ImportModel.Parameters) throws -> Model {
        let imported: TimbreModel
        do throws(TimbreModelError) {
            imported = try TimbreModel(json: Array(parameters.document.utf8))
        } catch {
            throw LibraryError.invalidModel(reason: "\(error)")
        }
        if let wanted = parameters.hash, wanted != imported.identifier.description {
            throw LibraryError.invalidModel(reason: "it is \(imported.identifier), and not \(wanted)")
        }
        let id = try translatingFailures { try ModelStorage(ingest: ingest).add(imported, origin: "import") }
        return try catalog.read { try known.model(id, live: library.snapshot.generation.id, $0) }
    }
}

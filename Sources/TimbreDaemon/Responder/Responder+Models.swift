import ContentHash
import Logging
import SystemPackage
import Systemd
import TimbreCodes
import TimbreCoding
import TimbreConfiguration
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

extension Responder {
    package func retrain(
        _ parameters: Retrain.Parameters, from peer: Peer, send: (Retrain.Reply) throws -> Void
    ) throws -> Retrain.Reply {
        let defaults = settings.configuration.retrain
        let mayBeAbandoned = parameters.wait || parameters.dryRun
        let request = Retrainer.Request(
            seed: parameters.seed.map { UInt64(bitPattern: Int64($0)) } ?? defaults.seed,
            centroidCount: defaults.centroids, isDry: parameters.dryRun, isByFolder: parameters.labels == .folder,
            isForced: parameters.force,
            isAbandoned: { mayBeAbandoned && peer.hasLeft })
        guard parameters.wait || parameters.dryRun else {
            // Whoever asks is told here and now if it cannot begin.
            try retrainer.begin()
            let train = { @Sendable [retrainer, logger = settings.logger] in
                defer { retrainer.end() }
                do {
                    let outcome = try retrainer.retrain(request) { _, _, _ in }
                    Self.tell(outcome, logger)
                } catch {
                    logger.error("no new model: \(error)", metadata: ["event": "retrain-failed"])
                }
            }
            do { try settings.background(train) } catch {
                retrainer.end()
                throw error
            }
            return Retrain.Reply(state: .started)
        }
        return try retrainer.alone {
            let outcome = try answering {
                var last = ContinuousClock.now - .seconds(1)
                return try retrainer.retrain(request) { stage, done, total in
                    guard ContinuousClock.now - last > .milliseconds(100) else { return }
                    last = .now
                    let reply = Retrain.Reply(
                        state: .running, stage: stage, progress: Progress(done: done, total: total))
                    // If the client has left, the training finds out by itself.
                    do { try send(reply) } catch { last = .now + .seconds(86400) }
                }
            }
            if !parameters.dryRun { Self.tell(outcome, settings.logger) }
            return Retrain.Reply(state: .done, outcome: outcome)
        }
    }

    /// Says in the journal what came of a retrain.
    private static func tell(_ outcome: RetrainOutcome, _ logger: Logger) {
        if let refused = outcome.refused {
            logger.warning(
                "model \(outcome.newModel) is not put to use: \(refused)", metadata: ["event": "retrain-refused"])
        } else {
            logger.log(
                .modelSwapped, "model \(outcome.newModel) is in use", metadata: ["model": "\(outcome.newModel)"])
        }
    }

    package func listModels(from peer: Peer) throws -> ListModels.Reply {
        let live = library.snapshot.generation.id
        return try catalog.read { reader in
            ListModels.Reply(models: try reader.models().reversed().map { try model($0.id, live: live, reader) })
        }
    }

    package func showModel(_ choice: ModelChoice, from peer: Peer) throws -> ShowModel.Reply {
        let snapshot = library.snapshot
        return try catalog.read { reader in
            let record = try find(choice, reader)
            let model = try load(record, reader)
            var use = [Int](repeating: 0, count: model.centroidCount)
            try reader.forEachIndexRow(model: record.id) { row in
                for span in CodeRecord.timbreSpans(row.spans) {
                    for bit in span.code.bits where bit < use.count { use[bit] += 1 }
                }
            }
            return ShowModel.Reply(
                model: try self.model(record.id, live: snapshot.generation.id, reader), use: use,
                quantisationError: nil)
        }
    }

    package func useModel(_ choice: ModelChoice, from peer: Peer) throws -> Model {
        try retrainer.alone {
            let (record, model) = try catalog.read { reader in
                let record = try find(choice, reader)
                return (record, try load(record, reader))
            }
            if record.id != library.snapshot.generation.id {
                let generation = Generation(id: record.id, model: model)
                try answering {
                    try retrainer.generationSwitch.codeAll(generation) { _, _ in try goOn(for: peer) }
                    try retrainer.generationSwitch.activate(generation) {
                        try $0.set(LibraryOpening.chosen, to: 1)
                    }
                }
                settings.logger.log(.modelSwapped, "model \(model.identifier) is in use")
            }
            return try catalog.read { try self.model(record.id, live: record.id, $0) }
        }
    }

    package func exportModel(_ choice: ModelChoice, from peer: Peer) throws -> ExportModel.Reply {
        let live = library.snapshot.generation.id
        return try catalog.read { reader in
            let record = try find(choice, reader)
            let data = try reader.modelData(record.id) ?? []
            return ExportModel.Reply(
                model: try model(record.id, live: live, reader), document: String(decoding: data, as: UTF8.self))
        }
    }

    package func importModel(_ parameters: ImportModel.Parameters, from peer: Peer) throws -> Model {
        let imported: TimbreModel
        do throws(TimbreModelError) {
            imported = try TimbreModel(json: Array(parameters.document.utf8))
        } catch {
            throw LibraryError.invalidModel(reason: "\(error)")
        }
        let id = try answering { try retrainer.add(imported, origin: "import") }
        return try catalog.read { try model(id, live: library.snapshot.generation.id, $0) }
    }

    /// Finds a generation by its number or the beginning of its hash.
    private func find(_ choice: ModelChoice, _ reader: CatalogReader) throws -> ModelRecord {
        let models = try reader.models()
        guard let name = choice.model else {
            let live = library.snapshot.generation.id
            return try models.first { $0.id == live } ?? { throw LibraryError.noSuchModel("") }()
        }
        let digits = name.hasPrefix("sha256:") ? String(name.dropFirst(7)) : name
        let found = models.filter {
            "\($0.id)" == name || (digits.count >= 8 && $0.hash.hexadecimal.hasPrefix(digits.lowercased()))
        }
        guard found.count == 1, let record = found.first else { throw LibraryError.noSuchModel(name) }
        return record
    }

    private func load(_ record: ModelRecord, _ reader: CatalogReader) throws -> TimbreModel {
        guard let data = try reader.modelData(record.id) else { throw LibraryError.noSuchModel("\(record.id)") }
        do throws(TimbreModelError) { return try TimbreModel(json: data) } catch {
            throw LibraryError.invalidModel(reason: "generation \(record.id): \(error)")
        }
    }

    /// A generation as the wire shows it.
    func model(_ id: Int64, live: Int64, _ reader: CatalogReader) throws -> Model {
        guard let record = try reader.models().first(where: { $0.id == id }) else {
            throw LibraryError.noSuchModel("\(id)")
        }
        // Status asks often, and a model takes milliseconds to read.
        let inUse = library.snapshot.generation
        let model = id == inUse.id ? inUse.model : try load(record, reader)
        return Model(
            id: Int(id), hash: record.hash.description, active: id == live, created: record.added,
            origin: record.origin, centroids: model.centroidCount,
            seed: model.provenance.map { Int(truncatingIfNeeded: $0.seed) }, frames: model.provenance?.frames,
            contents: try reader.codeCount(model: id))
    }
}

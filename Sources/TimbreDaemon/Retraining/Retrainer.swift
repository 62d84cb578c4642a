import ContentHash
import Platform
import Synchronization
import TimbreCoding
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Learns new models from the library's own sounds.
package final class Retrainer: Sendable {
    let catalog: Catalog
    let library: LiveLibrary
    let ingest: Ingest
    /// Reads the model whose network a library takes that has none.
    let defaultModel: @Sendable () throws -> TimbreModel
    private let isRunning = Mutex(false)
    private let isCancelled = Atomic(false)

    init(
        catalog: Catalog, library: LiveLibrary, ingest: Ingest,
        defaultModel: @escaping @Sendable () throws -> TimbreModel = DefaultModel.load
    ) {
        self.catalog = catalog
        self.library = library
        self.ingest = ingest
        self.defaultModel = defaultModel
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

    func end() {
        FreedMemory.giveBack()
        isRunning.withLock { $0 = false }
    }

    /// Puts the default model of a later version to use, while queries are answered by the old one.
    func adopt(_ model: TimbreModel) throws {
        try alone {
            let generation = Generation(id: try add(model, origin: "default"), model: model)
            try generationSwitch.codeAll(generation) { _, _ in
                if isStopping { throw LibraryError.stopping }
            }
            try generationSwitch.activate(generation)
        }
    }

    /// Keeps a model; one that is known already keeps its number.
    func add(_ model: TimbreModel, origin: String) throws -> Int64 { try ingest.add(model, origin: origin) }
}

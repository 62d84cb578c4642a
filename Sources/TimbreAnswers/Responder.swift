import FolderWatch
import Logging
import Platform
import TimbreConfiguration
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreTraining
import TimbreWire
import Varlink

/// Answers clients, each method on the client's own thread and in a snapshot of the library. It only dispatches: the
/// types that it holds know the answers.
package struct Responder: LibraryResponder {
    private let folders: FolderAdministration
    private let searches: SearchAnswers
    private let comparisons: CompareAnswers
    private let oddities: OddAnswers
    private let looks: LookAnswers
    private let maps: MapAnswers
    private let paths: PathAnswers
    private let listings: ListingAnswers
    private let follows: FollowAnswers
    private let changeAnswers: ChangeAnswers
    private let duplicateAnswers: DuplicateAnswers
    private let evaluation: EvaluationAnswers
    private let models: ModelAdministration
    private let control: IngestControl
    private let verification: Verification
    private let statusAnswers: StatusAnswers
    private let backups: BackupAnswers
    private let rebases: RebaseAnswers
    private let reload: @Sendable (Peer) throws -> Reload.Reply

    /// - Parameters:
    ///   - version: The version that `status` shows.
    ///   - retraining: How a model is trained unless the request says otherwise.
    ///   - reload: Reads the configuration again and puts it into force.
    package init(
        catalog: Catalog, library: LiveLibrary, ingest: Ingest, watcher: FolderWatcher, folders: FolderAdministration,
        retrainer: Retrainer, map: MapKeeper, stop: StopFlag, logger: Logger, version: String,
        surroundings: ServiceSurroundings, retraining: @escaping @Sendable () -> Configuration.Retraining,
        reload: @escaping @Sendable (Peer) throws -> Reload.Reply
    ) {
        let files = KnownFiles(catalog: catalog, folders: folders.watched)
        let known = KnownModels(catalog: catalog, library: library)
        let shelf = ModelShelf(known)
        self.folders = folders
        control = IngestControl(
            catalog: catalog, ingest: ingest, watcher: watcher, folders: folders, files: files, stop: stop)
        searches = SearchAnswers(
            catalog: catalog, library: library, files: files, control: control, models: shelf)
        comparisons = CompareAnswers(library: library, files: files, control: control, stop: stop)
        oddities = OddAnswers(catalog: catalog, library: library, files: files, control: control, stop: stop)
        looks = LookAnswers(catalog: catalog, library: library, files: files)
        maps = MapAnswers(library: library, keeper: map)
        paths = PathAnswers(catalog: catalog, library: library, files: files, control: control)
        listings = ListingAnswers(catalog: catalog, library: library, ingest: ingest, files: files)
        follows = FollowAnswers(catalog: catalog, library: library, ingest: ingest, files: files, stop: stop)
        changeAnswers = ChangeAnswers(catalog: catalog, ingest: ingest, models: shelf, stop: stop)
        duplicateAnswers = DuplicateAnswers(catalog: catalog, library: library, files: files, stop: stop)
        evaluation = EvaluationAnswers(catalog: catalog, library: library, files: files, stop: stop)
        models = ModelAdministration(
            catalog: catalog, library: library, ingest: ingest, retrainer: retrainer, known: known, stop: stop,
            logger: logger, defaults: retraining)
        verification = Verification(ingest: ingest, stop: stop)
        statusAnswers = StatusAnswers(
            catalog: catalog, library: library, ingest: ingest, watcher: watcher, folders: folders, models: known,
            version: version)
        backups = BackupAnswers(ingest: ingest, surroundings: surroundings, version: version, stop: stop)
        rebases = RebaseAnswers(
            catalog: catalog, ingest: ingest, watcher: watcher, watched: folders.watched, surroundings: surroundings,
            stop: stop, reload: reload)
        self.reload = reload
    }

    package func similar(_ parameters: Similar.Parameters, from peer: Peer) throws -> Similar.Reply {
        try searches.similar(parameters, for: peer)
    }

    package func compare(
        _ parameters: Compare.Parameters, from peer: Peer, send: (Compare.Reply) throws -> Void
    ) throws -> Compare.Reply {
        try comparisons.compare(parameters, for: peer, send)
    }

    package func odd(
        _ parameters: Odd.Parameters, from peer: Peer, send: (Odd.Reply) throws -> Void
    ) throws -> Odd.Reply {
        try oddities.find(parameters, for: peer, send)
    }

    package func explain(_ parameters: Explain.Parameters, from peer: Peer) throws -> Explain.Reply {
        try searches.explain(parameters)
    }

    package func look(_ parameters: Look.Parameters, from peer: Peer) throws -> Look.Reply {
        try looks.look(parameters)
    }

    package func findPath(_ parameters: FindPath.Parameters, from peer: Peer) throws -> FindPath.Reply {
        try paths.find(parameters, for: peer)
    }

    package func map(
        _ parameters: Map.Parameters, from peer: Peer, send: (Map.Reply) throws -> Void
    ) throws -> Map.Reply {
        try maps.map(parameters, send)
    }

    package func learnMap(from peer: Peer) throws -> LearnMap.Reply { maps.learn() }

    package func random(_ parameters: Random.Parameters, from peer: Peer) throws -> Random.Reply {
        try listings.random(parameters)
    }

    package func list(
        _ parameters: List.Parameters, from peer: Peer, send: (List.Reply) throws -> Void
    ) throws -> List.Reply {
        try listings.list(parameters, send)
    }

    package func numbers(
        _ parameters: Numbers.Parameters, from peer: Peer, send: (Numbers.Reply) throws -> Void
    ) throws -> Numbers.Reply {
        try listings.numbers(parameters, send)
    }

    package func follow(
        _ parameters: Follow.Parameters, from peer: Peer, send: ([UInt8]) throws -> Void
    ) throws -> Follow.Reply {
        try follows.follow(parameters, for: peer, send)
    }

    package func changes(
        _ parameters: Changes.Parameters, from peer: Peer, send: (Changes.Reply) throws -> Void
    ) throws -> Changes.Reply {
        try changeAnswers.changes(parameters, for: peer, send)
    }

    package func vectors(_ parameters: Vectors.Parameters, from peer: Peer) throws -> Vectors.Reply {
        try searches.vectors(parameters)
    }

    package func distances(_ parameters: Distances.Parameters, from peer: Peer) throws -> Distances.Reply {
        try searches.distances(parameters)
    }

    package func info(_ file: WirePath, from peer: Peer) throws -> Info.Reply { try listings.info(file) }

    package func errors(from peer: Peer, send: (Errors.Reply) throws -> Void) throws -> Errors.Reply {
        try listings.errors(send)
    }

    package func status(from peer: Peer) throws -> Status.Reply { try statusAnswers.status() }

    package func retry(_ parameters: Retry.Parameters, from peer: Peer) throws -> Retry.Reply {
        try control.retry(parameters)
    }

    package func addFolder(_ folder: WirePath, from peer: Peer) throws -> Folder { try folders.add(folder) }

    package func removeFolder(_ folder: WirePath, from peer: Peer) throws -> Folder {
        try folders.remove(folder, for: peer)
    }

    package func listFolders(from peer: Peer) throws -> ListFolders.Reply {
        ListFolders.Reply(folders: try folders.list())
    }

    package func scan(_ parameters: Scan.Parameters, from peer: Peer) throws -> Scan.Reply {
        try control.scan(parameters, for: peer)
    }

    package func sync(from peer: Peer) throws -> Sync.Reply { try control.sync(for: peer) }

    package func pause(from peer: Peer) throws -> StateReply { try control.pause() }

    package func resume(from peer: Peer) throws -> StateReply { try control.resume() }

    package func reload(from peer: Peer) throws -> Reload.Reply { try reload(peer) }

    package func retrain(
        _ parameters: Retrain.Parameters, from peer: Peer, send: (Retrain.Reply) throws -> Void
    ) throws -> Retrain.Reply {
        try models.retrain(parameters, for: peer, send)
    }

    package func listModels(from peer: Peer) throws -> ListModels.Reply { try models.list() }

    package func showModel(_ choice: ModelChoice, from peer: Peer) throws -> ShowModel.Reply {
        try models.show(choice)
    }

    package func useModel(_ choice: ModelChoice, from peer: Peer) throws -> Model { try models.use(choice, for: peer) }

    package func exportModel(_ choice: ModelChoice, from peer: Peer) throws -> ExportModel.Reply {
        try models.export(choice)
    }

    package func importModel(_ parameters: ImportModel.Parameters, from peer: Peer) throws -> Model {
        try models.importModel(parameters)
    }

    package func evaluate(
        _ parameters: Evaluate.Parameters, from peer: Peer, send: (Evaluate.Reply) throws -> Void
    ) throws -> Evaluate.Reply {
        try evaluation.evaluate(parameters, for: peer, send)
    }

    package func duplicates(
        _ parameters: Duplicates.Parameters, from peer: Peer, send: (Duplicates.Reply) throws -> Void
    ) throws -> Duplicates.Reply {
        try duplicateAnswers.duplicates(parameters, for: peer, send)
    }

    package func verify(_ parameters: Verify.Parameters, from peer: Peer) throws -> Verify.Reply {
        try verification.verify(parameters, for: peer)
    }

    package func prune(_ parameters: Prune.Parameters, from peer: Peer) throws -> Prune.Reply {
        try control.prune(parameters)
    }

    package func backup(
        _ parameters: Backup.Parameters, from peer: Peer, send: (Backup.Reply) throws -> Void
    ) throws -> Backup.Reply {
        try backups.backup(parameters, for: peer, send)
    }

    package func restore(
        _ parameters: Restore.Parameters, from peer: Peer, send: (Restore.Reply) throws -> Void
    ) throws -> Restore.Reply {
        try backups.restore(parameters, for: peer, send)
    }

    package func rebase(_ parameters: Rebase.Parameters, from peer: Peer) throws -> Rebase.Reply {
        try rebases.rebase(parameters, for: peer)
    }
}

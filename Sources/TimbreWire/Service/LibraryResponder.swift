import Varlink

/// What the daemon does for a client: one function for each method of `org.timbred.Library`.
///
/// The functions block, and are called on a thread of the client's own, several at a time. They throw ``LibraryError``;
/// any other error reaches the client as ``LibraryError/internal(reason:)``. A stream's function sends as often as it
/// likes and returns the last reply; `send` throws once the client is gone, and does nothing if it did not ask for
/// `more`.
package protocol LibraryResponder: Sendable {
    func similar(_ parameters: Similar.Parameters, from peer: Peer) throws -> Similar.Reply
    func compare(
        _ parameters: Compare.Parameters, from peer: Peer, send: (Compare.Reply) throws -> Void
    ) throws -> Compare.Reply
    func odd(_ parameters: Odd.Parameters, from peer: Peer, send: (Odd.Reply) throws -> Void) throws -> Odd.Reply
    func explain(_ parameters: Explain.Parameters, from peer: Peer) throws -> Explain.Reply
    func look(_ parameters: Look.Parameters, from peer: Peer) throws -> Look.Reply
    func findPath(_ parameters: FindPath.Parameters, from peer: Peer) throws -> FindPath.Reply
    func map(
        _ parameters: Map.Parameters, from peer: Peer, send: (Map.Reply) throws -> Void
    ) throws -> Map.Reply
    func learnMap(from peer: Peer) throws -> LearnMap.Reply
    func random(_ parameters: Random.Parameters, from peer: Peer) throws -> Random.Reply
    func list(
        _ parameters: List.Parameters, from peer: Peer, send: (List.Reply) throws -> Void
    ) throws -> List.Reply
    func numbers(
        _ parameters: Numbers.Parameters, from peer: Peer, send: (Numbers.Reply) throws -> Void
    ) throws -> Numbers.Reply
    /// Tells what happens from now on, until the client leaves or the daemon stops.
    ///
    /// - Parameter send: Takes messages that `VarlinkMethod.message` made, one or several in a row.
    func follow(
        _ parameters: Follow.Parameters, from peer: Peer, send: ([UInt8]) throws -> Void
    ) throws -> Follow.Reply
    func changes(
        _ parameters: Changes.Parameters, from peer: Peer, send: (Changes.Reply) throws -> Void
    ) throws -> Changes.Reply
    func vectors(_ parameters: Vectors.Parameters, from peer: Peer) throws -> Vectors.Reply
    func distances(_ parameters: Distances.Parameters, from peer: Peer) throws -> Distances.Reply
    func info(_ file: WirePath, from peer: Peer) throws -> Info.Reply
    func status(from peer: Peer) throws -> Status.Reply
    func errors(from peer: Peer, send: (Errors.Reply) throws -> Void) throws -> Errors.Reply
    func retry(_ parameters: Retry.Parameters, from peer: Peer) throws -> Retry.Reply
    func addFolder(_ folder: WirePath, from peer: Peer) throws -> Folder
    func removeFolder(_ folder: WirePath, from peer: Peer) throws -> Folder
    func listFolders(from peer: Peer) throws -> ListFolders.Reply
    func scan(_ parameters: Scan.Parameters, from peer: Peer) throws -> Scan.Reply
    func sync(from peer: Peer) throws -> Sync.Reply
    func pause(from peer: Peer) throws -> StateReply
    func resume(from peer: Peer) throws -> StateReply
    func reload(from peer: Peer) throws -> Reload.Reply
    func retrain(
        _ parameters: Retrain.Parameters, from peer: Peer, send: (Retrain.Reply) throws -> Void
    ) throws -> Retrain.Reply
    func listModels(from peer: Peer) throws -> ListModels.Reply
    func showModel(_ choice: ModelChoice, from peer: Peer) throws -> ShowModel.Reply
    func useModel(_ choice: ModelChoice, from peer: Peer) throws -> Model
    func exportModel(_ choice: ModelChoice, from peer: Peer) throws -> ExportModel.Reply
    func importModel(_ parameters: ImportModel.Parameters, from peer: Peer) throws -> Model
    func evaluate(
        _ parameters: Evaluate.Parameters, from peer: Peer, send: (Evaluate.Reply) throws -> Void
    ) throws -> Evaluate.Reply
    func duplicates(
        _ parameters: Duplicates.Parameters, from peer: Peer, send: (Duplicates.Reply) throws -> Void
    ) throws -> Duplicates.Reply
    func verify(_ parameters: Verify.Parameters, from peer: Peer) throws -> Verify.Reply
    func prune(_ parameters: Prune.Parameters, from peer: Peer) throws -> Prune.Reply
    func backup(
        _ parameters: Backup.Parameters, from peer: Peer, send: (Backup.Reply) throws -> Void
    ) throws -> Backup.Reply
    func restore(
        _ parameters: Restore.Parameters, from peer: Peer, send: (Restore.Reply) throws -> Void
    ) throws -> Restore.Reply
    func rebase(_ parameters: Rebase.Parameters, from peer: Peer) throws -> Rebase.Reply
}

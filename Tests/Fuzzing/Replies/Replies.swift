import TimbreWire

@testable import Varlink

/// A reply, as the client reads it, for every method; what is read can be written, and is then the same.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    for read in readers { read(bytes) }
    return 0
}

private let readers: [@Sendable ([UInt8]) -> Void] = [
    reader(Similar.self), reader(Explain.self), reader(Look.self), reader(Random.self), reader(List.self),
    reader(Info.self),
    reader(Status.self), reader(Errors.self), reader(Retry.self), reader(AddFolder.self), reader(ListFolders.self),
    reader(Scan.self), reader(Sync.self), reader(Pause.self), reader(Reload.self), reader(Retrain.self),
    reader(ListModels.self), reader(ShowModel.self), reader(ExportModel.self), reader(ImportModel.self),
    reader(Evaluate.self), reader(Duplicates.self), reader(Verify.self), reader(Prune.self),
    reader(Backup.self), reader(Restore.self), reader(Rebase.self),
]

private func reader<M: LibraryMethod>(_: M.Type) -> @Sendable ([UInt8]) -> Void {
    { message in
        do {
            let reply = try JSON.decode(IncomingReply<M.Reply, LibraryError>.self, from: message)
            let again = try JSON.message(
                OutgoingReply(parameters: reply.parameters, continues: reply.continues ? true : nil))
            let second = try JSON.decode(IncomingReply<M.Reply, LibraryError>.self, from: again.dropLast())
            // Text that is equal to another can have other bytes: the messages are compared.
            precondition(second.continues == reply.continues)
            let third = try JSON.message(
                OutgoingReply(parameters: second.parameters, continues: second.continues ? true : nil))
            precondition(third == again)
        } catch let error as LibraryError {
            _ = try? error.message()
        } catch {
            // Not a reply of this method.
        }
    }
}

extension LibraryService {
    /// A method of `org.timbred.Library`, and how it is answered.
    struct Method: Sendable {
        var name: String
        var access: Access
        var streaming: Streaming
        var answer: @Sendable (any LibraryResponder, IncomingCall, Peer, Emit) throws -> Void
    }

    /// The methods by their names.
    static let methods = Dictionary(uniqueKeysWithValues: table.map { ($0.name, $0) })

    private static let table = [
        one(Similar.self) { try $0.similar($1, from: $2) },
        one(Explain.self) { try $0.explain($1, from: $2) },
        one(Random.self) { try $0.random($1, from: $2) },
        stream(List.self) { try $0.list($1, from: $2, send: $3) },
        one(Info.self) { try $0.info($1, from: $2) },
        one(Status.self) { responder, _, peer in try responder.status(from: peer) },
        stream(Errors.self) { responder, _, peer, send in try responder.errors(from: peer, send: send) },
        one(Retry.self) { try $0.retry($1, from: $2) },
        one(AddFolder.self) { try $0.addFolder($1, from: $2) },
        one(RemoveFolder.self) { try $0.removeFolder($1, from: $2) },
        one(ListFolders.self) { responder, _, peer in try responder.listFolders(from: peer) },
        one(Scan.self) { try $0.scan($1, from: $2) },
        one(Sync.self) { responder, _, peer in try responder.sync(from: peer) },
        one(Pause.self) { responder, _, peer in try responder.pause(from: peer) },
        one(Resume.self) { responder, _, peer in try responder.resume(from: peer) },
        one(Reload.self) { responder, _, peer in try responder.reload(from: peer) },
        stream(Retrain.self) { try $0.retrain($1, from: $2, send: $3) },
        one(ListModels.self) { responder, _, peer in try responder.listModels(from: peer) },
        one(ShowModel.self) { try $0.showModel($1, from: $2) },
        one(UseModel.self) { try $0.useModel($1, from: $2) },
        one(ExportModel.self) { try $0.exportModel($1, from: $2) },
        one(ImportModel.self) { try $0.importModel($1, from: $2) },
        stream(Evaluate.self) { try $0.evaluate($1, from: $2, send: $3) },
        stream(Duplicates.self) { try $0.duplicates($1, from: $2, send: $3) },
        one(Verify.self) { try $0.verify($1, from: $2) },
        one(Prune.self) { try $0.prune($1, from: $2) },
    ]

    private static func one<M: LibraryMethod>(
        _: M.Type, _ body: @escaping @Sendable (any LibraryResponder, M.Parameters, Peer) throws -> M.Reply
    ) -> Method {
        stream(M.self) { responder, parameters, peer, _ in try body(responder, parameters, peer) }
    }

    private static func stream<M: LibraryMethod>(
        _: M.Type,
        _ body:
            @escaping @Sendable (
                any LibraryResponder, M.Parameters, Peer, (M.Reply) throws -> Void
            ) throws -> M.Reply
    ) -> Method {
        Method(name: M.name, access: M.access, streaming: M.streaming) { responder, call, peer, emit in
            let parameters = try call.parameters(M.Parameters.self)
            try (parameters as? any CheckedParameters)?.check()
            let last = try body(responder, parameters, peer) { reply in
                guard call.more else { return }
                try emit(WireMessage.encode(OutgoingReply(parameters: reply, continues: true)))
            }
            try emit(WireMessage.encode(OutgoingReply(parameters: last)))
        }
    }
}

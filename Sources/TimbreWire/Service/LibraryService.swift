import CWireInterfaces
import Varlink

/// The interface `org.timbred.Library`.
package enum LibraryInterface {
    package static let name = "org.timbred.Library"
    /// What can be said: the text of `Config/org.timbred.Library.varlink`.
    package static let definition = unsafe String(cString: library_interface())

    /// The methods, each with how a library answers it.
    package static func methods(of responder: any LibraryResponder) -> [VarlinkMethod] {
        [
            one(Similar.self) { try responder.similar($0, from: $1) },
            stream(Compare.self) { try responder.compare($0, from: $1, send: $2) },
            stream(Odd.self) { try responder.odd($0, from: $1, send: $2) },
            one(Explain.self) { try responder.explain($0, from: $1) },
            one(Look.self) { try responder.look($0, from: $1) },
            one(FindPath.self) { try responder.findPath($0, from: $1) },
            stream(Map.self) { try responder.map($0, from: $1, send: $2) },
            one(LearnMap.self) { _, peer in try responder.learnMap(from: peer) },
            one(Random.self) { try responder.random($0, from: $1) },
            stream(List.self) { try responder.list($0, from: $1, send: $2) },
            stream(Numbers.self) { try responder.numbers($0, from: $1, send: $2) },
            shared(Follow.self) { try responder.follow($0, from: $1, send: $2) },
            stream(Changes.self) { try responder.changes($0, from: $1, send: $2) },
            one(Vectors.self) { try responder.vectors($0, from: $1) },
            one(Distances.self) { try responder.distances($0, from: $1) },
            one(Info.self) { try responder.info($0, from: $1) },
            one(Status.self) { _, peer in try responder.status(from: peer) },
            stream(Errors.self) { _, peer, send in try responder.errors(from: peer, send: send) },
            one(Retry.self) { try responder.retry($0, from: $1) },
            one(AddFolder.self) { try responder.addFolder($0, from: $1) },
            one(RemoveFolder.self) { try responder.removeFolder($0, from: $1) },
            one(ListFolders.self) { _, peer in try responder.listFolders(from: peer) },
            one(Scan.self) { try responder.scan($0, from: $1) },
            one(Sync.self) { _, peer in try responder.sync(from: peer) },
            one(Pause.self) { _, peer in try responder.pause(from: peer) },
            one(Resume.self) { _, peer in try responder.resume(from: peer) },
            one(Reload.self) { _, peer in try responder.reload(from: peer) },
            stream(Retrain.self) { try responder.retrain($0, from: $1, send: $2) },
            one(ListModels.self) { _, peer in try responder.listModels(from: peer) },
            one(ShowModel.self) { try responder.showModel($0, from: $1) },
            one(UseModel.self) { try responder.useModel($0, from: $1) },
            one(ExportModel.self) { try responder.exportModel($0, from: $1) },
            one(ImportModel.self) { try responder.importModel($0, from: $1) },
            stream(Evaluate.self) { try responder.evaluate($0, from: $1, send: $2) },
            stream(Duplicates.self) { try responder.duplicates($0, from: $1, send: $2) },
            one(Verify.self) { try responder.verify($0, from: $1) },
            one(Prune.self) { try responder.prune($0, from: $1) },
            stream(Backup.self) { try responder.backup($0, from: $1, send: $2) },
            stream(Restore.self) { try responder.restore($0, from: $1, send: $2) },
            one(Rebase.self) { try responder.rebase($0, from: $1) },
        ]
    }

    private static func one<M: LibraryMethod>(
        _: M.Type, _ body: @escaping @Sendable (M.Parameters, Peer) throws -> M.Reply
    ) -> VarlinkMethod {
        stream(M.self) { parameters, peer, _ in try body(parameters, peer) }
    }

    private static func shared<M: LibraryMethod>(
        _: M.Type,
        _ body: @escaping @Sendable (M.Parameters, Peer, ([UInt8]) throws -> Void) throws -> M.Reply
    ) -> VarlinkMethod {
        VarlinkMethod(sharing: M.name, access: M.access, check: { try M.check($0) }, body: body)
    }

    private static func stream<M: LibraryMethod>(
        _: M.Type, _ body: @escaping @Sendable (M.Parameters, Peer, (M.Reply) throws -> Void) throws -> M.Reply
    ) -> VarlinkMethod {
        VarlinkMethod(M.name, access: M.access, streaming: M.streaming, check: { try M.check($0) }, body: body)
    }
}

/// Who may do what.
package struct AccessPolicy: Hashable, Sendable {
    /// The service's own user, who may do everything, as may root.
    package var owner: UInt32
    /// A group whose members may look; nil if there is none.
    package var group: UInt32?

    package init(owner: UInt32, group: UInt32? = nil) {
        self.owner = owner
        self.group = group
    }

    /// Decides what a client may do.
    package func access(of peer: Peer) -> Access {
        if peer.user == owner || peer.user == 0 { return .change }
        if let group, peer.groups.contains(group) { return .read }
        return .nothing
    }
}

extension VarlinkService {
    /// The service that answers for a library.
    ///
    /// - Parameters:
    ///   - version: The daemon's.
    ///   - url: Where to read more.
    package init(
        library responder: any LibraryResponder, policy: AccessPolicy, version: String, url: String
    ) {
        self.init(
            Product(vendor: "timbred", name: "timbred", version: version, url: url),
            interfaces: [
                VarlinkInterface(
                    name: LibraryInterface.name, definition: LibraryInterface.definition,
                    methods: LibraryInterface.methods(of: responder))
            ],
            policy: policy.access,
            busy: LibraryError.busy(reason: "too many clients are connected; try again when some have gone")
        ) { LibraryError.internal(reason: "\($0)") }
    }
}

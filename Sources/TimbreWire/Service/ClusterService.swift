import CWireInterfaces
import Varlink

/// What timbre-cluster does for a client: one function for each method of `org.timbred.Cluster`. As of a
/// ``LibraryResponder``.
package protocol ClusterResponder: Sendable {
    func similar(_ parameters: Similar.Parameters, from peer: Peer) throws -> Similar.Reply
    func random(_ parameters: Random.Parameters, from peer: Peer) throws -> Random.Reply
    func list(
        _ parameters: List.Parameters, from peer: Peer, send: (List.Reply) throws -> Void
    ) throws -> List.Reply
    func duplicates(
        _ parameters: Duplicates.Parameters, from peer: Peer, send: (Duplicates.Reply) throws -> Void
    ) throws -> Duplicates.Reply
    func shards(from peer: Peer) throws -> Shards.Reply
}

/// The interface `org.timbred.Cluster`: questions of the library's own, asked of the libraries of many machines.
package enum ClusterInterface {
    package static let name = "org.timbred.Cluster"
    /// What can be said: the text of `Config/org.timbred.Cluster.varlink`.
    package static let definition = unsafe String(cString: cluster_interface())

    /// The methods, each with how a cluster answers it.
    package static func methods(of responder: any ClusterResponder) -> [VarlinkMethod] {
        [
            method(Similar.self) { parameters, peer, _ in try responder.similar(parameters, from: peer) },
            method(Random.self) { parameters, peer, _ in try responder.random(parameters, from: peer) },
            method(List.self) { try responder.list($0, from: $1, send: $2) },
            method(Duplicates.self) { try responder.duplicates($0, from: $1, send: $2) },
            method(Shards.self) { _, peer, _ in try responder.shards(from: peer) },
        ]
    }

    private static func method<M: LibraryMethod>(
        _: M.Type, _ body: @escaping @Sendable (M.Parameters, Peer, (M.Reply) throws -> Void) throws -> M.Reply
    ) -> VarlinkMethod {
        VarlinkMethod(M.name, access: M.access, streaming: M.streaming, check: { try M.check($0) }, body: body)
    }
}

extension VarlinkService {
    /// The service that answers for a cluster.
    ///
    /// - Parameters:
    ///   - version: The program's.
    ///   - url: Where to read more.
    package init(cluster responder: any ClusterResponder, policy: AccessPolicy, version: String, url: String) {
        self.init(
            Product(vendor: "timbred", name: "timbre-cluster", version: version, url: url),
            interfaces: [
                VarlinkInterface(
                    name: ClusterInterface.name, definition: ClusterInterface.definition,
                    methods: ClusterInterface.methods(of: responder))
            ],
            policy: policy.access,
            busy: LibraryError.busy(reason: "too many clients are connected; try again when some have gone")
        ) { LibraryError.internal(reason: "\($0)") }
    }
}

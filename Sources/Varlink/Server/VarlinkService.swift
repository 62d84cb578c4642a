/// Answers messages: reads a call, finds its method, writes the replies.
///
/// A value without a socket. What a client may do is decided here, before a parameter is looked at.
package struct VarlinkService: Sendable {
    /// Who serves, as `org.varlink.service.GetInfo` tells it.
    package struct Product: Sendable {
        package var vendor: String
        package var name: String
        package var version: String
        package var url: String

        package init(vendor: String, name: String, version: String, url: String) {
            self.vendor = vendor
            self.name = name
            self.version = version
            self.url = url
        }
    }

    /// The message was not a call. No reply is possible; the connection has to be closed.
    package struct NotACall: Error {}

    /// What a client is told for whom there is no room.
    let busy: any ReplyError
    private let policy: @Sendable (Peer) -> Access
    private let unexpected: @Sendable (any Error) -> any ReplyError
    /// By their names.
    private let interfaces: [String: VarlinkInterface]

    /// - Parameters:
    ///   - interfaces: Those beside `org.varlink.service`, which every service has.
    ///   - policy: Decides what a client may do.
    ///   - busy: What a client is told for whom there is no room.
    ///   - unexpected: Says what a client is told of an error that has no name on the wire.
    package init(
        _ product: Product, interfaces: [VarlinkInterface], policy: @escaping @Sendable (Peer) -> Access,
        busy: any ReplyError, unexpected: @escaping @Sendable (any Error) -> any ReplyError
    ) {
        let itself = VarlinkInterface.service(product, beside: interfaces)
        self.interfaces = Dictionary(uniqueKeysWithValues: ([itself] + interfaces).map { ($0.name, $0) })
        self.policy = policy
        self.busy = busy
        self.unexpected = unexpected
    }

    /// What a client may do.
    package func access(of peer: Peer) -> Access { policy(peer) }

    /// Answers one message, given without its NUL.
    ///
    /// - Parameter send: Sends one message with its NUL, or several; throws once the client is gone.
    /// - Throws: ``NotACall``, or what `send` throws.
    package func answer(_ message: [UInt8], from peer: Peer, send: ([UInt8]) throws -> Void) throws {
        guard let call = Self.call(in: message) else { throw NotACall() }
        var lost: (any Error)?
        func emit(_ reply: [UInt8]) throws {
            guard !call.oneway else { return }
            do { try send(reply) } catch {
                lost = error
                throw error
            }
        }
        do { try method(of: call, for: peer).answer(call, peer, emit) } catch {
            // What `send` threw comes back through the method, which may have put an error of its own in its place.
            if lost == nil { try emit((error as? any ReplyError ?? unexpected(error)).message()) }
        }
        if let lost { throw lost }
    }

    private static func call(in message: [UInt8]) -> IncomingCall? {
        do { return try JSON.decode(IncomingCall.self, from: message) } catch { return nil }
    }

    /// Finds the method of a call, if the client may call it as it does.
    private func method(of call: IncomingCall, for peer: Peer) throws(VarlinkError) -> VarlinkMethod {
        let access = policy(peer)
        guard access != .nothing else { throw .permissionDenied }
        guard let dot = call.method.lastIndex(of: "."), dot != call.method.startIndex else {
            throw .interfaceNotFound(interface: call.method)
        }
        guard !call.upgrade else { throw .methodNotImplemented(method: call.method) }
        let name = String(call.method[..<dot])
        guard let interface = interfaces[name] else { throw .interfaceNotFound(interface: name) }
        guard let method = interface.methods[String(call.method[call.method.index(after: dot)...])] else {
            throw .methodNotFound(method: call.method)
        }
        guard access >= method.access else { throw .permissionDenied }
        guard call.more || method.streaming != .always else { throw .expectedMore }
        return method
    }
}

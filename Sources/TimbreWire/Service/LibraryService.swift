/// Answers messages: reads a call, asks a ``LibraryResponder``, writes the replies.
///
/// A value without a socket. What a client may do is decided here, before a parameter is looked at.
package struct LibraryService: Sendable {
    /// Who serves, as `org.varlink.service.GetInfo` tells it.
    package struct Product: Sendable {
        package var version: String
        package var url: String

        package init(version: String, url: String) {
            self.version = version
            self.url = url
        }
    }

    /// The message was not a call. No reply is possible; the connection has to be closed.
    package struct NotACall: Error {}

    /// Sends one reply.
    typealias Emit = ([UInt8]) throws -> Void

    private let responder: any LibraryResponder
    private let policy: AccessPolicy
    private let product: Product

    package init(responder: any LibraryResponder, policy: AccessPolicy, product: Product) {
        self.responder = responder
        self.policy = policy
        self.product = product
    }

    /// What a client may do.
    package func access(of peer: Peer) -> Access { policy.access(of: peer) }

    /// Answers one message, given without its NUL.
    ///
    /// - Parameter send: Sends one message, with its NUL; throws once the client is gone.
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
        do {
            try answer(call, from: peer, emit: emit)
        } catch {
            // What `send` threw comes back through the responder, which may have put an error of its own in its place.
            if lost == nil { try emit(WireMessage.encode(OutgoingReply(LibraryError(reaching: error)))) }
        }
        if let lost { throw lost }
    }

    private static func call(in message: [UInt8]) -> IncomingCall? {
        do { return try WireMessage.decode(IncomingCall.self, from: message) } catch { return nil }
    }

    private func answer(_ call: IncomingCall, from peer: Peer, emit: Emit) throws {
        let access = policy.access(of: peer)
        guard access != .nothing else { throw LibraryError.permissionDenied }
        guard let dot = call.method.lastIndex(of: "."), dot != call.method.startIndex else {
            throw LibraryError.interfaceNotFound(interface: call.method)
        }
        let name = String(call.method[call.method.index(after: dot)...])
        guard !call.upgrade else { throw LibraryError.methodNotImplemented(method: call.method) }
        switch call.method[..<dot] {
        case "org.varlink.service":
            try answerAboutItself(call, name: name, emit: emit)
        case "org.timbred.Library":
            guard let method = Self.methods[name] else { throw LibraryError.methodNotFound(method: call.method) }
            guard access >= method.access else { throw LibraryError.permissionDenied }
            guard call.more || method.streaming != .always else { throw LibraryError.expectedMore }
            try method.answer(responder, call, peer, emit)
        case let interface:
            throw LibraryError.interfaceNotFound(interface: String(interface))
        }
    }

    private func answerAboutItself(_ call: IncomingCall, name: String, emit: Emit) throws {
        switch name {
        case "GetInfo":
            let info = ServiceInfo.Reply(
                vendor: "timbred", product: "timbred", version: product.version, url: product.url,
                interfaces: ["org.varlink.service", "org.timbred.Library"])
            try emit(WireMessage.encode(OutgoingReply(parameters: info)))
        case "GetInterfaceDescription":
            let interface = try call.parameters(InterfaceDescription.Parameters.self).interface
            guard let text = InterfaceDescription.texts[interface] else {
                throw LibraryError.interfaceNotFound(interface: interface)
            }
            try emit(WireMessage.encode(OutgoingReply(parameters: InterfaceDescription.Reply(description: text))))
        default: throw LibraryError.methodNotFound(method: call.method)
        }
    }
}

extension LibraryError {
    /// What a client is told of an error that a responder threw.
    init(reaching error: any Error) {
        self = error as? LibraryError ?? .internal(reason: "\(error)")
    }
}

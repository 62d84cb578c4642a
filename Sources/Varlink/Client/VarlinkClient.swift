import Platform
import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// A connection to a service.
///
/// Calls go one after the other, and wait as long as the service takes. The value owns a descriptor, which is closed
/// when the value goes out of scope.
package struct VarlinkClient: ~Copyable {
    private let descriptor: FileDescriptor
    private let path: FilePath
    private var messages = MessageSplitter(limit: 256 << 20)

    /// Connects.
    ///
    /// - Throws: ``SocketError``, of reason `nobody` if no service listens there.
    package init(connectingTo path: FilePath) throws(SocketError) {
        self.path = path
        descriptor = try FileDescriptor.connected(to: path)
    }

    deinit { Glibc.close(descriptor.rawValue) }

    /// Calls a method that replies once.
    ///
    /// - Parameter method: The whole name, such as `org.varlink.service.GetInfo`.
    /// - Throws: `Failure` if that is the reply, or ``ConversationError``.
    package mutating func call<Reply: Decodable, Failure: ReadableReplyError>(
        _ method: String, _ parameters: some Encodable, failure: Failure.Type
    ) throws -> Reply {
        try send(OutgoingCall(method: method, parameters: parameters))
        return try receive(IncomingReply<Reply, Failure>.self).parameters
    }

    /// Calls a method and takes every reply it makes.
    ///
    /// - Parameters:
    ///   - passed: A descriptor that the service gets with the call; it stays the caller's.
    ///   - news: Is given each reply but the last as it comes.
    /// - Returns: The last reply.
    package mutating func call<Reply: Decodable, Failure: ReadableReplyError>(
        _ method: String, _ parameters: some Encodable, passing passed: FileDescriptor? = nil, failure: Failure.Type,
        news: (Reply) throws -> Void
    ) throws -> Reply {
        try send(OutgoingCall(method: method, parameters: parameters, more: true), passed)
        while true {
            let reply = try receive(IncomingReply<Reply, Failure>.self)
            guard reply.continues else { return reply.parameters }
            try news(reply.parameters)
        }
    }

    private func send(_ call: OutgoingCall<some Encodable>, _ passed: FileDescriptor? = nil) throws {
        let message = try JSON.message(call)
        do { try descriptor.sendAll(message, passing: passed) } catch {
            // A service that turns a client away says so before it hangs up: its reply is there to be read.
            guard error == .brokenPipe || error == .connectionReset else {
                throw ConversationError(path: path, reason: .broken(error))
            }
        }
    }

    private mutating func receive<Message: Decodable>(_: Message.Type) throws -> Message {
        do {
            while true {
                if let message = try messages.next() { return try JSON.decode(Message.self, from: message) }
                let piece = try descriptor.receive(upTo: 256 << 10)
                guard !piece.isEmpty else { throw ConversationError(path: path, reason: .ended) }
                messages.append(piece)
            }
        } catch let error as Errno {
            throw ConversationError(path: path, reason: error == .connectionReset ? .ended : .broken(error))
        } catch is DecodingError {
            throw ConversationError(path: path, reason: .nonsense)
        } catch is MessageSplitter.TooLong {
            throw ConversationError(path: path, reason: .nonsense)
        }
    }
}

/// A conversation that broke off.
package struct ConversationError: Error, Hashable {
    package enum Reason: Hashable, Sendable {
        /// The service hung up.
        case ended
        case broken(Errno)
        /// What came is not a reply; most likely it is of another version.
        case nonsense
    }

    /// The socket.
    package var path: FilePath
    package var reason: Reason

    package init(path: FilePath, reason: Reason) {
        self.path = path
        self.reason = reason
    }
}

import SystemPackage

#if canImport(Glibc)
    import Glibc
#endif

/// A connection to a daemon.
///
/// Calls go one after the other, and wait as long as the daemon takes. The value owns a descriptor, which is closed when
/// the value goes out of scope.
package struct WireClient: ~Copyable {
    private let descriptor: FileDescriptor
    private let path: FilePath
    private var messages = MessageSplitter(limit: 256 << 20)

    /// Connects.
    ///
    /// - Throws: ``SocketError``, of reason `nobody` if no daemon listens there.
    package init(connectingTo path: FilePath) throws(SocketError) {
        self.path = path
        descriptor = try FileDescriptor.connected(to: path)
    }

    deinit { Glibc.close(descriptor.rawValue) }

    /// Calls a method that replies once.
    ///
    /// - Throws: ``LibraryError`` if that is the reply, or ``ConversationError``.
    package mutating func call<Method: LibraryMethod>(
        _: Method.Type, _ parameters: Method.Parameters
    ) throws -> Method.Reply {
        try send(OutgoingCall(method: Method.fullName, parameters: parameters))
        return try receive(Method.Reply.self).parameters
    }

    /// Calls a method and takes every reply it makes.
    ///
    /// - Parameter receive: Is given each reply but the last as it comes.
    /// - Returns: The last reply.
    package mutating func call<Method: LibraryMethod>(
        _: Method.Type, _ parameters: Method.Parameters, news: (Method.Reply) throws -> Void
    ) throws -> Method.Reply {
        try send(OutgoingCall(method: Method.fullName, parameters: parameters, more: true))
        while true {
            let reply = try receive(Method.Reply.self)
            guard reply.continues else { return reply.parameters }
            try news(reply.parameters)
        }
    }

    private func send(_ call: OutgoingCall<some Encodable>) throws {
        let message = try WireMessage.encode(call)
        do { try descriptor.sendAll(message) } catch {
            // A daemon that turns a client away says so before it hangs up: its reply is there to be read.
            guard error == .brokenPipe || error == .connectionReset else {
                throw ConversationError(path: path, reason: .broken(error))
            }
        }
    }

    private mutating func receive<Reply: Decodable>(_: Reply.Type) throws -> IncomingReply<Reply> {
        do {
            while true {
                if let message = try messages.next() {
                    return try WireMessage.decode(IncomingReply<Reply>.self, from: message)
                }
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
        /// The daemon hung up.
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

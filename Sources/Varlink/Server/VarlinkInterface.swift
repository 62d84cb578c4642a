/// What a client may do, or must be allowed to do.
package enum Access: Comparable, Sendable {
    case nothing, read, change
}

/// Whether a method can reply more than once.
package enum Streaming: Sendable {
    /// One reply.
    case never
    /// One reply, and, if the client asks for `more`, news before it.
    case ifAsked
    /// Only with `more`; without it the answer is `ExpectedMore`.
    case always
}

/// An interface that a service implements.
package struct VarlinkInterface: Sendable {
    /// A reversed domain name, such as `org.varlink.service`.
    package let name: String
    /// The definition, in Varlink's own language.
    package let definition: String
    /// By their names, such as `GetInfo`.
    package let methods: [String: VarlinkMethod]

    package init(name: String, definition: String, methods: [VarlinkMethod]) {
        self.name = name
        self.definition = definition
        self.methods = Dictionary(uniqueKeysWithValues: methods.map { ($0.name, $0) })
    }
}

/// A method, and how it is answered.
package struct VarlinkMethod: Sendable {
    /// The last part of the whole name.
    package let name: String
    let access: Access
    let streaming: Streaming
    /// Reads the call's parameters, answers it, and hands each reply to `emit`, as a message.
    let answer: @Sendable (_ call: IncomingCall, _ peer: Peer, _ emit: ([UInt8]) throws -> Void) throws -> Void

    /// - Parameters:
    ///   - access: What a client must be allowed to do.
    ///   - check: Throws if parameters of the right types are out of range.
    ///   - body: Answers a call. Returns the last reply, and hands those before it to `send`, which does nothing if the
    ///     client did not ask for `more`, and throws once it is gone.
    package init<Parameters: Decodable & Sendable, Reply: Encodable & Sendable>(
        _ name: String, access: Access, streaming: Streaming,
        check: @escaping @Sendable (Parameters) throws -> Void = { _ in },
        body:
            @escaping @Sendable (
                _ parameters: Parameters, _ peer: Peer, _ send: (Reply) throws -> Void
            ) throws -> Reply
    ) {
        self.name = name
        self.access = access
        self.streaming = streaming
        answer = { call, peer, emit in
            let parameters = try call.parameters(Parameters.self)
            try check(parameters)
            let last = try body(parameters, peer) { reply in
                guard call.more else { return }
                try emit(JSON.message(OutgoingReply(parameters: reply, continues: true)))
            }
            try emit(JSON.message(OutgoingReply(parameters: last)))
        }
    }

    /// A method whose replies but the last are the same for many clients, and made once for all of them.
    ///
    /// - Parameter body: As above, but `send` takes messages that ``message(_:)`` made, one or several in a row.
    package init<Parameters: Decodable & Sendable, Reply: Encodable & Sendable>(
        sharing name: String, access: Access,
        check: @escaping @Sendable (Parameters) throws -> Void,
        body:
            @escaping @Sendable (
                _ parameters: Parameters, _ peer: Peer, _ send: ([UInt8]) throws -> Void
            ) throws -> Reply
    ) {
        self.name = name
        self.access = access
        streaming = .always
        answer = { call, peer, emit in
            let parameters = try call.parameters(Parameters.self)
            try check(parameters)
            let last = try body(parameters, peer, emit)
            try emit(JSON.message(OutgoingReply(parameters: last)))
        }
    }

    /// A reply after which others come, as a message.
    package static func message(_ reply: some Encodable) throws -> [UInt8] {
        try JSON.message(OutgoingReply(parameters: reply, continues: true))
    }
}

/// A reply, as the server writes it.
struct OutgoingReply<Parameters: Encodable>: Encodable {
    var parameters: Parameters
    /// Whether there are more to come; left out if not.
    var continues: Bool?
    /// The error's whole name; left out if there is none.
    var error: String?
}

extension ReplyError {
    /// The error as a message, with its NUL.
    func message() throws -> [UInt8] { try Self.message(name, parameters) }

    private static func message(_ name: String, _ parameters: some Encodable) throws -> [UInt8] {
        try JSON.message(OutgoingReply(parameters: parameters, error: name))
    }
}

/// A reply, as the client reads it.
struct IncomingReply<Parameters: Decodable, Failure: ReadableReplyError>: Decodable {
    let parameters: Parameters
    let continues: Bool

    private enum CodingKeys: String, CodingKey {
        case parameters, continues, error
    }

    /// - Throws: `Failure` if the reply is an error.
    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        if let name = try members.decodeIfPresent(String.self, forKey: .error) {
            let isThere = try members.contains(.parameters) && !members.decodeNil(forKey: .parameters)
            throw try Failure(name: name, parameters: isThere ? members.superDecoder(forKey: .parameters) : nil)
        }
        continues = try members.decodeIfPresent(Bool.self, forKey: .continues) ?? false
        parameters = try members.decode(Parameters.self, forKey: .parameters)
    }
}

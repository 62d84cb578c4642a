/// A reply, as the server writes it.
struct OutgoingReply<Parameters: Encodable>: Encodable {
    var parameters: Parameters
    /// Whether there are more to come; left out if not.
    var continues: Bool?
    /// The error's whole name; left out if there is none.
    var error: String?
}

extension OutgoingReply where Parameters == LibraryError.Details {
    init(_ error: LibraryError) {
        let (name, details) = error.message
        self.init(parameters: details, error: name)
    }
}

/// A reply, as the client reads it.
struct IncomingReply<Parameters: Decodable>: Decodable {
    let parameters: Parameters
    let continues: Bool

    private enum CodingKeys: String, CodingKey {
        case parameters, continues, error
    }

    /// - Throws: ``LibraryError`` if that is what the reply says.
    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        if let name = try members.decodeIfPresent(String.self, forKey: .error) {
            let details = try members.decodeIfPresent(LibraryError.Details.self, forKey: .parameters)
            throw LibraryError(name: name, details: details ?? LibraryError.Details())
        }
        continues = try members.decodeIfPresent(Bool.self, forKey: .continues) ?? false
        parameters = try members.decode(Parameters.self, forKey: .parameters)
    }
}

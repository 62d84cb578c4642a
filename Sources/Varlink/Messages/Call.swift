/// A call, as the client writes it.
struct OutgoingCall<Parameters: Encodable>: Encodable {
    var method: String
    var parameters: Parameters
    var more: Bool?
}

/// A call, as the server reads it.
///
/// What the parameters have to be is known once the method is: they are read afterwards, by ``parameters(_:)``.
struct IncomingCall: Decodable {
    let method: String
    /// Whether the client wants every reply there is.
    let more: Bool
    /// Whether the client wants none.
    let oneway: Bool
    /// Whether the client wants to speak another protocol from now on, which there is not.
    let upgrade: Bool
    private let decoder: (any Decoder)?

    private enum CodingKeys: String, CodingKey {
        case method, parameters, more, oneway, upgrade
    }

    init(from decoder: any Decoder) throws {
        let members = try decoder.container(keyedBy: CodingKeys.self)
        method = try members.decode(String.self, forKey: .method)
        more = try members.decodeIfPresent(Bool.self, forKey: .more) ?? false
        oneway = try members.decodeIfPresent(Bool.self, forKey: .oneway) ?? false
        upgrade = try members.decodeIfPresent(Bool.self, forKey: .upgrade) ?? false
        let isThere = try members.contains(.parameters) && !members.decodeNil(forKey: .parameters)
        self.decoder = isThere ? try members.superDecoder(forKey: .parameters) : nil
    }

    /// Reads the parameters; none at all is the same as an empty object.
    ///
    /// - Throws: ``VarlinkError/invalidParameter(_:)`` with the name of the one that is missing or not what it must be.
    func parameters<Parameters: Decodable>(_: Parameters.Type) throws -> Parameters {
        do {
            guard let decoder else { return try JSON.decode(Parameters.self, from: Array("{}".utf8)) }
            return try Parameters(from: decoder)
        } catch let error as DecodingError {
            throw VarlinkError.invalidParameter(error.parameterName)
        } catch {
            // JSON that the decoder had not looked at closely before, and that is broken.
            throw VarlinkError.invalidParameter("parameters")
        }
    }
}

extension DecodingError {
    /// Where it happened, such as `queries[0].code`; `parameters` if it is not even an object.
    var parameterName: String {
        let path: [any CodingKey] =
            switch self {
            case .typeMismatch(_, let context), .valueNotFound(_, let context), .dataCorrupted(let context):
                context.codingPath
            case .keyNotFound(let key, let context): context.codingPath + [key]
            @unknown default: []
            }
        var name = ""
        // The first key is the call's own member, if the decoder began there.
        for key in path.first?.stringValue == "parameters" ? path.dropFirst() : path[...] {
            if let index = key.intValue {
                name += "[\(index)]"
            } else {
                name += name.isEmpty ? key.stringValue : ".\(key.stringValue)"
            }
        }
        return name.isEmpty ? "parameters" : name
    }
}

/// An error that a method can reply with.
package protocol ReplyError: Error {
    /// The whole name, such as `org.varlink.service.InvalidParameter`.
    var name: String { get }
    /// What is said of it: an object.
    var parameters: any Encodable { get }
}

/// An error that a client knows when it comes.
package protocol ReadableReplyError: ReplyError {
    /// Reads an error.
    ///
    /// - Parameter parameters: Reads what is said of it; nil if nothing is.
    init(name: String, parameters: (any Decoder)?) throws
}

/// The errors that every service has.
package enum VarlinkError: ReplyError, Hashable, Sendable {
    case interfaceNotFound(interface: String)
    case methodNotFound(method: String)
    case methodNotImplemented(method: String)
    /// A parameter is missing, of the wrong type or out of range.
    case invalidParameter(String)
    case permissionDenied
    /// The method replies more than once, and the client did not ask for `more`.
    case expectedMore

    private struct Details: Codable {
        var interface: String?
        var method: String?
        var parameter: String?
    }

    package var name: String {
        switch self {
        case .interfaceNotFound: "org.varlink.service.InterfaceNotFound"
        case .methodNotFound: "org.varlink.service.MethodNotFound"
        case .methodNotImplemented: "org.varlink.service.MethodNotImplemented"
        case .invalidParameter: "org.varlink.service.InvalidParameter"
        case .permissionDenied: "org.varlink.service.PermissionDenied"
        case .expectedMore: "org.varlink.service.ExpectedMore"
        }
    }

    package var parameters: any Encodable {
        switch self {
        case .interfaceNotFound(let interface): Details(interface: interface)
        case .methodNotFound(let method), .methodNotImplemented(let method): Details(method: method)
        case .invalidParameter(let parameter): Details(parameter: parameter)
        case .permissionDenied, .expectedMore: Details()
        }
    }

    /// Reads an error; nil if it has another name.
    package init?(name: String, parameters: (any Decoder)?) throws {
        let details = try parameters.map(Details.init(from:)) ?? Details()
        switch name {
        case "org.varlink.service.InterfaceNotFound": self = .interfaceNotFound(interface: details.interface ?? "")
        case "org.varlink.service.MethodNotFound": self = .methodNotFound(method: details.method ?? "")
        case "org.varlink.service.MethodNotImplemented": self = .methodNotImplemented(method: details.method ?? "")
        case "org.varlink.service.InvalidParameter": self = .invalidParameter(details.parameter ?? "")
        case "org.varlink.service.PermissionDenied": self = .permissionDenied
        case "org.varlink.service.ExpectedMore": self = .expectedMore
        default: return nil
        }
    }
}

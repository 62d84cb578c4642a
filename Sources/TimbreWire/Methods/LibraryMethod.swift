import SystemPackage
import Varlink

/// A method of the interface `org.timbred.Library`.
///
/// Each method is a type without values, which holds the types of what is said in either direction.
package protocol LibraryMethod: SendableMetatype {
    associatedtype Parameters: Codable & Sendable
    associatedtype Reply: Codable & Sendable

    /// The last part of the method's name, such as `Similar`.
    static var name: String { get }
    /// What a client must be allowed to do.
    static var access: Access { get }
    /// Whether there can be more than one reply.
    static var streaming: Streaming { get }

    /// Makes sure of what the types of parameters do not say. A ``LibraryResponder`` relies on it.
    ///
    /// - Throws: ``VarlinkError/invalidParameter(_:)`` with the name of the first that is out of range.
    static func check(_ parameters: Parameters) throws(VarlinkError)
}

extension LibraryMethod {
    package static var name: String { "\(Self.self)" }
    package static var access: Access { .read }
    package static var streaming: Streaming { .never }
    package static func check(_ parameters: Parameters) throws(VarlinkError) {}
}

extension VarlinkClient {
    /// Calls a method that replies once.
    ///
    /// - Parameter interface: The interface that it is a method of.
    /// - Throws: ``LibraryError`` if that is the reply, or ``ConversationError``.
    package mutating func call<Method: LibraryMethod>(
        _: Method.Type, _ parameters: Method.Parameters, of interface: String = LibraryInterface.name
    ) throws -> Method.Reply {
        try call("\(interface).\(Method.name)", parameters, failure: LibraryError.self)
    }

    /// Calls a method and takes every reply it makes.
    ///
    /// - Parameters:
    ///   - passed: A descriptor that the service gets with the call; it stays the caller's.
    ///   - news: Is given each reply but the last as it comes.
    /// - Returns: The last reply.
    package mutating func call<Method: LibraryMethod>(
        _: Method.Type, _ parameters: Method.Parameters, of interface: String = LibraryInterface.name,
        passing passed: FileDescriptor? = nil, news: (Method.Reply) throws -> Void
    ) throws -> Method.Reply {
        try call("\(interface).\(Method.name)", parameters, passing: passed, failure: LibraryError.self, news: news)
    }
}

/// Nothing to say.
package struct Nothing: Codable, Hashable, Sendable {
    package init() {}
}

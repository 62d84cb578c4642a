/// A method of the interface `org.timbred.Library`.
///
/// Each method is a type without values, which holds the types of what is said in either direction.
package protocol LibraryMethod {
    associatedtype Parameters: Codable & Sendable
    associatedtype Reply: Codable & Sendable

    /// The last part of the method's name, such as `Similar`.
    static var name: String { get }
    /// What a client must be allowed to do.
    static var access: Access { get }
    /// Whether there can be more than one reply.
    static var streaming: Streaming { get }
}

extension LibraryMethod {
    package static var name: String { "\(Self.self)" }
    package static var access: Access { .read }
    package static var streaming: Streaming { .never }
    /// The whole name, such as `org.timbred.Library.Similar`.
    package static var fullName: String { "org.timbred.Library.\(name)" }
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

/// What a client may do, or must be allowed to do.
package enum Access: Comparable, Sendable {
    case nothing, read, change
}

/// Nothing to say.
package struct Nothing: Codable, Hashable, Sendable {
    package init() {}
}

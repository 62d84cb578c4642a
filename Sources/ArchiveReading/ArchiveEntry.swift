/// What an archive says of one of its members, in front of its bytes.
package struct ArchiveEntry: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        case file
        /// Another name for a file that came before: that file's name.
        case hardLink([UInt8])
        case directory
        /// A symbolic link, a device and the like.
        case other
    }

    /// Its name as it stands in the archive, as bytes; nil where it cannot be told.
    package var name: [UInt8]?
    package var kind: Kind
    /// Bytes in it, where the archive says so.
    package var size: Int64?
    /// When it was last written, in nanoseconds since 1970; 0 if that is not known.
    package var modified: Int64
    /// Whether it takes a password.
    package var isEncrypted: Bool
}

/// Why an archive, or a member of one, cannot be read.
package struct ArchiveFailure: Error, Hashable, Sendable {
    package enum Reason: Sendable {
        /// The file could not be read.
        case unreadable
        /// Nothing that is known as an archive.
        case unknownFormat
        /// It takes a password.
        case encrypted
        /// Compressed in a way that is known, and not read.
        case unsupported
        case damaged
    }

    package var reason: Reason
    /// In libarchive's words; empty where it has none.
    package var detail: String
    /// Whether what follows can still be read.
    package var isOfMember: Bool
}

import CLinux

/// What inotify says once.
struct InotifyEvent {
    /// What happened, as the kernel's bits.
    struct Kind: OptionSet {
        let rawValue: UInt32

        static let attributes = Kind(rawValue: UInt32(IN_ATTRIB))
        static let closedAfterWriting = Kind(rawValue: UInt32(IN_CLOSE_WRITE))
        static let created = Kind(rawValue: UInt32(IN_CREATE))
        static let deleted = Kind(rawValue: UInt32(IN_DELETE))
        static let movedFrom = Kind(rawValue: UInt32(IN_MOVED_FROM))
        static let movedTo = Kind(rawValue: UInt32(IN_MOVED_TO))
        static let selfDeleted = Kind(rawValue: UInt32(IN_DELETE_SELF))
        static let selfMoved = Kind(rawValue: UInt32(IN_MOVE_SELF))
        static let unmounted = Kind(rawValue: UInt32(IN_UNMOUNT))
        static let overflow = Kind(rawValue: UInt32(IN_Q_OVERFLOW))
        /// The watch is no more: its directory was deleted or unmounted, or the watch removed.
        static let ignored = Kind(rawValue: UInt32(IN_IGNORED))
        /// What it happened to is a directory.
        static let directory = Kind(rawValue: UInt32(IN_ISDIR))
    }

    /// The watch that tells; -1 for an overflow.
    var watch: Int32
    var kind: Kind
    /// The same for the two halves of a move, else 0.
    var cookie: UInt32
    /// What it happened to in the watched directory; nil for the directory itself.
    var name: [UInt8]?
}

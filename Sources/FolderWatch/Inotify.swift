import CLinux
import Glibc
import Platform
import SystemPackage

/// The kernel's queue of what happens in directories.
///
/// The object owns the descriptor, and with it all watches.
final class Inotify {
    /// What is asked of the kernel.
    struct Mask: OptionSet {
        let rawValue: UInt32

        /// All that a directory's content can go through. Single writes are left out: they come in floods, and the
        /// closing of the file tells as much.
        static let content = Mask(
            rawValue: UInt32(
                IN_CREATE | IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE | IN_DELETE_SELF | IN_MOVE_SELF
                    | IN_ATTRIB | IN_ONLYDIR | IN_EXCL_UNLINK))
        /// The directory is moved or deleted; asked in addition to what is asked of it already.
        static let place = Mask(rawValue: UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR | IN_MASK_ADD))
        /// The same, and nothing else any more.
        static let placeOnly = Mask(rawValue: UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_ONLYDIR))
        /// Something may have come to be in the directory; asked in addition.
        static let arrivals = Mask(rawValue: place.rawValue | UInt32(IN_CREATE | IN_MOVED_TO | IN_ATTRIB))
        /// A symbolic link is not a directory.
        static let noFollow = Mask(rawValue: UInt32(IN_DONT_FOLLOW))
    }

    /// Readable while events wait.
    let descriptor: FileDescriptor
    private var buffer = [UInt8](repeating: 0, count: 64 * 1024)

    /// Opens a queue of its own.
    ///
    /// - Throws: `EMFILE` if the user has too many (`fs.inotify.max_user_instances`).
    init() throws(Errno) {
        let opened = inotify_init1(Int32(IN_CLOEXEC | IN_NONBLOCK))
        guard opened >= 0 else { throw Errno.last }
        descriptor = FileDescriptor(rawValue: opened)
    }

    /// Takes over a queue that somebody else made, non-blocking and close-on-exec.
    init(adopting descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { _ = Glibc.close(descriptor.rawValue) }

    /// Puts a watch on a directory.
    ///
    /// - Returns: The watch; the same as before if the directory is watched already, by whatever path.
    /// - Throws: `ENOSPC` if the user has too many watches.
    func watch(_ directory: FilePath, _ mask: Mask) throws(Errno) -> Int32 {
        let watch = unsafe directory.withPlatformString { path in
            unsafe inotify_add_watch(descriptor.rawValue, path, mask.rawValue)
        }
        guard watch >= 0 else { throw Errno.last }
        return watch
    }

    /// Takes a watch off. One that the kernel has dropped by itself is no matter.
    func remove(_ watch: Int32) { _ = inotify_rm_watch(descriptor.rawValue, watch) }

    /// Takes events from the queue, at most what 64 KB hold; none if it is empty.
    func read() throws(Errno) -> [InotifyEvent] {
        let count = unsafe buffer.withUnsafeMutableBytes { room in
            unsafe Glibc.read(descriptor.rawValue, room.baseAddress, room.count)
        }
        guard count >= 0 else {
            guard errno == EAGAIN || errno == EINTR else { throw Errno.last }
            return []
        }
        return unsafe buffer.withUnsafeBytes { bytes in
            unsafe Self.events(in: UnsafeRawBufferPointer(rebasing: bytes[..<count]))
        }
    }

    /// Reads whole events, as the kernel gives them.
    static func events(in bytes: UnsafeRawBufferPointer) -> [InotifyEvent] {
        var events: [InotifyEvent] = []
        var position = 0
        while position < bytes.count {
            let header = unsafe bytes.loadUnaligned(fromByteOffset: position, as: inotify_event.self)
            position += MemoryLayout<inotify_event>.size
            // The name is filled up with zeros; without a name there is not even one.
            var name: [UInt8]?
            if header.len > 0 { name = unsafe bytes[position..<(position + Int(header.len))].prefix { $0 != 0 } }
            position += Int(header.len)
            events.append(
                InotifyEvent(
                    watch: header.wd, kind: .init(rawValue: header.mask), cookie: header.cookie, name: name))
        }
        return events
    }

    /// The watches that each user may have; nil if the kernel does not say.
    static func allowedWatches() -> Int? {
        do throws(Errno) {
            return Int(try FilePath("/proc/sys/fs/inotify/max_user_watches").firstWord())
        } catch {
            return nil
        }
    }
}

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

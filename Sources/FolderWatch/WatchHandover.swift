import Glibc
import SystemPackage

/// A kernel queue with all its watches, and what is known of them: what one watcher leaves to the next.
///
/// As long as somebody has the queue open, the kernel goes on filling it; who adopts it misses nothing. The object owns
/// the descriptor.
package final class WatchHandover: Sendable {
    /// The inotify descriptor, for others to keep.
    package let queue: FileDescriptor
    package let state: WatchState

    /// Takes over a queue; nil if the descriptor is no inotify queue, which is closed then.
    package init?(adopting queue: FileDescriptor, state: WatchState) {
        self.queue = queue
        self.state = state
        let link = FilePath("/proc/self/fd/\(queue.rawValue)")
        var target = [UInt8](repeating: 0, count: 64)
        let count = unsafe target.withUnsafeMutableBytes { room in
            unsafe link.withPlatformString { name in
                unsafe readlink(name, room.assumingMemoryBound(to: CChar.self).baseAddress!, room.count)
            }
        }
        guard count > 0, target[..<count].elementsEqual("anon_inode:inotify".utf8) else { return nil }
        let flags = fcntl(queue.rawValue, F_GETFL)
        guard flags >= 0, fcntl(queue.rawValue, F_SETFL, flags | O_NONBLOCK) >= 0,
            fcntl(queue.rawValue, F_SETFD, FD_CLOEXEC) >= 0
        else { return nil }
    }

    deinit { _ = Glibc.close(queue.rawValue) }

    /// Another descriptor of the same queue; nil if there is none to be had.
    func duplicate() -> FileDescriptor? { queue.duplicateForUs() }
}

extension FileDescriptor {
    /// Another descriptor of the same file, which programs that are started do not inherit; nil if there is none to be had.
    func duplicateForUs() -> FileDescriptor? {
        let copy = fcntl(rawValue, F_DUPFD_CLOEXEC, 3)
        return copy >= 0 ? FileDescriptor(rawValue: copy) : nil
    }
}

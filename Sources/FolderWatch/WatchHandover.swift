import Glibc
import Platform
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
        do throws(Errno) {
            guard try FilePath("/proc/self/fd/\(queue.rawValue)").linkTarget() == "anon_inode:inotify" else {
                return nil
            }
            try queue.setNonBlockingAndCloseOnExec()
        } catch { return nil }
    }

    deinit { _ = Glibc.close(queue.rawValue) }

    /// Another descriptor of the same queue; nil if there is none to be had.
    func duplicate() -> FileDescriptor? { queue.duplicateCloseOnExec() }
}

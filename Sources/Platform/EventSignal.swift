import CLinux
import Glibc
import SystemPackage

/// A descriptor that is readable while raised, so that a thread which waits in `poll(2)` can be woken (`eventfd(2)`).
package final class EventSignal: Sendable {
    package let descriptor: FileDescriptor

    package init() throws(Errno) {
        let opened = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        guard opened >= 0 else { throw Errno.last }
        descriptor = FileDescriptor(rawValue: opened)
    }

    deinit { _ = Glibc.close(descriptor.rawValue) }

    /// Makes the descriptor readable. A counter that is full is raised already.
    package func raise() { _ = eventfd_write(descriptor.rawValue, 1) }

    /// Makes it unreadable. One that is so already says `EAGAIN`.
    package func lower() {
        var count: eventfd_t = 0
        _ = unsafe eventfd_read(descriptor.rawValue, &count)
    }
}

import CLinux
import SystemPackage

/// Ends another thread's wait: an eventfd, which poll(2) can watch.
package final class WakeUp: Sendable {
    package let descriptor: FileDescriptor

    package init() throws(Errno) {
        let descriptor = eventfd(0, CInt(EFD_CLOEXEC) | CInt(EFD_NONBLOCK))
        guard descriptor >= 0 else { throw Errno.last }
        self.descriptor = FileDescriptor(rawValue: descriptor)
    }

    deinit { close(descriptor.rawValue) }

    /// Makes the descriptor readable.
    package func call() {
        var one: UInt64 = 1
        // It fails only if it is readable already.
        _ = unsafe write(descriptor.rawValue, &one, 8)
    }

    /// Makes the descriptor unreadable again.
    package func clear() {
        var count: UInt64 = 0
        _ = unsafe read(descriptor.rawValue, &count, 8)
    }
}

import CLinux
import Glibc

/// A descriptor by which one thread wakes another out of poll(2): an eventfd.
final class Wakeup: Sendable {
    /// Readable while a signal is pending.
    let descriptor: Int32

    init() {
        descriptor = eventfd(0, Int32(EFD_CLOEXEC | EFD_NONBLOCK))
        precondition(descriptor >= 0, "no eventfd: \(errno)")
    }

    deinit { _ = close(descriptor) }

    /// Makes the descriptor readable. Fails only if it is so already.
    func signal() {
        var one: UInt64 = 1
        _ = unsafe write(descriptor, &one, 8)
    }

    /// Takes all signals that are pending.
    func clear() {
        var count: UInt64 = 0
        _ = unsafe read(descriptor, &count, 8)
    }
}

extension Wakeup {
    /// Waits for a signal, without taking it.
    ///
    /// - Returns: Whether it came within the time; −1 is for ever.
    func wait(milliseconds: Int32) -> Bool {
        var entry = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        while true {
            let ready = unsafe poll(&entry, 1, milliseconds)
            if ready < 0 && errno == EINTR { continue }
            return ready > 0
        }
    }
}

import CLinux
import SystemPackage

/// A thread of the operating system for what may block for as long as it likes; nobody waits for its end.
package enum DetachedThread {
    private final class Work: Sendable {
        let body: @Sendable () -> Void

        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }

    /// Runs `body` on a thread of its own, with a stack of 1 MiB (`pthread_create(3)`).
    ///
    /// - Throws: `Errno` if there can be no more threads; `body` is not run then.
    package static func start(_ body: @escaping @Sendable () -> Void) throws(Errno) {
        let work = unsafe Unmanaged.passRetained(Work(body))
        let error = unsafe clinux_start_thread(
            { pointer in
                guard let pointer = unsafe pointer else { return }
                unsafe Unmanaged<Work>.fromOpaque(pointer).takeRetainedValue().body()
            }, work.toOpaque())
        guard error == 0 else {
            unsafe work.release()
            throw Errno(rawValue: error)
        }
    }
}

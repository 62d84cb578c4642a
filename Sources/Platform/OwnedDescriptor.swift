import CLinux
import Glibc
import SystemPackage

/// An open file, directory or other thing of the kernel's, closed when its owner goes out of scope.
package struct OwnedDescriptor: ~Copyable {
    package let descriptor: FileDescriptor

    package init(owning descriptor: FileDescriptor) { self.descriptor = descriptor }

    /// Opens a path (`open(2)`).
    ///
    /// - Parameters:
    ///   - flags: Those of `open(2)`; programs that are started never inherit the descriptor.
    ///   - mode: The permissions of a file that is made.
    package static func open(_ path: FilePath, _ flags: Int32, mode: mode_t = 0) throws(Errno) -> OwnedDescriptor {
        let opened = try retryingOnInterrupt {
            unsafe path.withPlatformString { unsafe Glibc.open($0, flags | O_CLOEXEC, mode) }
        }
        return OwnedDescriptor(owning: FileDescriptor(rawValue: opened))
    }

    deinit { _ = Glibc.close(descriptor.rawValue) }

    /// Gives the descriptor to the caller, who closes it.
    package consuming func released() -> FileDescriptor {
        let descriptor = descriptor
        discard self
        return descriptor
    }
}

extension FileDescriptor {
    /// Makes calls on a descriptor that somebody handed over return at once, and keeps it from programs that are started.
    package func setNonBlockingAndCloseOnExec() throws(Errno) {
        let flags = fcntl(rawValue, F_GETFL)
        guard flags >= 0, fcntl(rawValue, F_SETFL, flags | O_NONBLOCK) >= 0, fcntl(rawValue, F_SETFD, FD_CLOEXEC) >= 0
        else { throw Errno.last }
    }

    /// Whether somebody has an ordinary file, which is open here for reading alone, open for writing.
    ///
    /// nil where that cannot be told: of other users' files, and where the file system has no leases. On a network's file
    /// system, true means no more than that the server has not said otherwise.
    package var hasWriter: Bool? {
        switch clinux_has_writer(rawValue) {
        case 0: false
        case 1: true
        default: nil
        }
    }

    /// Another descriptor of the same file, which programs that are started do not inherit; nil if there is none to be had.
    package func duplicateCloseOnExec() -> FileDescriptor? {
        let copy = fcntl(rawValue, F_DUPFD_CLOEXEC, 3)
        return copy >= 0 ? FileDescriptor(rawValue: copy) : nil
    }
}

extension Errno {
    /// What the last system call of this thread failed with.
    package static var last: Errno { Errno(rawValue: errno) }
}

/// Makes a system call, and makes it again whenever a signal interrupts it.
///
/// - Returns: What the call returns, which is not negative.
/// - Throws: What it fails with.
package func retryingOnInterrupt<Number: SignedInteger>(_ call: () -> Number) throws(Errno) -> Number {
    while true {
        let result = call()
        if result >= 0 { return result }
        let error = Errno.last
        if error != .interrupted { throw error }
    }
}

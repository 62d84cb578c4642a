import CLinux
import Glibc
import Synchronization
import SystemPackage

/// A running `timbre-extract --worker`, and the socket over which it is asked.
///
/// One object owns one process: it is killed and reaped at the latest when the object goes. Requests are answered one
/// after the other, in their order; several may be sent ahead. All methods may be called from any thread, but only one
/// thread at a time makes sense of the replies.
package final class ExtractorProcess: Sendable {
    /// The asker's end of the `SOCK_SEQPACKET` pair, for poll loops. Closed with the object.
    package let socket: FileDescriptor
    /// The worker.
    package let processID: Int32

    private let ending = Mutex<ExtractorEnding?>(nil)

    init(socket: FileDescriptor, processID: Int32) {
        self.socket = socket
        self.processID = processID
    }

    deinit {
        kill()
        reap()
        // Nothing is written through it any more, so that there is nothing to be lost by closing.
        _ = close(socket.rawValue)
    }

    /// Ends the worker at once, whatever it is doing. Does nothing if it has been reaped.
    package func kill() {
        ending.withLock { ending in
            if ending == nil { _ = Glibc.kill(processID, SIGKILL) }
        }
    }

    /// Waits until the worker has ended, and says how; at once if it was asked before.
    ///
    /// Another thread may call ``kill()`` meanwhile.
    @discardableResult package func reap() -> ExtractorEnding {
        if let known = ending.withLock({ $0 }) { return known }
        // Waiting leaves the process as it is, for as long as it takes; collecting it is a moment under the lock, so
        // that its number cannot have become another's when we kill.
        var information = unsafe siginfo_t()
        while unsafe waitid(P_PID, id_t(processID), &information, WEXITED | WNOWAIT) < 0 && errno == EINTR {}
        return ending.withLock { ending in
            if let ending { return ending }
            var status: Int32 = 0
            while unsafe waitpid(processID, &status, 0) < 0 && errno == EINTR {}
            let found = ExtractorEnding(waitStatus: status)
            ending = found
            return found
        }
    }
}

/// How a worker ended.
package enum ExtractorEnding: Hashable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)

    /// Reads what waitpid(2) gives.
    init(waitStatus: Int32) {
        let signal = waitStatus & 0x7f
        self = signal == 0 ? .exited(waitStatus >> 8 & 0xff) : .killed(signal: signal)
    }
}

extension ExtractorEnding: CustomStringConvertible {
    /// A clause for people, such as `was ended by signal 11`.
    package var description: String {
        switch self {
        case .exited(let code): "ended with code \(code)"
        case .killed(SIGSYS): "was ended for a system call that no decoder makes"
        case .killed(let signal): "was ended by signal \(signal)"
        }
    }
}

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
        reapSoon()
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
        return collect() ?? .unknown
    }

    /// Says how a worker that was killed has ended, and does not wait for one that the kernel cannot end.
    ///
    /// A process that reads from a server that is gone may stay until the server is back. It is collected later.
    @discardableResult package func reapSoon() -> ExtractorEnding {
        UnendedProcesses.collect()
        let end = ContinuousClock.now + .milliseconds(200)
        while true {
            if let found = collect() { return found }
            if .now >= end { break }
            usleep(1000)
        }
        return ending.withLock { ending in
            if let ending { return ending }
            UnendedProcesses.add(processID)
            ending = .unknown
            return .unknown
        }
    }

    /// Collects the worker if it has ended.
    private func collect() -> ExtractorEnding? {
        ending.withLock { ending in
            if let ending { return ending }
            var status: Int32 = 0
            switch unsafe waitpid(processID, &status, WNOHANG) {
            case 0: return nil
            case processID: ending = ExtractorEnding(waitStatus: status)
            default: if errno != EINTR { ending = .unknown }
            }
            return ending
        }
    }
}

/// Processes that were killed and have not ended: the kernel ends them when what they wait for answers.
private enum UnendedProcesses {
    private static let waiting = Mutex<Set<Int32>>([])

    static func add(_ process: Int32) { waiting.withLock { _ = $0.insert(process) } }

    /// Collects those that have ended by now.
    static func collect() {
        waiting.withLock { waiting in
            waiting = waiting.filter { process in
                var status: Int32 = 0
                return unsafe waitpid(process, &status, WNOHANG) == 0
            }
        }
    }
}

/// How a worker ended.
package enum ExtractorEnding: Hashable, Sendable {
    case exited(Int32)
    case killed(signal: Int32)
    /// It has not ended yet, or nobody can say how it did.
    case unknown

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
        case .unknown: "has not ended yet"
        case .killed(SIGSYS): "was ended for a system call that no decoder makes"
        case .killed(let signal): "was ended by signal \(signal)"
        }
    }
}

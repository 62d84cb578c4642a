import Glibc
import Synchronization

/// Processes that were killed and have not ended: the kernel ends them when what they wait for answers.
enum UnendedProcesses {
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
    /// A clause to show, such as `was ended by signal 11`.
    package var description: String {
        switch self {
        case .exited(let code): "ended with code \(code)"
        case .unknown: "has not ended yet"
        case .killed(SIGSYS): "was ended for a system call that no decoder makes"
        case .killed(let signal): "was ended by signal \(signal)"
        }
    }
}

import Dispatch
import Synchronization
import SystemPackage
import TimbreWire

/// Looks at files that are not waited for: on a dead server's file system every look takes for ever.
enum InTime {
    /// How long a look may take.
    private static let patience = DispatchTimeInterval.seconds(2)

    private final class Answer<Found: Sendable>: Sendable {
        private let found = Mutex<Found?>(nil)
        private let isGiven = DispatchSemaphore(value: 0)

        func give(_ value: Found) {
            found.withLock { $0 = value }
            isGiven.signal()
        }

        func wait() -> Found? {
            _ = isGiven.wait(timeout: .now() + patience)
            return found.withLock { $0 }
        }
    }

    /// What a look finds, which is taken on a thread of its own; nil if nothing has come of it in time.
    static func look<Found: Sendable>(_ look: @escaping @Sendable () -> Found) -> Found? {
        let answer = Answer<Found>()
        do throws(Errno) {
            try WireThread.start { answer.give(look()) }
        } catch {
            return look()
        }
        return answer.wait()
    }
}

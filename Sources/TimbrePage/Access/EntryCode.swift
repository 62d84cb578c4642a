import Synchronization

/// What the browser that is started for a person comes in with, once: it is exchanged for the key.
///
/// The key itself would be in the arguments of programs on the way, which every user of the machine can read.
package final class EntryCode: Sendable {
    typealias Instant = ContinuousClock.Instant

    private let code: Mutex<(key: Key, until: Instant)?>

    /// - Parameter key: What is exchanged, within half a minute.
    package convenience init(_ key: Key) { self.init(key, until: .now + .seconds(30)) }

    init(_ key: Key, until: Instant) { code = Mutex((key, until)) }

    /// Whether this is the code, the first time that it is asked in time.
    func redeem(_ claimed: String, at now: Instant = .now) -> Bool {
        code.withLock { code in
            guard let there = code, now <= there.until, there.key.matches(claimed) else { return false }
            code = nil
            return true
        }
    }
}

/// What to do when nothing can be written: keep what has gathered, and try again less and less often.
struct StorageBackoff {
    typealias Instant = ContinuousClock.Instant

    private var failures = 0
    /// When to try again; nil while writing works.
    private(set) var retry: Instant?
    /// Why the last try failed.
    private(set) var reason: String?

    func mayTry(at now: Instant) -> Bool { retry.map { $0 <= now } ?? true }

    /// Notes a failed write: the next is tried after 1 s, 2 s … 30 s.
    mutating func failed(at now: Instant, why: String) {
        failures += 1
        reason = why
        retry = now + min(.seconds(1) * (1 << min(failures - 1, 5)), .seconds(30))
    }

    mutating func succeeded() { (failures, retry, reason) = (0, nil, nil) }
}

/// Says when to try again what has failed: less and less often, until it succeeds.
///
/// The value is told the time.
struct Backoff {
    typealias Instant = ContinuousClock.Instant

    /// How long the first failure is waited after; the time doubles with each further one.
    let first: Duration
    /// How long is waited at the most.
    let longest: Duration
    private var failures = 0
    /// When to try again; nil while nothing has failed.
    private(set) var retry: Instant?
    /// Why the last try failed.
    private(set) var reason: String?

    init(first: Duration, longest: Duration = .seconds(30)) {
        self.first = first
        self.longest = longest
    }

    /// Whether the next try is due.
    func mayTry(at now: Instant) -> Bool { retry.map { $0 <= now } ?? true }

    /// Notes a try that failed.
    mutating func failed(at now: Instant, why: String) {
        failures += 1
        reason = why
        retry = now + min(first * (1 << min(failures - 1, 12)), longest)
    }

    /// Notes a try that succeeded.
    mutating func succeeded() { (failures, retry, reason) = (0, nil, nil) }
}

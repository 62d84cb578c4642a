/// Decides when to retry something that failed: less and less often, until it succeeds.
///
/// The value is told the time.
struct Backoff {
    typealias Instant = ContinuousClock.Instant

    /// The wait after the first failure; it doubles with each further one.
    let first: Duration
    /// The longest wait.
    let longest: Duration
    private var failures = 0
    /// When to try again; nil while nothing has failed.
    private(set) var retry: Instant?
    /// Why the last attempt failed.
    private(set) var reason: String?

    init(first: Duration, longest: Duration = .seconds(30)) {
        self.first = first
        self.longest = longest
    }

    /// Whether the next attempt is due.
    func mayTry(at now: Instant) -> Bool { retry.map { $0 <= now } ?? true }

    /// Notes an attempt that failed.
    mutating func failed(at now: Instant, why: String) {
        failures += 1
        reason = why
        retry = now + min(first * (1 << min(failures - 1, 12)), longest)
    }

    /// Notes an attempt that succeeded.
    mutating func succeeded() { (failures, retry, reason) = (0, nil, nil) }
}

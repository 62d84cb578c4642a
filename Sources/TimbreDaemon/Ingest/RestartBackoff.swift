/// Keeps a program that dies as soon as it is started from being started all the time.
struct RestartBackoff {
    typealias Instant = ContinuousClock.Instant

    private var failures = 0
    /// When the next start may be tried; nil if at once.
    private(set) var nextStart: Instant?
    /// Why the last start failed, until one succeeds.
    private(set) var trouble: String?

    func mayStart(at now: Instant) -> Bool { nextStart.map { $0 <= now } ?? true }

    /// Notes a start that led to nothing: the next may come after 0.1 s, 0.2 s … 30 s.
    mutating func failed(at now: Instant, why: String) {
        failures += 1
        trouble = why
        nextStart = now + min(.milliseconds(100) * (1 << min(failures - 1, 12)), .seconds(30))
    }

    /// Notes that a program that was started does its work.
    mutating func succeeded() {
        (failures, nextStart, trouble) = (0, nil, nil)
    }
}

/// Decides when everything is scanned again after events were lost.
///
/// Many losses before a scan ask for one scan only, and the scans of a storm come ever more slowly. The value is told
/// the time.
package struct RescanBackoff {
    package typealias Instant = ContinuousClock.Instant

    /// The wait before the first scan.
    package let first: Duration
    /// The longest wait. After as long without a loss, the wait is the first again.
    package let longest: Duration
    private var wait: Duration
    private var lastScan: Instant?
    /// When to scan; nil if nothing was lost.
    package private(set) var deadline: Instant?

    package init(first: Duration = .milliseconds(100), longest: Duration = .seconds(60)) {
        self.first = first
        self.longest = longest
        wait = first
    }

    /// Notes that events were lost.
    package mutating func lost(at now: Instant) {
        guard deadline == nil else { return }
        if let last = lastScan, now - last >= longest { wait = first }
        deadline = now + wait
    }

    /// Whether to scan now; if so, the next wait is twice as long.
    package mutating func takeDue(at now: Instant) -> Bool {
        guard let due = deadline, due <= now else { return false }
        scanned(at: now)
        return true
    }

    /// Notes that everything is scanned now, for whatever reason.
    package mutating func scanned(at now: Instant) {
        guard deadline != nil else { return }
        deadline = nil
        lastScan = now
        wait = min(wait * 2, longest)
    }
}

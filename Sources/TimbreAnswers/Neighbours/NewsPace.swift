import TimbreWire

/// Decides when a client is told how far a longer piece of work has come: ten times a second at most.
struct NewsPace {
    typealias Instant = ContinuousClock.Instant

    private static let pause = Duration.milliseconds(100)

    let total: Int
    private(set) var done = 0
    private var lastTold: Instant?

    init(total: Int) { self.total = total }

    /// Notes that one more is done.
    ///
    /// - Returns: What to tell now; nil if nothing.
    mutating func step(at now: Instant) -> Progress? {
        done += 1
        return tell(done, at: now)
    }

    /// Notes how many are done.
    mutating func tell(_ done: Int, at now: Instant) -> Progress? {
        self.done = done
        guard let lastTold else {
            lastTold = now
            return nil
        }
        guard now - lastTold >= Self.pause else { return nil }
        self.lastTold = now
        return Progress(done: done, total: total)
    }
}

import TimbreWire

/// Decides when something is said of how far a longer piece of work has come, and what.
///
/// On a terminal that is a bar, drawn anew over and over; else a line every ten seconds, so that what is done at once says
/// nothing. A meter reads no clock: every call is told the time.
struct ProgressMeter {
    typealias Instant = ContinuousClock.Instant

    /// Columns of the terminal; nil if there is none.
    let width: Int?
    private var lastSaid: Instant
    private var stage: String?
    /// When the stage began, and how much was done then.
    private var begun: (time: Instant, done: Int)?

    /// - Parameter now: When the work begins.
    init(width: Int?, at now: Instant) {
        self.width = width
        // A terminal shows it at once.
        lastSaid = width == nil ? now : now - Self.pause.terminal
    }

    private static let pause = (terminal: Duration.milliseconds(100), lines: Duration.seconds(10))

    /// What is to be shown now; nil if nothing.
    mutating func text(stage: String, _ progress: Progress?, at now: Instant) -> String? {
        if stage != self.stage { begun = nil }
        if let progress, begun == nil || progress.done < begun?.done ?? 0 { begun = (now, progress.done) }
        let isNew = width != nil && stage != self.stage
        self.stage = stage
        guard isNew || now - lastSaid >= (width == nil ? Self.pause.lines : Self.pause.terminal) else { return nil }
        lastSaid = now
        guard let progress, progress.total > 0 else { return String(stage.prefix(columns)) }
        return text(stage, progress, at: now)
    }

    /// One column stays free: a cursor behind the last would begin a new line.
    private var columns: Int { max(1, (width ?? 201) - 1) }

    private func text(_ stage: String, _ progress: Progress, at now: Instant) -> String {
        let done = min(max(progress.done, 0), progress.total)
        var words = "\(100 * done / progress.total) %, \(done) of \(progress.total)"
        if let rate = rate(progress, at: now) { words += ", \(rate) a second" }
        let left = progress.secondsLeft ?? secondsLeft(progress, at: now)
        if let left, done < progress.total { words += ", \(Shown.duration(left)) left" }
        guard let width else { return "\(stage): \(words)" }
        // At least ten columns of bar, or none.
        let room = min(40, width - 1 - stage.count - words.count - 4)
        guard room >= 10 else { return String("\(stage) \(words)".prefix(columns)) }
        let filled = room * done / progress.total
        let bar = String(repeating: "#", count: filled) + String(repeating: ".", count: room - filled)
        return "\(stage) [\(bar)] \(words)"
    }

    /// How much is done in a second since the stage began; nil until that can be told.
    private func perSecond(_ progress: Progress, at now: Instant) -> Double? {
        guard let begun, now - begun.time >= .milliseconds(500), progress.done > begun.done else { return nil }
        return Double(progress.done - begun.done) / ((now - begun.time) / .seconds(1))
    }

    private func rate(_ progress: Progress, at now: Instant) -> String? {
        perSecond(progress, at: now).map { Shown.number($0, digits: $0 < 10 ? 1 : 0) }
    }

    private func secondsLeft(_ progress: Progress, at now: Instant) -> Double? {
        perSecond(progress, at: now).map { Double(progress.total - progress.done) / $0 }
    }
}

/// Decides whether what nobody waits for is put off until the machine is plugged in again.
///
/// What a scan has found can wait: the first indexing of a library costs an hour of a battery. What is dropped into a
/// folder now, or waited for by a sync, does not. The value is told the time.
struct BatteryCare {
    typealias Instant = ContinuousClock.Instant

    /// How long what was found of the power supplies counts.
    static let interval = Duration.seconds(30)

    /// Whether patient files are left alone.
    private(set) var isSparing = false
    /// When to look at the power supplies again; nil while nothing depends on it.
    private(set) var nextLook: Instant?
    /// Whether somebody has said that work is to go on, whatever it costs.
    var isOverruled = false

    /// Decides anew.
    ///
    /// - Parameters:
    ///   - isWaiting: Whether there is anything that could be put off.
    ///   - isAwaited: Whether a client waits for it.
    ///   - isOnBattery: Looks at the power supplies.
    mutating func update(isWaiting: Bool, isAwaited: Bool, at now: Instant, isOnBattery: () -> Bool) {
        guard isWaiting, !isAwaited, !isOverruled else {
            (isSparing, nextLook) = (false, nil)
            return
        }
        if let nextLook, now < nextLook { return }
        isSparing = isOnBattery()
        nextLook = now + Self.interval
    }
}

import Platform
import TimbreLibrary
import TimbreStore

/// Decides when ingest returns freed memory to the system: once much of the library has changed and no more changes
/// come.
///
/// The start reads packs of 600 kB, or rows, and makes columns of them, which stay. The C library keeps the gaps
/// between them for later use: 10 MB for 10⁶ files. A large change rebuilds segments of the index and has the same
/// effect. The value is told the time.
struct MemoryCare {
    typealias Instant = ContinuousClock.Instant

    /// Changes of the index that make it worthwhile: as many as fill a segment.
    static let many = 4096
    /// How long ingest must have been idle: the next burst needs the memory again.
    static let rest = Duration.seconds(1)

    /// Changes of the index since memory was last returned. The start counts as many.
    private var changes = many
    /// When it is due if nothing comes before; nil if it is not worthwhile, or ingest is busy.
    private(set) var next: Instant?

    mutating func note(changes count: Int) { changes += count }

    /// Notes that the whole library was worked on.
    mutating func noteMuch() { changes = max(changes, Self.many) }

    /// Whether it is due now; a caller that is told so must do it.
    ///
    /// - Parameter isIdle: Whether there is nothing to do.
    mutating func isDue(isIdle: Bool, at now: Instant) -> Bool {
        guard isIdle, changes >= Self.many else {
            next = nil
            return false
        }
        guard let due = next else {
            next = now + Self.rest
            return false
        }
        if now < due { return false }
        (changes, next) = (0, nil)
        return true
    }

    /// Returns freed memory to the system, if that is due.
    mutating func giveBackIfDue(isIdle: Bool, _ catalog: Catalog, at now: Instant) {
        guard isDue(isIdle: isIdle, at: now) else { return }
        do { try catalog.forgetPages() } catch {
            // Not worth reporting: whoever uses the database next meets the same error.
        }
        FreedMemory.giveBack()
    }
}

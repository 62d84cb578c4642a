import TimbreLibrary
import TimbreStore

/// Decides when ingest gives back memory that it has freed: when much of the library has changed, and nothing more comes.
///
/// The start takes packs of 600 kB, or rows, into memory and makes columns of them, which stay. The C library keeps the
/// room between these for later: 10 MB of 10⁶ files. A large change makes segments of the index anew, and does the same.
/// The value is told the time.
struct MemoryCare {
    typealias Instant = ContinuousClock.Instant

    /// Changes of the index after which it is worth it: as many as fill a segment.
    static let many = 4096
    /// How long nothing must have come: what comes in bursts needs the memory again.
    static let rest = Duration.seconds(1)

    /// Changes of the index since it was done. The start is as good as many.
    private var changes = many
    /// When it is to be done if nothing comes before; nil if it is not worth it, or ingest is at work.
    private(set) var next: Instant?

    mutating func note(changes count: Int) { changes += count }

    /// Notes that the whole library was worked on.
    mutating func noteMuch() { changes = max(changes, Self.many) }

    /// Whether it is to be done now. Whoever is told so does it.
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

    /// Gives back to the system what was needed for many changes, if that is due.
    mutating func giveBackIfDue(isIdle: Bool, _ catalog: Catalog, at now: Instant) {
        guard isDue(isIdle: isIdle, at: now) else { return }
        do { try catalog.forgetPages() } catch {
            // What the pages take is not worth a word; whoever uses the database next meets the same error, and says it.
        }
        FreedMemory.giveBack()
    }
}

import Logging
import Systemd

/// Tells the service manager how ingest stands, and the journal what a stretch of work has brought.
struct IngestAnnouncer {
    /// Files that were put into the index since the last stretch of work ended.
    var indexed = 0
    private var told = ""
    private var toldAt: ContinuousClock.Instant?
    private let announce: (String) -> Void

    init(announce: @escaping (String) -> Void) { self.announce = announce }

    /// Says what is new: at most once a second while there is work, and when it ends.
    mutating func tell(
        _ status: IngestStatus, fileCount: Int, at now: ContinuousClock.Instant, _ logger: Logger
    ) {
        if status.isIdle, indexed > 0 {
            logger.log(.indexed, "\(indexed) files indexed", metadata: ["count": "\(indexed)"])
            indexed = 0
        }
        let isDue = status.isIdle || toldAt.map { now - $0 >= .seconds(1) } ?? true
        let text = status.summary(fileCount: fileCount)
        guard isDue, text != told else { return }
        (told, toldAt) = (text, now)
        announce(text)
    }
}

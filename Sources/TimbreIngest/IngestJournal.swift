import FolderWatch
import Logging
import Platform
import SoundFeatures
import SystemPackage
import Systemd
import TimbreStore

/// Writes to the journal what happens in ingest, and to the status board what went wrong.
struct IngestJournal {
    let logger: Logger
    let catalog: Catalog
    let board: IngestStatusBoard

    func log(_ note: Turn.Note) {
        switch note {
        case .failed(let path, let failure):
            board.noteError(path: path, failure, at: WallClock.seconds())
            let event: JournalEvent = failure.reason == .outOfLimits ? .fileSkipped : .fileFailed
            let words: Logger.MetadataValue = "\(failure.detail)"
            logger.log(
                event, "\(path.humanReadable): \(failure.detail)",
                metadata: ["path": .stringConvertible(path), "error": words, "reason": words])
        case .folder(let path, let words, let isOnline):
            let isShort = words.contains("max_user_watches")
            logger.log(
                isShort ? .watchLimit : isOnline ? .folderOnline : .folderOffline,
                "\(path.humanReadable) is \(isOnline ? "watched" : "offline"): \(words)",
                metadata: ["path": .stringConvertible(path), "reason": "\(words)"])
        case .overflowed: logger.log(.overflow, "the queue of inotify overflowed; all folders are listed again")
        case .vanished(let path, let count):
            logger.log(
                .filesVanished,
                "\(path.humanReadable): \(CountedNoun.text(count, "known file")) \(count == 1 ? "is" : "are") not there any more; what was learnt is kept",
                metadata: ["path": .stringConvertible(path), "count": "\(count)"])
        case .unreadable(let path, let reason):
            board.noteError(path: path, ExtractionFailure(.unreadable, reason), at: WallClock.seconds())
            logger.log(
                .fileFailed, "\(path.humanReadable): \(reason)",
                metadata: ["path": .stringConvertible(path), "error": "\(reason)"])
        }
    }

    func workerDied(_ death: WorkerDeath) {
        let path = death.file.flatMap(path(of:))
        logger.log(
            .workerDied, "an extraction process ended with \(path?.humanReadable ?? "no file"): \(death.reason)",
            metadata: [
                "path": path.map { .stringConvertible($0) } ?? "no file", "reason": "\(death.reason)",
                "process": "\(death.process)",
            ])
    }

    func cannotStore(_ reason: String) {
        log(
            .diskFull, "nothing can be stored: \(reason); ingest goes on as soon as that is over",
            ["error": "\(reason)"])
    }

    func canStoreAgain() { log(.diskBack, "what could not be stored is stored now; ingest goes on") }

    func cannotKeepEvents(_ reason: Errno) {
        logger.warning(
            "\(catalog.path)-events: cannot be written: \(reason); new recordings are not searched for places inside them until it can",
            metadata: ["event": "events-not-kept"])
    }

    func remakesEvents(_ count: Int) {
        logger.warning(
            "\(catalog.path)-events: what it has of \(count) recordings is damaged; it is made anew from the stored features",
            metadata: ["event": "events-damaged", "count": "\(count)"])
    }

    func lostTrack() {
        logger.warning(
            "more was seen than is kept while nothing can be stored; everything is looked at again then",
            metadata: ["event": "lost-track"])
    }

    func leftOut(_ error: any Error) {
        logger.error("left out, as it cannot be taken in: \(error)", metadata: ["event": "not-taken"])
    }

    func keptAttempts(_ error: any Error) { logger.error("the files under way count as tried: \(error)") }

    /// Says something about the database.
    private func log(_ event: JournalEvent, _ message: Logger.Message, _ metadata: Logger.Metadata = [:]) {
        let path: Logger.Metadata = ["path": .stringConvertible(catalog.path)]
        logger.log(event, message, metadata: metadata.merging(path) { $1 })
    }

    /// Where a file is.
    private func path(of file: Int64) -> FilePath? {
        do {
            return try catalog.read { reader in
                guard let known = try reader.file(file), let home = try reader.path(ofDirectory: known.directory) else {
                    return nil
                }
                return FilePath(bytes: home).appending(bytes: known.name)
            }
        } catch {
            // The journal does without; whoever needs the catalog meets the same error and reports it.
            return nil
        }
    }
}

/// Tells the service manager what ingest is doing, and the journal how many files a stretch of work has indexed.
struct IngestAnnouncer {
    /// Files indexed since the last stretch of work ended.
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
            logger.log(.indexed, "\(CountedNoun.text(indexed, "file")) indexed", metadata: ["count": "\(indexed)"])
            indexed = 0
        }
        let isDue = status.isIdle || toldAt.map { now - $0 >= .seconds(1) } ?? true
        let text = status.summary(fileCount: fileCount)
        guard isDue, text != told else { return }
        (told, toldAt) = (text, now)
        announce(text)
    }
}

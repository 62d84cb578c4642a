import Logging
import Platform
import SoundFeatures
import Synchronization
import SystemPackage

/// What ingest shows of itself, for `status` and the service manager.
package struct IngestStatus: Sendable {
    /// A watched folder, as ingest knows it.
    package struct Folder: Sendable {
        /// How it is watched, in words.
        package var words: String
        /// Files that were gone when it was scanned, if they are so many that people should know.
        package var vanishedCount: Int?
    }

    package var isPaused = false
    package var isIdle = false
    /// Whether files wait for the machine to be plugged in.
    package var isSparing = false
    /// Files that wait or are with a worker, the members of archives that are read among them.
    package var queueCount = 0
    /// Files dealt with since ingest was last idle.
    package var doneCount = 0
    /// When the present stretch of work began.
    package var busySince: ContinuousClock.Instant?
    package var decodedCount = 0
    package var recognizedCount = 0
    package var workerIDs: [Int32] = []
    /// Directories that could not be read or watched, and why.
    package var unreadable: [FilePath: String] = [:]
    package var folders: [FilePath: Folder] = [:]
    /// What keeps ingest from working.
    package var trouble: String?
    /// Whether that is the disk, and not the workers.
    package var isStorageTrouble = false
    /// What to do about damage in the database.
    package var damage: String?
    /// The settings that are in force; nil before the start.
    package var settings: IngestSettings?
    /// When the loop last completed a round.
    package var lastRound = ContinuousClock.now

    /// One line for the service manager.
    package func summary(fileCount: Int) -> String {
        let work =
            if let trouble {
                "; waiting: \(trouble)"
            } else if let damage {
                "; \(damage)"
            } else if isPaused {
                "; paused, \(queueCount) waiting"
            } else if isIdle {
                ""
            } else if isSparing {
                "; on battery, \(queueCount) waiting"
            } else {
                "; indexing, \(queueCount) to go"
            }
        let others = folders.filter { $0.value.words != "inotify" }.map {
            "\($0.key.humanReadable) is \($0.value.words)"
        }
        return ([CountedNoun.text(fileCount, "file") + work] + others.sorted()).joined(separator: "; ")
    }
}

/// A file with which something went wrong.
package struct IngestError: Sendable {
    package var path: FilePath
    package var failure: ExtractionFailure
    /// Seconds since 1970.
    package var time: Double
}

/// Where the loop writes its state down and others read it.
final class IngestStatusBoard: Sendable {
    private static let mostErrors = 10

    private let board = Mutex((status: IngestStatus(), errors: [IngestError]()))

    var status: IngestStatus { board.withLock { $0.status } }
    /// The last few things that went wrong, newest first.
    var errors: [IngestError] { board.withLock { $0.errors } }

    func update(_ body: (inout IngestStatus) -> Void) { board.withLock { body(&$0.status) } }

    func noteError(path: FilePath, _ failure: ExtractionFailure, at time: Double) {
        board.withLock {
            $0.errors.insert(IngestError(path: path, failure: failure, time: time), at: 0)
            if $0.errors.count > Self.mostErrors { $0.errors.removeLast() }
        }
    }
}

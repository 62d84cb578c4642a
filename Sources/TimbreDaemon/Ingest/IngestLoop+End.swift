import Glibc
import Logging
import SystemPackage
import TimbreStore

/// What ingest has not come to when it ends, beyond what the catalog says.
struct IngestRemainder: Sendable {
    /// Whether all that the watcher told has been taken in.
    var isCaughtUp = false
    /// Files that workers had and did not answer for in time.
    var unanswered = 0
    /// Known files that were to be looked at again.
    var files: [FilePath] = []
    /// Directories that were being listed, or were to be.
    var scans: [FilePath] = []
}

extension IngestLoop {
    /// How long files that are with workers are waited for when ingest ends.
    private static let longestEnd = Duration.seconds(5)

    /// Ends the work: takes in what workers are about to answer, and all that was told, and begins nothing.
    ///
    /// A stop that was asked for neither makes the files under way suspect after a reboot, nor decodes them twice.
    func end() -> IngestRemainder {
        isEnding = true
        let deadline = Instant.now + Self.longestEnd
        while pool.busyCount > 0, storage.retry == nil, .now < deadline {
            let due = [pool.nextDeadline, deadline].compactMap { $0 }.min() ?? deadline
            receive(waitingAtMost: due - .now)
            for outcome in pool.expire(at: .now) { take(outcome, at: .now) }
        }
        var remainder = IngestRemainder()
        do {
            repeat {
                remainder = try transact { turn in
                    try turn.writer.withdrawAttempts(boot: settings.boot)
                    return try turn.remainder()
                }
                // What a start is told of again need not be taken in to the end.
            } while !changes.isEmpty && .now < deadline
            remainder.isCaughtUp = changes.isEmpty
        } catch {
            logger.error("the files under way count as tried: \(error)")
        }
        if hasLeftOut { remainder.isCaughtUp = false }
        remainder.unanswered = pool.busyCount
        publish(at: .now)
        return remainder
    }
}

extension Turn {
    fileprivate func remainder() throws -> IngestRemainder {
        var files: [FilePath] = []
        for id in state.waiting.entries.keys {
            // Those that were never read are found by their state.
            guard let file = try reader.file(id), file.state != .pending else { continue }
            files.append(try path(of: file))
        }
        let scans = Array(state.owedScans) + state.scans.map(\.path)
        return IngestRemainder(isCaughtUp: true, files: files, scans: scans)
    }
}

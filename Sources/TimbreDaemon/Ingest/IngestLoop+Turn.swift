import CLinux
import ContentHash
import Glibc
import Logging
import Platform
import SoundFeatures
import SystemPackage
import Systemd
import TimbreLibrary
import TimbreStore

extension IngestLoop {
    /// Files whose attempts are noted ahead.
    private static let noteAhead = 256
    /// Answers that are worth a transaction of their own.
    private static let fullTurn = 128
    /// Bytes of features that are worth one.
    private static let fullBytes = 32 << 20

    /// Makes a turn if what has gathered is worth one.
    func turnIfDue(at now: Instant, mustTakeChanges: Bool = false) {
        guard storage.mayTry(at: now) else { return }
        let hasWork = battery.isSparing ? state.waiting.hasUrgent : state.waiting.hasWaiting
        let mayNote = !isPaused && hasWork
        let isDry = mayNote && state.waiting.notedCount < min(Self.noteAhead / 2, pool.size * pool.depth)
        let isFull = findings.count >= Self.fullTurn || findingBytes >= Self.fullBytes
        let isOld = oldestFinding.map { $0 + Self.longestHold <= now } ?? false
        let isQuiet = !findings.isEmpty && pool.busyCount == 0 && !state.waiting.hasNoted
        let isRetry = storage.retry != nil
        guard
            isRetry || hasMore || isDry || isFull || isOld || isQuiet || (mustTakeChanges && !findings.isEmpty)
        else {
            return
        }
        do {
            try transact(at: now) { _ in }
        } catch  where StorageFailure.reason(of: error) == nil {
            salvage(at: now)
        } catch {
            // Said already; all of it is tried again.
        }
    }

    /// Makes a turn of each thing that has gathered, so that the one that cannot be taken in does not stop the others.
    private func salvage(at now: Instant) {
        let (allChanges, allFindings) = (changes, findings)
        for place in 0..<allChanges.count + allFindings.count {
            let isChange = place < allChanges.count
            changes = isChange ? [allChanges[place]] : []
            findings = isChange ? [] : [allFindings[place - allChanges.count]]
            do {
                repeat { try transact(at: now) { _ in } } while !changes.isEmpty
            } catch  where StorageFailure.reason(of: error) == nil {
                logger.error("left out, as it cannot be taken in: \(error)", metadata: ["event": "not-taken"])
                hasLeftOut = true
                if let finding = findings.first { state.finish(finding.file) }
                state.partial = PartialChange()
                (changes, findings) = ([], [])
            } catch {
                changes = isChange ? Array(allChanges[place...]) : []
                findings = isChange ? allFindings : Array(allFindings[(place - allChanges.count)...])
                return
            }
        }
    }

    /// Makes a turn of all that has gathered, and of `body`.
    ///
    /// - Throws: What the catalog or `body` throws; then nothing has happened.
    @discardableResult
    func transact<Result>(at now: Instant = .now, _ body: (inout Turn) throws -> Result) throws -> Result {
        let time = WallClock.seconds()
        let generation = library.snapshot.generation
        code(findings, generation)
        let coded = coded.codes
        var made: (turn: Turn, taken: Int, handouts: [Handout], result: Result)?
        do {
            made = try catalog.write { writer in
                var turn = Turn(
                    writer: writer, generation: generation, coded: coded,
                    patience: Patience(settle: settings.settle), state: state, time: time, now: now)
                turn.mayWait = { [point = fileOpening.point, follows = settings.followsSymlinks] in
                    point($0, follows) != nil
                }
                // A turn may change nothing: what is to show whether the disk takes something gives it something.
                if storage.retry != nil { try writer.set("tried", to: Int64(time)) }
                try opening?(self, &turn)
                var taken = 0
                while taken < changes.count, turn.room > 0, try turn.take(changes[taken]) { taken += 1 }
                for finding in findings { try turn.take(finding) }
                // Before the body, which may read all that is in the library for another index.
                try turn.forgetSome()
                let result = try body(&turn)
                let noted = try noteAttempts(in: &turn)
                return (turn, taken, noted, result)
            }
        } catch {
            if let reason = StorageFailure.reason(of: error) {
                if reason != storage.reason {
                    log(
                        .diskFull, "nothing can be stored: \(reason); ingest goes on as soon as that is over",
                        ["error": "\(reason)"])
                }
                storage.failed(at: now, why: reason)
            }
            throw error
        }
        guard let made else { preconditionFailure("a transaction that did not throw has a result") }
        if storage.reason != nil { log(.diskBack, "what could not be stored is stored now; ingest goes on") }
        storage.succeeded()
        opening = nil
        finish(made.turn, made.taken, made.handouts)
        return made.result
    }

    /// Codes what was found, all together: that takes much less time than one after the other, and no transaction waits.
    /// What a turn could not commit is there for the next one.
    private func code(_ findings: [Finding], _ generation: Generation) {
        if coded.generation != generation.id { coded = (generation.id, [:]) }
        var found: [ContentHash: Generation.Features] = [:]
        for case let extraction? in findings.map(\.extraction) where coded.codes[extraction.content] == nil {
            found[extraction.content] = Generation.Features(extraction)
        }
        let contents = Array(found)
        for (content, code) in zip(contents, generation.codes(of: contents.map(\.value))) {
            coded.codes[content.key] = code
        }
    }

    /// Notes the attempts on the files that go out next.
    private func noteAttempts(in turn: inout Turn) throws -> [Handout] {
        guard !isPaused, !isEnding else { return [] }
        var noted: [Handout] = []
        suspects = suspects.filter { turn.state.waiting.entries[$0] != nil }
        // A file that was with a worker when the machine went down goes alone, so that it cannot drag others with it.
        let most = suspects.isEmpty ? Self.noteAhead : turn.state.waiting.count == 0 ? 0 : 1
        if !suspects.isEmpty && (pool.busyCount > 0 || turn.state.waiting.hasNoted) { return [] }
        while turn.state.waiting.notedCount < most,
            let id = turn.state.waiting.noteNext(onlyUrgent: battery.isSparing)
        {
            guard let file = try turn.reader.file(id) else {
                turn.state.finish(id)
                continue
            }
            try turn.writer.noteAttempt(on: id, boot: settings.boot)
            var handout = Handout(
                file: id, path: try turn.path(of: file), lastRead: file.state == .pending ? nil : file.identity,
                mustDecode: turn.state.waiting.entries[id]?.mustDecode ?? false,
                hasCrashed: turn.state.waiting.entries[id]?.crashes ?? 0 > 0)
            if !handout.mustDecode {
                let before = try file.state == .indexed ? file.content.flatMap { try turn.reader.content($0) } : nil
                handout.audio = before?.sound?.audio
                handout.size = file.identity.size
                handout.known = try turn.reader.contents(ofSize: handout.size, limit: Self.askedFor)
            }
            noted.append(handout)
        }
        return noted
    }

    /// What follows once a turn is on disk.
    private func finish(_ turn: Turn, _ taken: Int, _ noted: [Handout]) {
        state = turn.state
        changes.removeFirst(taken)
        (findings, oldestFinding, findingBytes) = ([], nil, 0)
        if hasLostTrack {
            hasLostTrack = false
            lookAgain()
        }
        coded.codes.removeAll(keepingCapacity: true)
        for handout in noted { handouts[handout.file] = handout }
        library.apply(turn.edits, isComplete: state.isIdle && changes.isEmpty)
        packing.note(changes: turn.edits.count)
        memory.note(changes: turn.edits.count)
        announcer.indexed += turn.edits.count { if case .insert = $0 { true } else { false } }
        let synced = state.takeFinishedSyncs()
        // Whoever asks for the status after a sync sees what it has waited for.
        if !synced.isEmpty { publish(at: .now) }
        for token in synced { syncPromises.removeValue(forKey: token)?.fulfil(.success(())) }
        for note in turn.notes { log(note) }
    }

    private func log(_ event: JournalEvent, _ message: Logger.Message, _ metadata: Logger.Metadata = [:]) {
        let path: Logger.Metadata = ["path": .stringConvertible(catalog.path)]
        logger.log(event, message, metadata: metadata.merging(path) { $1 })
    }

    /// Tells of the workers that have died.
    func logDeaths() {
        for death in pool.takeDeaths() {
            let path = death.file.flatMap(path(of:))
            logger.log(
                .workerDied, "an extraction process ended with \(path?.humanReadable ?? "no file"): \(death.reason)",
                metadata: [
                    "path": path.map { .stringConvertible($0) } ?? "no file", "reason": "\(death.reason)",
                    "process": "\(death.process)",
                ])
        }
    }

    /// Where a file is, for the journal.
    private func path(of file: Int64) -> FilePath? {
        do {
            return try catalog.read { reader in
                guard let known = try reader.file(file), let home = try reader.path(ofDirectory: known.directory) else {
                    return nil
                }
                return FilePath(bytes: home).appending(bytes: known.name)
            }
        } catch {
            // The journal does without; whoever needs the catalog meets the same error, and says it.
            return nil
        }
    }

    private func log(_ note: Turn.Note) {
        switch note {
        case .failed(let path, let failure):
            status.noteError(path: path, failure, at: WallClock.seconds())
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
                "\(path.humanReadable): \(count) known files are not there any more; what was learnt of them is kept",
                metadata: ["path": .stringConvertible(path), "count": "\(count)"])
        case .unreadable(let path, let reason):
            status.noteError(path: path, ExtractionFailure(.unreadable, reason), at: WallClock.seconds())
            logger.log(
                .fileFailed, "\(path.humanReadable): \(reason)",
                metadata: ["path": .stringConvertible(path), "error": "\(reason)"])
        }
    }
}

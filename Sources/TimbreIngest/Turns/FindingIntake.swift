import ContentHash
import LibraryFeed
import Platform
import SoundFeatures
import SystemPackage
import TimbreLibrary
import TimbreStore

/// Decides what becomes of a file that was handed out: whether the result is stored, or the file looked at again.
struct FindingIntake {
    let turn: Turn

    private var contents: ContentIntake { ContentIntake(turn: turn) }

    /// Takes in the result for one file.
    func cameBack(_ finding: Finding) throws {
        guard var file = try turn.reader.file(finding.file) else {
            // Deleted meanwhile; what was learnt from it is kept all the same.
            if let extraction = finding.extraction { _ = try contents.keep(extraction, path: []) }
            return turn.state.finish(finding.file)
        }
        guard turn.state.waiting.entries[file.id] != nil else {
            // Its folder has gone away meanwhile: it is looked at again when that is back. A failure says nothing.
            if let extraction = finding.extraction {
                _ = try contents.keep(extraction, path: try turn.path(of: file).bytes)
            }
            return try turn.writer.clearAttempt(on: file.id)
        }
        switch finding.result {
        case .unopened(nil):
            // Renamed since it was handed out, or not there: the watcher will say whether it is gone or away.
            let path = try turn.path(of: file)
            if !turn.mayHang(path), FileIdentity(of: path) != nil {
                turn.state.waiting.again(file.id)
            } else {
                try turn.finish(file.id)
            }
        case .unopened(let reason?):
            file.identity = finding.identity
            let failure = ExtractionFailure(.unreadable, reason)
            if file.isArchive { return try ArchiveIntake(turn: turn, archive: file).cannotBeRead(failure) }
            try contents.reject(file, failure, content: nil)
        case .postponed:
            try turn.writer.clearAttempt(on: file.id)
            postpone(file, by: .seconds(1))
        case .unanswered:
            try turn.writer.clearAttempt(on: file.id)
            turn.state.setAside(file.id, until: turn.now + .seconds(10))
        case .beingWritten:
            try turn.writer.clearAttempt(on: file.id)
            if !holdWhileOpen(file, changed: finding.identity.changed) { turn.state.waiting.again(file.id) }
        case .unchanged:
            try turn.finish(file.id)
            _ = try turn.confirm(file, as: finding.identity)
        case .answer(let answer) where file.isArchive && !finding.endsReading:
            file.identity = finding.identity
            try found(answer, member: finding.member, in: file)
        case .answer(let answer): try answered(answer, finding, for: file)
        }
    }

    /// Something has been found in an archive that a worker still reads.
    private func found(_ answer: WorkerOutcome.Result, member: Int?, in archive: FileRecord) throws {
        switch answer {
        case .members(let members, let isFirst):
            try ArchiveIntake(turn: turn, archive: archive).listed(members, isFirst: isFirst)
        default: if let member { try MemberIntake(turn: turn, archive: archive).decoded(member, answer) }
        }
    }

    private func answered(_ answer: WorkerOutcome.Result, _ finding: Finding, for file: FileRecord) throws {
        try turn.writer.clearAttempt(on: file.id)
        if finding.hasChanged {
            turn.state.archives[file.id] = nil
            return postpone(file, by: .milliseconds(500))
        }
        // Another file has taken the name since this one was opened.
        if let seen = turn.state.waiting.entries[file.id]?.seen, !seen.isUnchanged(since: finding.identity) {
            turn.state.archives[file.id] = nil
            return turn.state.waiting.again(file.id)
        }
        if finding.isOpenForWriting, answer.isOfTheFile, holdWhileOpen(file, changed: finding.identity.changed) {
            return
        }
        var file = file
        (file.identity, file.tried) = (finding.identity, turn.time)
        switch answer {
        // Tags alone are asked for elsewhere.
        case .returned, .tags, .memberTags: turn.state.waiting.again(file.id)
        case .crashed(let reason) where file.isArchive:
            try ArchiveIntake(turn: turn, archive: file).crashed(finding.member, why: reason)
        case .crashed(let reason): try crashed(on: file, why: reason)
        case .archiveEnded(let failure, let isListing):
            if try isStillWritten(file, looksUnfinished: isListing && failure?.mayBeUnfinished ?? false) { return }
            try ArchiveIntake(turn: turn, archive: file).ended(failure, isListing: isListing)
        // These end nothing.
        case .members: break
        case .hashed(let hash, _): try hashed(file, as: hash)
        case .sameAudio(let hash, let size, let tags): try retagged(file, as: hash, size: Int64(size), tags)
        case .extracted(let extraction):
            turn.state.decodedCount += 1
            if try isStillWritten(file, looksUnfinished: extraction.info.isIncomplete) { return }
            let kept = try contents.keep(extraction, path: try turn.path(of: file).bytes)
            try contents.attach(file, kept.content, code: kept.code)
        case .failed(let failure, let hash):
            if try isStillWritten(file, looksUnfinished: failure.mayBeUnfinished) { return }
            if file.isArchive { return try ArchiveIntake(turn: turn, archive: file).cannotBeRead(failure) }
            try failed(file, failure, hash)
        }
    }

    /// A worker died of a file.
    private func crashed(on file: FileRecord, why reason: String) throws {
        // Once may be chance (somebody ended the worker); twice is the file.
        if turn.state.waiting.entries[file.id]?.crashes == 0 {
            turn.state.waiting.again(file.id, hasCrashed: true)
        } else if turn.mayHang(try turn.path(of: file)) {
            // It may not be the file's doing: it is read again when its folder has been away.
            let words = "\(reason), or its folder did not answer"
            try contents.reject(file, ExtractionFailure(.unreadable, words), content: nil)
        } else {
            try contents.reject(file, ExtractionFailure(.crashed, reason), content: nil)
        }
    }

    /// A file has a hash, and has not been decoded.
    private func hashed(_ file: FileRecord, as hash: ContentHash) throws {
        if let content = try turn.reader.content(hash) {
            turn.state.recognizedCount += 1
            try contents.attach(file, content)
        } else if turn.state.isDecoded(hash, by: file.id) {
            turn.state.waiting.again(file.id, mustDecode: true)
        } else {
            // A copy of it is decoded meanwhile, and then it is known.
            postpone(file, by: .milliseconds(50))
        }
    }

    /// Only a file's tags have changed: what is known of its sound is kept under the new hash, and the file keeps its age.
    private func retagged(_ file: FileRecord, as hash: ContentHash, size: Int64, _ tags: SoundTags) throws {
        if let known = try turn.reader.content(hash) {
            turn.state.recognizedCount += 1
            return try contents.attach(file, known)
        }
        guard let before = file.content, file.state == .indexed else {
            // It has been given another content meanwhile.
            return turn.state.waiting.again(file.id, mustDecode: true)
        }
        turn.state.recognizedCount += 1
        let after = try turn.writer.retag(before, as: hash, size: size, tags: tags, at: turn.time)
        var next = file
        (next.content, next.isOffline) = (after, false)
        try turn.writer.update(next)
        if let content = try turn.reader.content(after) {
            try turn.noteEvents(of: next, content)
            try contents.tellChanged(next, content)
        }
        turn.state.finish(file.id)
        if file.isOffline { turn.edit(.offline([file.id], false)) }
    }

    /// A file could not be decoded.
    private func failed(_ file: FileRecord, _ failure: ExtractionFailure, _ hash: ContentHash?) throws {
        switch failure.reason {
        case .outOfLimits, .unreadable, .crashed: try contents.reject(file, failure, content: nil)
        case .unknownFormat, .unsupported, .damaged, .empty:
            guard let hash else { return try contents.reject(file, failure, content: nil) }
            // It was decoded before, and that still counts, whatever has gone wrong this time.
            if let known = try turn.reader.content(hash) { return try contents.attach(file, known) }
            let id = try turn.writer.addFailedContent(
                hash, size: file.identity.size, failure: failure, path: try turn.path(of: file).bytes,
                at: turn.time)
            try contents.reject(file, failure, content: id)
        }
    }

    private func postpone(_ file: FileRecord, by time: Duration) {
        turn.state.waiting.postpone(file.id, until: turn.now + time)
    }

    /// Postpones a file that somebody had open for writing, unless it was left alone for so long that it should be read
    /// all the same.
    ///
    /// - Returns: Whether it was postponed, or is looked at again at once.
    private func holdWhileOpen(_ file: FileRecord, changed: Int64) -> Bool {
        if turn.state.waiting.entries[file.id]?.seen != nil {
            // Something has happened to it since, such as its closing.
            turn.state.waiting.again(file.id)
            return true
        }
        let looks = turn.state.waiting.entries[file.id]?.openLooks ?? 0
        guard let seconds = Patience.waitWhileOpen(changed: changed, now: turn.time, looks: looks) else {
            return false
        }
        turn.state.hold(file.id, until: turn.now + .milliseconds(Int64(seconds * 1000)))
        return true
    }

    /// Postpones a file that somebody may still be writing.
    ///
    /// - Returns: Whether it was postponed.
    private func isStillWritten(_ file: FileRecord, looksUnfinished: Bool) throws -> Bool {
        guard
            let seconds = turn.patience.wait(
                looksUnfinished: looksUnfinished, modified: file.identity.modified, now: turn.time)
        else { return false }
        postpone(file, by: .milliseconds(Int64(seconds * 1000)))
        return true
    }
}

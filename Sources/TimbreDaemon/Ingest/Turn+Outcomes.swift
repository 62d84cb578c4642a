import ContentHash
import Platform
import SoundFeatures
import SystemPackage
import TimbreExtraction
import TimbreLibrary
import TimbreStore

/// What came of a file that was handed out.
struct Finding: Sendable {
    enum Result: Sendable {
        /// The worker's answer.
        case answer(WorkerOutcome.Result)
        /// The file could not be opened: why, or nil if it is not there.
        case unopened(String?)
        /// It could not be opened for want of descriptors or memory: later it can.
        case postponed
        /// Its file system does not answer.
        case unanswered
        /// Somebody has it open for writing.
        case beingWritten
        /// It is as it was when it was last read.
        case unchanged
    }

    var file: Int64
    var result: Result
    /// What the open file was when it was handed out.
    var identity: FileIdentity
    /// Whether it was another when the answer came.
    var hasChanged: Bool
    /// Whether somebody had it open for writing when the answer came.
    var isOpenForWriting = false

    /// What was learnt, if it belongs to the bytes that were read.
    var extraction: Extraction? {
        guard !hasChanged, case .answer(.extracted(let extraction)) = result else { return nil }
        return extraction
    }
}

extension Turn {
    /// Takes in what came of one file.
    mutating func take(_ finding: Finding) throws {
        guard var file = try reader.file(finding.file) else {
            // Deleted meanwhile; what was learnt of it is kept all the same.
            if let extraction = finding.extraction { _ = try keep(extraction, path: []) }
            return state.finish(finding.file)
        }
        guard state.waiting.entries[file.id] != nil else {
            // Away meanwhile, with its folder: it is looked at again when that is back. A failure says nothing.
            if let extraction = finding.extraction {
                _ = try keep(extraction, path: try path(of: file).bytes)
            }
            return try writer.clearAttempt(on: file.id)
        }
        switch finding.result {
        case .unopened(nil):
            // Renamed since it was handed out, or not there: whether it is gone or away, the watcher says.
            let path = try path(of: file)
            if !mayWait(path), FileIdentity(of: path) != nil {
                state.waiting.again(file.id)
            } else {
                try finish(file.id)
            }
        case .unopened(let reason?):
            file.identity = finding.identity
            try reject(file, ExtractionFailure(.unreadable, reason), content: nil)
        case .postponed:
            try writer.clearAttempt(on: file.id)
            state.waiting.postpone(file.id, until: now + .seconds(1))
        case .unanswered:
            try writer.clearAttempt(on: file.id)
            state.setAside(file.id, until: now + .seconds(10))
        case .beingWritten:
            try writer.clearAttempt(on: file.id)
            if !hold(file, changed: finding.identity.changed) { state.waiting.again(file.id) }
        case .unchanged:
            try finish(file.id)
            _ = try isDone(file, finding.identity)
        case .answer(let answer):
            try writer.clearAttempt(on: file.id)
            if finding.hasChanged {
                return state.waiting.postpone(file.id, until: now + .milliseconds(500))
            }
            // Another file has taken the name since this one was opened.
            if let seen = state.waiting.entries[file.id]?.seen, !seen.isUnchanged(since: finding.identity) {
                return state.waiting.again(file.id)
            }
            if finding.isOpenForWriting, answer.isOfTheFile, hold(file, changed: finding.identity.changed) { return }
            (file.identity, file.tried) = (finding.identity, time)
            try take(answer, for: file)
        }
    }

    private mutating func take(_ answer: WorkerOutcome.Result, for file: FileRecord) throws {
        switch answer {
        case .returned: state.waiting.again(file.id)
        case .crashed(let reason):
            // Once may be chance (somebody ended the worker); twice is the file.
            if state.waiting.entries[file.id]?.crashes == 0 {
                state.waiting.again(file.id, hasCrashed: true)
            } else if mayWait(try path(of: file)) {
                // It may not be the file's doing: it is read again when its folder has been away.
                let words = "\(reason), or its folder did not answer"
                try reject(file, ExtractionFailure(.unreadable, words), content: nil)
            } else {
                try reject(file, ExtractionFailure(.crashed, reason), content: nil)
            }
        case .hashed(let hash, _):
            if let content = try reader.content(hash) {
                state.recognizedCount += 1
                try attach(file, content)
            } else if state.isDecoded(hash, by: file.id) {
                state.waiting.again(file.id, mustDecode: true)
            } else {
                // A copy of it is decoded meanwhile, and then it is known.
                state.waiting.postpone(file.id, until: now + .milliseconds(50))
            }
        case .sameAudio(let hash, let size): try keep(file, retaggedAs: hash, size: Int64(size))
        case .extracted(let extraction):
            state.decodedCount += 1
            if try waits(file, looksUnfinished: extraction.info.isIncomplete) { return }
            let kept = try keep(extraction, path: try path(of: file).bytes)
            try attach(file, kept.content, code: kept.code)
        case .failed(let failure, let hash):
            if try waits(file, looksUnfinished: failure.mayBeUnfinished) { return }
            try take(failure, hash, for: file)
        }
    }

    /// Takes in that only a file's tags have changed: what was learnt of it is known under another hash from now on, and
    /// the file is as old as it was.
    private mutating func keep(_ file: FileRecord, retaggedAs hash: ContentHash, size: Int64) throws {
        if let known = try reader.content(hash) {
            state.recognizedCount += 1
            return try attach(file, known)
        }
        guard let before = file.content, file.state == .indexed else {
            // It has been given another content meanwhile.
            return state.waiting.again(file.id, mustDecode: true)
        }
        state.recognizedCount += 1
        var next = file
        (next.content, next.isOffline) = (try writer.retag(before, as: hash, size: size, at: time), false)
        try writer.update(next)
        state.finish(file.id)
        if file.isOffline { edit(.offline([file.id], false)) }
    }

    /// Postpones a file that somebody had open for writing, unless it was left alone for so long that it is to be read
    /// all the same.
    ///
    /// - Returns: Whether it was postponed, or is looked at again at once.
    private mutating func hold(_ file: FileRecord, changed: Int64) -> Bool {
        if state.waiting.entries[file.id]?.seen != nil {
            // Something was seen of it since, such as its closing.
            state.waiting.again(file.id)
            return true
        }
        let looks = state.waiting.entries[file.id]?.openLooks ?? 0
        guard let seconds = Patience.waitWhileOpen(changed: changed, now: time, looks: looks) else { return false }
        state.hold(file.id, until: now + .milliseconds(Int64(seconds * 1000)))
        return true
    }

    /// Postpones a file that somebody may still be writing.
    private mutating func waits(_ file: FileRecord, looksUnfinished: Bool) throws -> Bool {
        guard
            let seconds = patience.wait(
                looksUnfinished: looksUnfinished, modified: file.identity.modified, now: time)
        else { return false }
        state.waiting.postpone(file.id, until: now + .milliseconds(Int64(seconds * 1000)))
        return true
    }

    /// Keeps what a worker found, once for all files of that content.
    ///
    /// - Returns: The content, and its codes if it is new.
    private mutating func keep(
        _ extraction: Extraction, path: [UInt8]
    ) throws -> (content: ContentRecord, code: CodeRecord?) {
        if let known = try reader.content(extraction.content) {
            guard known.failure != nil else { return (known, nil) }
            // It failed once, and does not any more.
            for file in try writer.forgetFailure(known.id) { state.waiting.add(file, isUrgent: false) }
        }
        let code = coded[extraction.content] ?? generation.codes(of: [Generation.Features(extraction)])[0]
        let sounding = code.frames.reduce(0) { $0 + ($1 == 255 ? 0 : 1) }
        let content = try writer.addContent(
            extraction.content, size: Int64(extraction.size), sound: extraction.info, features: extraction.frames,
            soundingCount: sounding, path: path, at: time)
        try writer.setCode(code, of: content.id, model: generation.id)
        return (content, code)
    }

    private mutating func take(_ failure: ExtractionFailure, _ hash: ContentHash?, for file: FileRecord) throws {
        switch failure.reason {
        case .outOfLimits, .unreadable, .crashed: try reject(file, failure, content: nil)
        case .unknownFormat, .unsupported, .damaged, .empty:
            guard let hash else { return try reject(file, failure, content: nil) }
            // What was decoded once is known, whatever kept it from being decoded again.
            if let known = try reader.content(hash) { return try attach(file, known) }
            let id = try writer.addFailedContent(
                hash, size: file.identity.size, failure: failure, path: try path(of: file).bytes, at: time)
            try reject(file, failure, content: id)
        }
    }

    /// Gives a file the content that was found in it.
    ///
    /// - Parameter code: The content's codes, where they are at hand.
    private mutating func attach(_ file: FileRecord, _ content: ContentRecord, code: CodeRecord? = nil) throws {
        if let failure = content.failure { return try reject(file, failure, content: content.id) }
        guard let sound = content.sound else {
            throw CatalogError("", .damaged, "content \(content.id) has no sound")
        }
        var next = file
        (next.state, next.content, next.failure, next.isOffline, next.tries) = (.indexed, content.id, nil, false, 1)
        state.finish(file.id)
        if file.state == .indexed, let before = file.content {
            if before == content.id {
                if file.isOffline { edit(.offline([file.id], false)) }
                return try writer.update(next)
            }
            try writer.setLastPath(try path(of: file).bytes, ofContent: before)
            if try isSameSound(sound, as: before), try reader.code(of: content.id, model: generation.id) != nil {
                // Only its tags are others: it is the file that it was.
                if file.isOffline { edit(.offline([file.id], false)) }
                return try writer.update(next)
            }
            // Another sound under the same name is a new file to searches: it is as young as it is new.
            edit(.remove(file.id))
            next = try writer.renew(next, at: time)
        } else {
            try writer.update(next)
        }
        try insert(next, content, sound: sound, code: try code ?? self.code(of: content))
    }

    /// Whether a sound is known to be that of another content, and only what surrounds it differs.
    private func isSameSound(_ sound: SoundInfo, as content: Int64) throws -> Bool {
        guard let audio = sound.audio else { return false }
        return try reader.content(content)?.sound?.audio == audio
    }

    /// The codes of a content under the live model, computed where they are not there yet.
    private func code(of content: ContentRecord) throws -> CodeRecord {
        if let known = try reader.code(of: content.id, model: generation.id) { return known }
        let code = try generation.code(of: content.id, reader)
        try writer.setCode(code, of: content.id, model: generation.id)
        return code
    }

    /// Keeps a file that cannot be indexed, with the reason.
    private mutating func reject(_ file: FileRecord, _ failure: ExtractionFailure, content: Int64?) throws {
        if file.state == .indexed {
            edit(.remove(file.id))
            if let before = file.content { try writer.setLastPath(try path(of: file).bytes, ofContent: before) }
        }
        var next = file
        next.state = failure.reason == .outOfLimits ? .skipped : .failed
        (next.content, next.failure, next.isOffline) = (content, failure, false)
        next.tries = 1 + (state.waiting.entries[file.id]?.crashes ?? 0)
        next.tried = time
        try writer.update(next)
        try writer.clearAttempt(on: file.id)
        state.finish(file.id)
        note(.failed(try path(of: file), failure))
    }
}

extension Generation.Features {
    init(_ extraction: Extraction) {
        self.init(cepstra: extraction.frames.cepstra, bands: extraction.frames.bands)
    }
}

import ContentHash
import LibraryFeed
import Platform
import SoundFeatures
import SystemPackage
import TimbreCoding
import TimbreDescriptors
import TimbreIndex
import TimbreLibrary
import TimbreStore

/// Stores what was found in files, once for all files of the same content, and adds it to the index.
struct ContentIntake {
    let turn: Turn

    /// Stores what a worker found, once for all files of that content.
    ///
    /// - Returns: The content, and its codes if it is new.
    func keep(_ extraction: Extraction, path: [UInt8]) throws -> (content: ContentRecord, code: CodeRecord?) {
        if let known = try turn.reader.content(extraction.content) {
            guard known.failure != nil else { return (known, nil) }
            // It failed before, and does not any more.
            for id in try turn.writer.forgetFailure(known.id) {
                turn.state.waiting.add(id, isUrgent: false)
                if let file = try turn.reader.file(id) { try turn.tell(.retried, file) }
            }
        }
        let generation = turn.generation
        let code = turn.codes[extraction.content] ?? generation.codes(of: [Generation.Features(extraction)])[0]
        let sounding = code.frames.reduce(0) { $0 + ($1 == 255 ? 0 : 1) }
        let content = try turn.writer.addContent(
            extraction.content, size: Int64(extraction.size), sound: extraction.info, features: extraction.frames,
            soundingCount: sounding, figures: SoundFrames.figureBytes(of: extraction.frames.bands), path: path,
            at: turn.time)
        try turn.writer.setCode(code, of: content.id, model: generation.id)
        if let events = turn.events[extraction.content] { try turn.writer.setEvents(events, of: content.id) }
        return (content, code)
    }

    /// Gives a file the content that was found in it.
    ///
    /// - Parameter code: The content's codes, where they are at hand.
    func attach(_ file: FileRecord, _ content: ContentRecord, code: CodeRecord? = nil) throws {
        if let failure = content.failure { return try reject(file, failure, content: content.id) }
        guard let sound = content.sound else {
            throw CatalogError("", .damaged, "content \(content.id) has no sound")
        }
        var next = file
        (next.state, next.content, next.failure, next.isOffline, next.tries) = (.indexed, content.id, nil, false, 1)
        var earlierID: Int64?
        turn.state.finish(file.id)
        if file.state == .indexed, let before = file.content {
            if before == content.id {
                if file.isOffline {
                    turn.edit(.offline([file.id], false))
                    try turn.tell(.back, next)
                }
                return try turn.writer.update(next)
            }
            try turn.writer.setLastPath(try turn.path(of: file).bytes, ofContent: before)
            if try isSameSound(sound, as: before), try knownCode(of: content) != nil {
                // Only its tags have changed: it is still the same file.
                if file.isOffline { turn.edit(.offline([file.id], false)) }
                try turn.writer.update(next)
                // The content before may have none yet.
                turn.edit(.figures(file.id, content.figures.flatMap(SoundFigures.init(bytes:))))
                try tellChanged(next, content)
                return try turn.noteEvents(of: next, content)
            }
            // Another sound under the same name counts as a new file in searches.
            turn.edit(.remove(file.id))
            earlierID = file.id
            next = try turn.writer.renew(next, at: turn.time)
        } else {
            try turn.writer.update(next)
        }
        let indexed = try insert(next, content, sound: sound, code: try code ?? self.code(of: content))
        try turn.noteEvents(of: next, content)
        var happening = FileHappening(earlierID == nil ? .indexed : .changed, next, at: try turn.path(of: next))
        (happening.earlierID, happening.hash, happening.sound) = (earlierID, content.hash, sound)
        happening.figures = content.figures
        happening.codes = .init(spanCount: indexed.spans.count, model: turn.generation.model.identifier)
        turn.tell(.file(happening))
    }

    /// Tells that a file has another content of the same sound.
    func tellChanged(_ file: FileRecord, _ content: ContentRecord) throws {
        var happening = FileHappening(.changed, file, at: try turn.path(of: file))
        (happening.hash, happening.sound, happening.figures) = (content.hash, content.sound, content.figures)
        happening.codes = try knownCode(of: content).map {
            .init(spanCount: $0.indexedSpans.count, model: turn.generation.model.identifier)
        }
        turn.tell(.file(happening))
    }

    /// Records that a file cannot be indexed, and why.
    func reject(_ file: FileRecord, _ failure: ExtractionFailure, content: Int64?) throws {
        if file.state == .indexed {
            turn.edit(.remove(file.id))
            if let before = file.content {
                try turn.writer.setLastPath(try turn.path(of: file).bytes, ofContent: before)
            }
        }
        var next = file
        next.state = failure.reason == .outOfLimits ? .skipped : .failed
        (next.content, next.failure, next.isOffline) = (content, failure, false)
        next.tries = 1 + (turn.state.waiting.entries[file.id]?.crashes ?? 0)
        next.tried = turn.time
        try turn.writer.update(next)
        try turn.writer.clearAttempt(on: file.id)
        turn.state.finish(file.id)
        let path = try turn.path(of: file)
        turn.note(.failed(path, failure))
        var happening = FileHappening(next.state == .skipped ? .skipped : .failed, next, at: path)
        happening.hash = try content.flatMap { try turn.reader.content($0)?.hash }
        turn.tell(.file(happening))
    }

    /// Puts an indexed file into the index.
    private func insert(
        _ file: FileRecord, _ content: ContentRecord, sound: SoundInfo, code: CodeRecord
    ) throws -> IndexedFile {
        let indexed = IndexedFile(file, content, sound: sound, code: code)
        turn.edit(.directory(file.directory, path: try turn.directoryPath(file.directory)))
        turn.edit(.insert(indexed))
        return indexed
    }

    /// Whether a sound is known to be the same as another content's, so that only what surrounds it differs.
    private func isSameSound(_ sound: SoundInfo, as content: Int64) throws -> Bool {
        guard let audio = sound.audio else { return false }
        return try turn.reader.content(content)?.sound?.audio == audio
    }

    /// The codes of a content under the live model, computed where they are not there yet.
    private func code(of content: ContentRecord) throws -> CodeRecord {
        if let known = try knownCode(of: content) { return known }
        let code = try turn.generation.code(of: content.id, turn.reader)
        try turn.writer.setCode(code, of: content.id, model: turn.generation.id)
        return code
    }

    private func knownCode(of content: ContentRecord) throws -> CodeRecord? {
        try turn.reader.code(of: content.id, model: turn.generation.id)
    }
}

extension Turn {
    /// Makes a generation the live one.
    ///
    /// - Parameters:
    ///   - before: What is live now.
    ///   - also: Writes more in the same transaction.
    /// - Returns: The index of the whole library under that generation.
    func activate(
        _ generation: Generation, in before: LibrarySnapshot, also: (CatalogWriter) throws -> Void
    ) throws -> TimbreIndex {
        // What came while the rest was coded.
        let missing = try reader.contentsWithoutCode(
            model: generation.id, withVectors: generation.hasVectors, limit: .max)
        for (content, code) in zip(missing, try generation.codes(of: missing, reader)) {
            try writer.setCode(code, of: content, model: generation.id)
        }
        try writer.setLiveModel(generation.id)
        try also(writer)
        // If it cannot be read it must not go live, on disk either.
        var known = before.index
        known.apply(edits)
        let hasSameVectors = generation.hasVectors && generation.model.metric == before.generation.model.metric
        let recoded = try hasSameVectors ? LibraryLoader.recode(known, model: generation.id, reader) : nil
        return try recoded ?? LibraryLoader.index(model: generation.id, reader)
    }
}

extension Generation.Features {
    init(_ extraction: Extraction) {
        self.init(cepstra: extraction.frames.cepstra, bands: extraction.frames.bands)
    }
}

extension IndexedFile {
    fileprivate init(_ file: FileRecord, _ content: ContentRecord, sound: SoundInfo, code: CodeRecord) {
        self.init(
            id: file.id, directory: file.directory, name: file.name, duration: sound.duration,
            channelCount: sound.channelCount, sampleCount: sound.sampleCount, added: file.added,
            isOffline: file.isOffline, spans: code.indexedSpans, vector: code.vector,
            figures: content.figures.flatMap(SoundFigures.init(bytes:)))
    }
}

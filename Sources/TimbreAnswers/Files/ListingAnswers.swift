import ContentHash
import LibraryFeed
import Platform
import SoundFeatures
import SystemPackage
import TimbreCodes
import TimbreCoding
import TimbreDescriptors
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire

/// Lists files: all of a folder, some at random, those that could not be read, or all that is known of one.
struct ListingAnswers: Sendable {
    let catalog: Catalog
    let library: LiveLibrary
    let ingest: Ingest
    let files: KnownFiles

    /// Files in one reply of a list.
    private static let batch = 500

    func list(_ parameters: List.Parameters, _ send: (List.Reply) throws -> Void) throws -> List.Reply {
        let directory = try files.watchedFolder(parameters.directory)
        if let filter = parameters.filter { return try list(filter, below: directory, send) }
        let generation = library.snapshot.generation
        var items: [FileItem] = []
        func add(_ item: FileItem) throws {
            items.append(item)
            if items.count == Self.batch {
                try send(List.Reply(files: items))
                items = []
            }
        }
        // Nothing is sent while the catalog is being read, so that a slow client does not hold up others.
        var last: ListingRow?
        while true {
            let page = try catalog.read { reader in
                try reader.listingPage(
                    under: directory, model: generation.id, after: last.map { ($0.directory, $0.file.name) },
                    limit: Self.batch)
            }
            for row in page { try add(FileItem(row, model: generation.model)) }
            last = page.last
            if page.count < Self.batch { break }
        }
        if parameters.all {
            try files.folders.forEachLeftOut(under: directory) { path, reason in
                try add(FileItem(path: WirePath(path.bytes), state: .skipped, error: reason))
            }
        }
        return List.Reply(files: items)
    }

    /// Lists the searchable files that meet a filter: which these are the index knows, so that the catalog is not asked for all
    /// others.
    private func list(
        _ filter: FileFilter, below directory: FilePath?, _ send: (List.Reply) throws -> Void
    ) throws -> List.Reply {
        let snapshot = library.snapshot
        let generation = snapshot.generation
        let numbers = try snapshot.index.listing(admittedBy: .ofAll(filter, catalog), below: directory?.bytes)
        func items(_ numbers: ArraySlice<Int64>) throws -> [FileItem] {
            try catalog.read { reader in
                try numbers.compactMap { number in
                    // It may have gone meanwhile.
                    try reader.listingRow(ofFile: number, model: generation.id).map {
                        FileItem($0, model: generation.model)
                    }
                }
            }
        }
        let last = try Self.sendAllButLast(numbers, by: Self.batch) { try send(List.Reply(files: try items($0))) }
        return List.Reply(files: try items(last), complete: try filter.isAnswerable(snapshot.index, catalog))
    }

    /// Numbers in one reply.
    private static let numberBatch = 65_536

    func numbers(
        _ parameters: Numbers.Parameters, _ send: (Numbers.Reply) throws -> Void
    ) throws -> Numbers.Reply {
        let index = library.snapshot.index
        let numbers = try index.files(admittedBy: .ofAll(parameters.filter, catalog), evenSilent: true).map(Int.init)
        let last = try Self.sendAllButLast(numbers, by: Self.numberBatch) {
            try send(Numbers.Reply(numbers: Array($0)))
        }
        return Numbers.Reply(numbers: Array(last), complete: try parameters.filter.isAnswerable(index, catalog))
    }

    /// Sends what comes before the last batch.
    ///
    /// - Returns: The last batch; it is empty only if there is nothing.
    private static func sendAllButLast<Item>(
        _ items: [Item], by batch: Int, _ send: (ArraySlice<Item>) throws -> Void
    ) throws -> ArraySlice<Item> {
        let last = max(0, items.count - 1) / batch * batch
        for start in stride(from: 0, to: last, by: batch) { try send(items[start..<start + batch]) }
        return items[last...]
    }

    func errors(_ send: (Errors.Reply) throws -> Void) throws -> Errors.Reply {
        var failed = try catalog.read { reader in
            try (reader.files(in: .failed) + reader.files(in: .skipped)).map { file in
                let directory = try reader.path(ofDirectory: file.directory) ?? []
                return FailedFile(FilePath(bytes: directory).appending(bytes: file.name), file)
            }
        }
        for (path, reason) in ingest.status.unreadable {
            failed.append(
                FailedFile(
                    path: WirePath(path.bytes), state: .failed, reason: "unreadable", error: reason, attempts: 1,
                    time: WallClock.seconds()))
        }
        failed.sort { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
        while failed.count > Self.batch {
            try send(Errors.Reply(files: Array(failed.prefix(Self.batch))))
            failed.removeFirst(Self.batch)
        }
        return Errors.Reply(files: failed)
    }

    func random(_ parameters: Random.Parameters) throws -> Random.Reply {
        let count = parameters.count ?? SearchAnswers.usualCount
        let snapshot = library.snapshot
        let seed = parameters.seed.map { UInt64(bitPattern: Int64($0)) } ?? UInt64.random(in: 0 ... .max)
        var generator = SeededGenerator(seed: seed)
        let drawn = snapshot.index.random(count, filter: try IndexFilter(parameters.filter, catalog), using: &generator)
        let generation = snapshot.generation
        let nothing =
            drawn.isEmpty ? try FilterCensus(snapshot.index, catalog, offline: false).answer(parameters.filter) : nil
        return Random.Reply(
            files: try catalog.read { reader in
                try drawn.compactMap { id in
                    guard let file = try reader.file(id), let directory = try reader.path(ofDirectory: file.directory)
                    else { return nil }
                    let content = try file.content.flatMap { try reader.content($0) }
                    let code = try content.flatMap { try reader.code(of: $0.id, model: generation.id) }
                    let row = ListingRow(
                        directory: directory, file: file, hash: content?.hash, sound: content?.sound,
                        spans: code?.spans, figures: content?.figures)
                    return FileItem(row, model: generation.model)
                }
            }, nothing: nothing, complete: try parameters.filter?.isAnswerable(snapshot.index, catalog))
    }

    func info(_ file: WirePath) throws -> Info.Reply {
        let record = try files.record(file)
        let generation = library.snapshot.generation
        return try catalog.read { reader in
            try FileInformation(record, at: FilePath(bytes: file.bytes), reader).reply(generation)
        }
    }
}

extension IndexFilter {
    /// The conditions of a request about all files, those in folders that are away too.
    fileprivate static func ofAll(_ filter: FileFilter, _ catalog: Catalog) throws -> IndexFilter {
        var conditions = try IndexFilter(filter, catalog)
        conditions.includesOffline = true
        return conditions
    }
}

extension FileItem {
    init(_ row: ListingRow, model: TimbreModel) {
        let path = FilePath(bytes: row.directory).appending(bytes: row.file.name)
        let spans = row.spans.map { CodeRecord.timbreSpans($0).count { !$0.isEmpty } }
        self.init(
            row.file, at: WirePath(path.bytes), hash: row.hash, sound: row.sound, figures: row.figures,
            codes: spans.map { FileHappening.Codes(spanCount: $0, model: model.identifier) })
    }

    init(
        _ file: FileRecord, at path: WirePath, hash: ContentHash?, sound: SoundInfo?, figures: [UInt8]?,
        codes: FileHappening.Codes?
    ) {
        self.init(
            path: path, id: Int(file.id), state: file.wireState, size: Int(file.identity.size),
            duration: sound?.duration, sampleRate: sound?.sampleRate, channels: sound?.channelCount,
            format: sound?.format,
            note: file.state == .opened ? "an archive: its sounds are files of their own" : sound?.note,
            error: file.failure?.detail, content: hash?.description,
            spans: codes?.spanCount, model: codes?.model.description, added: file.added)
        self.figures = figures.flatMap(SoundFigures.init(bytes:)).map(Figures.init)
        if let sound { tags = sound.tags.flatMap { Tags($0, sampleRate: sound.sampleRate) } }
    }
}

extension Tags {
    /// What a file says of itself; nil if that is nothing.
    ///
    /// - Parameter sampleRate: The file's, in hertz.
    init?(_ tags: SoundTags, sampleRate: Int) {
        guard !tags.isEmpty else { return nil }
        self.init()
        (title, artist, album, comment) = (tags.title, tags.artist, tags.album, tags.comment)
        (bpm, key, rootNote, beats, oneShot) = (tags.bpm, tags.key, tags.rootNote, tags.beats, tags.isOneShot)
        let rate = Double(sampleRate)
        let spans = tags.loops.map { TimeSpan(start: Double($0.lowerBound) / rate, end: Double($0.upperBound) / rate) }
        loops = spans.isEmpty ? nil : spans
    }
}

extension FailedFile {
    fileprivate init(_ path: FilePath, _ file: FileRecord) {
        let failure = file.failure ?? ExtractionFailure(.unreadable, "")
        self.init(
            path: WirePath(path.bytes), state: file.wireState, reason: failure.reason.word, error: failure.detail,
            attempts: file.tries, time: file.tried ?? file.added)
    }
}

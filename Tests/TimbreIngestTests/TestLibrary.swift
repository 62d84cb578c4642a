import ContentHash
import EventStore
import FolderWatch
import Platform
import SystemPackage
import TestFiles
import TestModels
import Testing
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

/// A library over a real folder and a real database, whose turns a test makes itself.
///
/// Files are ``FakeSound``s. After each turn the index must be what a fresh start would load, and what was told of all turns
/// must add up to the list.
final class TestLibrary {
    let folder: TemporaryFolder
    let catalog: Catalog
    let library: LiveLibrary
    var state = IngestState()
    /// Seconds since 1970; far from when the files are written, so that they count as left alone.
    var time = WallClock.seconds() + 1000
    let now = ContinuousClock.now
    /// Whether looking at a path may take for ever, as a turn is told.
    var mayHang: (FilePath) -> Bool = { _ in false }
    /// Whether turns are given the events of new sounds; earlier versions knew none.
    var keepsEvents = true
    private var eventKeeper = EventKeeper()
    private var turnCount = 0
    /// What somebody knows who heard of all turns.
    private var followed = FollowedList()

    convenience init() throws { try self.init(smallModel()) }

    init(_ model: TimbreModel) throws {
        folder = try TemporaryFolder()
        try folder.makeFolder("samples")
        catalog = try Catalog(opening: folder.path.appending("library.sqlite"))
        let id = try catalog.write { writer in
            let id = try writer.addModel(model.identifier, data: model.json(), origin: "default", at: 1)
            try writer.setLiveModel(id)
            return id
        }
        let events = try LibraryOpening(catalog: catalog).events()
        library = LiveLibrary(
            LibrarySnapshot(index: TimbreIndex(), generation: Generation(id: id, model: model), events: events))
        try online()
    }

    deinit {
        do { try catalog.close() } catch { Issue.record("\(error)") }
    }

    /// The watched folder.
    var root: FilePath { folder.path.appending("samples") }
    func path(_ name: String) -> FilePath { root.pushing(FilePath(name)) }
    var index: TimbreIndex { library.snapshot.index }

    /// Writes a sound below the watched folder.
    @discardableResult func write(_ sound: String, to name: String) throws -> FilePath {
        _ = try folder.write(sound, to: "samples/\(name)")
        return path(name)
    }

    func makeFolder(_ name: String) throws { try folder.makeFolder("samples/\(name)") }
    func remove(_ name: String) throws { try folder.remove("samples/\(name)") }
    func move(_ from: String, to: String) throws { try folder.move("samples/\(from)", to: "samples/\(to)") }

    /// Makes one turn, as the loop does.
    @discardableResult func turn(
        _ changes: [FolderChange] = [], _ findings: [Finding] = [], sourceLocation: SourceLocation = #_sourceLocation,
        _ body: (Turn) throws -> Void = { _ in }
    ) throws -> Turn {
        let extractions = keepsEvents ? findings.compactMap(\.extraction) : []
        let kept = eventKeeper.keep(extractions, in: library.snapshot.events)
        let turn = try catalog.write { writer in
            let turn = makeTurn(writer, kept)
            for change in changes { try turn.watcherSaw(change) }
            for finding in findings { try turn.cameBack(finding) }
            try body(turn)
            return turn
        }
        eventKeeper.committed()
        take(turn)
        #expect(try isFresh, sourceLocation: sourceLocation)
        let listed = try catalog.read { try FollowedList($0, model: library.snapshot.generation.id) }
        #expect(followed.differences(from: listed) == [], sourceLocation: sourceLocation)
        // What a start reads is packed now and then, a few files at a time.
        turnCount += 1
        if turnCount % 3 == 0 { pack() }
        return turn
    }

    private func makeTurn(_ writer: CatalogWriter, _ events: [ContentHash: EventExtent] = [:]) -> Turn {
        Turn(
            writer: writer, generation: library.snapshot.generation, events: events,
            patience: Patience(settle: .milliseconds(250)), state: state, time: time, now: now, mayHang: mayHang)
    }

    private func pack() {
        var packing = Packing(plan: PackPlan(size: 2))
        packing.packSome(catalog, library)
    }

    private func take(_ turn: Turn) {
        state = turn.state
        library.apply(turn.edits, isComplete: state.isIdle)
        if turn.lacksEvents { library.noteEvents(areComplete: false) }
        for happening in turn.happenings { followed.take(happening) }
    }

    /// Makes one turn of many, after which the index is not compared with a fresh one.
    func turn(unchecked finding: Finding) throws {
        take(
            try catalog.write { writer in
                let turn = makeTurn(writer)
                try turn.cameBack(finding)
                return turn
            })
    }

    /// What a start would load.
    func freshIndex() throws -> TimbreIndex {
        try catalog.read { try LibraryLoader.index(model: library.snapshot.generation.id, $0) }
    }

    /// Whether index and events are what a start would load.
    var isFresh: Bool {
        get throws {
            let events = library.snapshot.events
            return try catalog.read { reader in
                try events.entries == reader.eventEntries()
                    && (!events.isComplete || reader.contentsWithoutEvents(limit: 1).isEmpty)
            } && described(index) == described(freshIndex())
        }
    }

    private func described(_ index: TimbreIndex) -> [Int64: [IndexedFile: [UInt8]]] {
        var files: [Int64: [IndexedFile: [UInt8]]] = [:]
        for id in index.ids { if let file = index.file(id) { files[id] = [file: index.path(of: id) ?? []] } }
        return files
    }

    /// Takes the next waiting file and asks a worker of it, as the loop does.
    func nextFinding() throws -> Finding? {
        guard let id = state.waiting.noteNext() else { return nil }
        #expect(state.waiting.handOutNext() == id)
        guard let file = try catalog.read({ try $0.file(id) }) else { return nil }
        let place = try catalog.read { FilePath(bytes: try $0.path(ofDirectory: file.directory) ?? []) }
            .appending(bytes: file.name)
        guard let identity = FileIdentity(of: place) else {
            return Finding(file: id, result: .unopened(nil), identity: file.identity, hasChanged: false)
        }
        let mustDecode = state.waiting.entries[id]?.mustDecode ?? false
        if file.state != .pending, identity.isUnchanged(since: file.identity), !mustDecode {
            return Finding(file: id, result: .unchanged, identity: identity, hasChanged: false)
        }
        let known = try catalog.read { try $0.contents(ofSize: identity.size, limit: 1) }
        let answer = FakeSound(try contents(of: place)).answer(hashOnly: !known.isEmpty && !mustDecode)
        return Finding(file: id, result: .answer(answer), identity: identity, hasChanged: false)
    }

    /// Works off all that waits.
    ///
    /// - Returns: The numbers of the files that were asked of, in their order.
    @discardableResult func work(sourceLocation: SourceLocation = #_sourceLocation) throws -> [Int64] {
        var asked: [Int64] = []
        while true {
            guard let finding = try nextFinding() else {
                // What waits for a copy of it to be decoded comes at once.
                let soon = now + .milliseconds(50)
                guard let next = state.waiting.nextDeferred, next <= soon else { break }
                state.waiting.wake(at: soon)
                continue
            }
            asked.append(finding.file)
            try turn([], [finding], sourceLocation: sourceLocation)
            if asked.count > 10_000 { throw Errno.tooManySymbolicLinkLevels }
        }
        return asked
    }

    /// Writes a sound and has it indexed.
    @discardableResult func add(
        _ sound: String, to name: String, sourceLocation: SourceLocation = #_sourceLocation
    ) throws -> FileRecord {
        let path = try write(sound, to: name)
        try turn([.settled(path)], sourceLocation: sourceLocation)
        try work(sourceLocation: sourceLocation)
        return try #require(try file(name), sourceLocation: sourceLocation)
    }

    /// What the catalog says of a file.
    func file(_ name: String) throws -> FileRecord? { try catalog.read { try $0.file(at: path(name)) } }

    /// The paths in the index below the watched folder, by age.
    var indexed: [String] {
        index.ids.compactMap { index.path(of: $0) }.map {
            String(decoding: $0.dropFirst(root.bytes.count + 1), as: UTF8.self)
        }
    }
}

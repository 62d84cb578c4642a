import Platform
import Synchronization
import SystemPackage
import TestFiles
import TestIngest
import Testing
import TimbreIngest
import TimbreStore
import TimbreWire
import Varlink

@testable import TimbreAnswers

@Suite(.timeLimit(.minutes(10)))
struct RebaseAnswersTests {
    private let library: StoredLibrary
    private let test: TestResponder
    private var moved: FilePath { library.place.appending("moved") }

    init() throws {
        library = try StoredLibrary(of: ["a.wav": "1 2", "kicks/b.wav": "2 3", "kicks/c.wav": "3 4"])
        test = try TestResponder(library)
    }

    /// Puts files where those of the library are now.
    private func put(_ names: [String], in place: FilePath) throws {
        for name in names {
            let path = place.pushing(FilePath(name))
            try Disk.makeDirectory(path.removingLastComponent())
            try Disk.write(path)
        }
    }

    private func rebase(_ old: FilePath, _ new: FilePath, isDry: Bool = false) throws -> Rebase.Reply {
        try test.responder.rebase(
            Rebase.Parameters(old: WirePath(old.bytes), new: WirePath(new.bytes), dryRun: isDry), from: .owner)
    }

    private func known(_ path: FilePath) throws -> Bool { try library.catalog.read { try $0.file(at: path) } != nil }

    private func expectRefused(_ words: String, _ body: () throws -> Rebase.Reply) {
        let error = #expect(throws: LibraryError.self) { _ = try body() }
        switch error {
        case .cannotRebase(_, let reason)?, .notAFolder(_, let reason)?: #expect(reason.contains(words), "\(reason)")
        default: Issue.record("\(String(describing: error))")
        }
    }

    @Test func aConfiguredFolderMovesOnceTheConfigurationSaysSo() throws {
        try put(["a.wav", "kicks/b.wav"], in: moved)
        expectRefused("name \(moved) in its place") { try rebase(library.root, moved) }
        test.service.named.withLock { $0 = [moved] }
        let dry = try rebase(library.root, moved, isDry: true)
        #expect(!dry.rebased && dry.files == 3 && dry.missing == 1)
        #expect(dry.examples == [WirePath(moved.pushing("kicks/c.wav").bytes)])
        #expect(try known(library.path("a.wav")))
        let done = try rebase(library.root, moved)
        #expect(done.rebased && done.files == 3 && done.missing == 1)
        #expect(try known(moved.appending("a.wav")) && known(moved.pushing("kicks/c.wav")))
        #expect(try !known(library.path("a.wav")))
        #expect(test.service.reloads.load(ordering: .relaxed) == 1)
        #expect(try library.catalog.read { try $0.folders().map(\.path) }.contains(library.root) == false)
    }

    @Test func aFolderThatWasAddedMovesByItself() throws {
        let added = library.place.appending("added")
        try put(["d.wav"], in: added)
        _ = try test.responder.addFolder(WirePath(added.bytes), from: .owner)
        try library.catalog.write { writer in
            _ = try writer.addFile(
                Array("d.wav".utf8), in: writer.directory(added),
                identity: FileIdentity(size: 4, modified: 1, changed: 1, device: 1, inode: 1), at: 1)
        }
        try put(["d.wav"], in: moved)
        let done = try rebase(added, moved)
        #expect(done.files == 1 && done.missing == 0)
        #expect(test.watched.all == [library.root, moved])
        #expect(try library.catalog.read { try $0.folders().filter(\.isAtRunTime).map(\.path) } == [moved])
        #expect(test.service.reloads.load(ordering: .relaxed) == 0)
    }

    @Test func aPartMovesWithinWhatIsWatched() throws {
        try put(["b.wav", "c.wav"], in: library.path("drums"))
        #expect(try rebase(library.path("kicks"), library.path("drums")).files == 2)
        #expect(try known(library.path("drums/b.wav")))
        try put(["b.wav", "c.wav"], in: moved)
        expectRefused("it is in no watched folder") { try rebase(library.path("drums"), moved) }
    }

    @Test func whatCannotBeRightIsRefused() throws {
        expectRefused("there is no such folder") { try rebase(library.root, moved) }
        try Disk.makeDirectory(moved)
        test.service.named.withLock { $0 = [moved] }
        expectRefused("none of the 3 files is there") { try rebase(library.root, moved) }
        expectRefused("no file of it is known") { try rebase("/nowhere", moved) }
        expectRefused("one folder lies in the other") { try rebase(library.root, library.place) }
        expectRefused("that is where the files are known") { try rebase(library.root, library.root) }
    }

    @Test func whatIsKnownAtTheNewPlaceAlreadyNeedsNothing() throws {
        try put(["b.wav", "c.wav"], in: library.path("kicks"))
        let reply = try rebase(library.path("beats"), library.path("kicks"))
        #expect(reply.already == true && !reply.rebased && reply.files == 2 && reply.missing == 0)
        #expect(try known(library.path("kicks/b.wav")))
        // What waits to be read may be what the old place had.
        try library.catalog.write { writer in
            _ = try writer.addFile(
                Array("new.wav".utf8), in: writer.directory(library.path("kicks")),
                identity: FileIdentity(size: 4, modified: 1, changed: 1, device: 1, inode: 1), at: 1)
        }
        expectRefused("no file of it is known") { try rebase(library.path("beats"), library.path("kicks")) }
        let empty = library.place.appending("empty")
        try Disk.makeDirectory(empty)
        expectRefused("no file of it is known") { try rebase(empty, empty) }
    }

    @Test func anotherSoundAtTheNewPlaceIsNamed() throws {
        try library.add("5", to: "drums/b.wav")
        try put(["b.wav"], in: library.path("drums"))
        let error = #expect(throws: LibraryError.self) { _ = try rebase(library.path("kicks"), library.path("drums")) }
        guard case .cannotRebase(let path, _) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(path == WirePath(library.path("drums/b.wav").bytes))
        #expect(try known(library.path("kicks/b.wav")))
    }

    @Test func whatIsInAnArchiveMovesWithIt() throws {
        try library.catalog.write { writer in
            for (name, directory) in [
                ("pack.zip", "packs"), ("k.wav", "packs/pack.zip"), ("l.wav", "packs/away.zip/deep"),
                ("away.zip", "packs"),
            ] {
                var file = try writer.addFile(
                    Array(name.utf8), in: writer.directory(library.path(directory)),
                    identity: FileIdentity(size: 4, modified: 1, changed: 1, device: 1, inode: 1), at: 1)
                if file.isArchive { file.state = .opened }
                try writer.update(file)
            }
        }
        try put(["pack.zip"], in: library.path("bought"))
        let done = try rebase(library.path("packs"), library.path("bought"))
        #expect(done.files == 2 && done.missing == 1)
        #expect(done.examples == [WirePath(library.path("bought/away.zip/deep/l.wav").bytes)])
        #expect(try known(library.path("bought/pack.zip/k.wav")))
    }
}

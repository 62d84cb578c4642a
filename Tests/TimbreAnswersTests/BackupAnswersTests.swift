import Glibc
import Platform
import Synchronization
import SystemPackage
import TestIngest
import Testing
import TimbreIngest
import TimbreStore
import TimbreWire
import Varlink

@testable import TimbreAnswers

@Suite(.timeLimit(.minutes(10)))
struct BackupAnswersTests {
    private let library: StoredLibrary
    private let test: TestResponder

    init() throws {
        library = try StoredLibrary(of: ["a.wav": "1 2", "b.wav": "2 3", "c.wav": "2 3"])
        test = try TestResponder(library)
    }

    private func backup() throws -> (bytes: [UInt8], outcome: Backup.Outcome?) {
        let file = OwnedDescriptor(owning: try MemoryFile.make([], named: "backup"))
        let reply = try test.responder.backup(Backup.Parameters(), from: .owner(passing: file.descriptor)) { _ in }
        return (try MemoryFile.contents(of: file.descriptor), reply.outcome)
    }

    private func restore(_ bytes: [UInt8]) throws -> Restore.Reply {
        let file = OwnedDescriptor(owning: try MemoryFile.make(bytes, named: "backup"))
        _ = try file.descriptor.seek(offset: 0, from: .start)
        return try test.responder.restore(Restore.Parameters(), from: .owner(passing: file.descriptor)) { _ in }
    }

    @Test func aBackupIsReadBackAndTheServiceBeginsAnew() throws {
        let (bytes, outcome) = try backup()
        #expect(outcome == Backup.Outcome(files: 3, contents: 2))
        let restored = try #require(try restore(bytes).outcome)
        #expect(restored.files == 3 && restored.contents == 2 && restored.version == "1")
        #expect(test.service.restarts.load(ordering: .relaxed) == 1)
        let names = try OpenDirectory.entries(of: library.place).map { String(decoding: $0.name, as: UTF8.self) }
        #expect(names.contains { $0.hasPrefix("restore-") && !$0.hasSuffix(".part") })
    }

    @Test func aDamagedBackupIsNamedAsSuchAndNothingBegins() throws {
        let bytes = try backup().bytes
        #expect(throws: LibraryError.invalidBackup(reason: "a damaged backup: it ends too early")) {
            try restore(Array(bytes[..<100_000]))
        }
        #expect(throws: LibraryError.invalidBackup(reason: "not a backup of timbred")) { try restore([1, 2, 3]) }
        #expect(test.service.restarts.load(ordering: .relaxed) == 0)
    }

    @Test func aFullDiskOfTheClientIsTheClientsOwn() throws {
        let full = try OwnedDescriptor.open("/dev/full", O_WRONLY)
        #expect(throws: LibraryError.notWritten(reason: "No space left on device")) {
            try test.responder.backup(Backup.Parameters(), from: .owner(passing: full.descriptor)) { _ in }
        }
    }

    @Test func whoPassesNothingIsTold() throws {
        #expect(throws: LibraryError.invalidParameter("file")) {
            try test.responder.backup(Backup.Parameters(), from: .owner) { _ in }
        }
        #expect(throws: LibraryError.invalidParameter("file")) {
            try test.responder.restore(Restore.Parameters(), from: .owner) { _ in }
        }
    }

    @Test func aReaderOfAnEarlierMomentIsWaitedFor() throws {
        // What is read here is of before the change, for which the log is needed.
        var earlier: CatalogSnapshot? = try library.catalog.snapshot()
        try test.ingest.note("changed", 1)
        #expect(try test.ingest.freeze() == nil)
        #expect(try earlier?.read { try $0.setting("changed") } == nil)
        earlier = nil
        #expect(try backup().outcome?.files == 3)
    }
}

extension Peer {
    /// The same client, with a descriptor that it passes.
    fileprivate static func owner(passing descriptor: FileDescriptor) -> Peer {
        var owner = owner
        owner.passed = descriptor
        return owner
    }
}

import FolderWatch
import Foundation
import GRDB
import LibraryFeed
import SystemPackage
import TestFiles
import TestModels
import Testing
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

/// What is kept while it cannot be stored, and taken in a part at a time.
struct IntakeTests {
    private let start = ContinuousClock.now

    private func intake(_ test: TestLibrary) -> Intake {
        RunningIngest.intake(test.catalog, test.library, state: test.state)
    }

    /// Lets a turn fail as if the disk were full.
    private func fillDisk(_ intake: Intake) {
        let full = DatabaseError(resultCode: .SQLITE_FULL)
        #expect(throws: DatabaseError.self) { try intake.transact(at: start, for: .none) { _ in throw full } }
    }

    /// What cannot be made beside the database stands for a full disk here: a folder has the name of the log's index.
    private func withFullDisk(
        _ opening: IngestStart? = nil, _ body: (Catalog, Intake, _ clear: () throws -> Void) throws -> Void
    ) throws {
        let folder = try TemporaryFolder()
        let path = folder.path.appending("library.sqlite")
        let model = try smallModel()
        let first = try Catalog(opening: path)
        try first.write { writer in
            try writer.setLiveModel(writer.addModel(model.identifier, data: model.json(), origin: "", at: 1))
            try writer.setFolder(
                FolderRecord(path: "/old", isAtRunTime: true, device: nil, inode: nil, fileSystem: nil))
        }
        try first.close()
        let obstacle = folder.path.appending("library.sqlite-shm")
        try FileManager.default.createDirectory(atPath: obstacle.string, withIntermediateDirectories: false)
        let library = LiveLibrary(
            LibrarySnapshot(index: TimbreIndex(), generation: Generation(id: 1, model: model)))
        let catalog = try Catalog(opening: path)
        try body(catalog, RunningIngest.intake(catalog, library, opening: opening)) {
            try FileManager.default.removeItem(atPath: obstacle.string)
        }
        try catalog.close()
    }

    @Test func whatAStartHasToDoWaitsForTheDisk() throws {
        let opening = IngestStart(folders: ["/new"], haveAllAnswered: true)
        try withFullDisk(opening) { catalog, intake, clear in
            #expect(throws: (any Error).self) { try intake.transact(at: start, for: .none) { _ in } }
            #expect(intake.trouble != nil && intake.state.folders.pendingScans == ["/new"])
            try clear()
            intake.turnIfDue(at: start + .milliseconds(999), for: .none)
            #expect(try catalog.read { try $0.folders() }.count == 1)
            intake.turnIfDue(at: start + .seconds(1), for: .none)
            #expect(try catalog.read { try $0.folders() }.isEmpty)
            #expect(intake.trouble == nil)
        }
    }

    @Test func troubleEndsThoughNothingWaitsToBeStored() throws {
        try withFullDisk { _, intake, clear in
            #expect(throws: (any Error).self) {
                try intake.transact(at: start, for: .none) { try $0.writer.set("paused", to: 1) }
            }
            #expect(intake.trouble != nil)
            // Nobody else wakes the loop.
            #expect(intake.nextDue(at: start) == start + .seconds(1))
            intake.turnIfDue(at: start + .seconds(1), for: .none)
            #expect(intake.trouble != nil)
            try clear()
            intake.turnIfDue(at: start + .seconds(3), for: .none)
            #expect(intake.trouble == nil && intake.nextDue(at: start) == nil)
        }
    }

    @Test func nothingIsLostWhileNothingCanBeStored() throws {
        let test = try TestLibrary()
        let intake = intake(test)
        try test.write("1 2", to: "a.wav")
        intake.add([try test.listed()])
        fillDisk(intake)
        #expect(!intake.hasTakenChanges && intake.state.waiting.isEmpty && intake.trouble != nil)
        intake.turnIfDue(at: start, for: .none)
        #expect(!intake.hasTakenChanges)
        intake.turnIfDue(at: start + .seconds(1), for: .none)
        #expect(intake.hasTakenChanges && intake.state.waiting.count == 1)
        #expect(intake.trouble == nil)
    }

    @Test func whatHappensIsToldOnceItIsOnDiskAndNotBefore() throws {
        let test = try TestLibrary()
        let feed = Feed(start: 0)
        let intake = RunningIngest.intake(test.catalog, test.library, feed: feed, state: test.state)
        let follower = try feed.follow()
        func told(after number: Int64) -> [Happening] {
            guard case .batches(let batches) = follower.read(after: number) else { return [] }
            return batches.flatMap(\.happenings)
        }
        let path = try test.write("1 2", to: "a.wav")
        intake.add([.settled(path)])
        fillDisk(intake)
        guard case .stuck = told(after: 0).first, feed.last == 1 else {
            Issue.record("not told that nothing can be stored: \(told(after: 0))")
            return
        }
        intake.turnIfDue(at: start + .seconds(1), for: .none)
        let file = try #require(try test.file("a.wav"))
        #expect(told(after: 1) == [.unstuck, .file(FileHappening(.found, file, at: path))])
        try test.remove("a.wav")
        intake.add([.gone(path, isDirectory: false)])
        intake.turnIfDue(at: start + .seconds(2), for: .none)
        #expect(told(after: 3) == [.file(FileHappening(.removed, file, at: path))])
        // A turn that fails has not happened.
        struct Oddity: Error {}
        #expect(throws: Oddity.self) {
            try intake.transact(at: start, for: .none) { turn in
                turn.tell(.paused)
                throw Oddity()
            }
        }
        #expect(feed.last == 4)
    }

    @Test func whatWasTooMuchIsLookedAtAgainOnce() throws {
        let test = try TestLibrary()
        let intake = intake(test)
        fillDisk(intake)
        intake.add([.scanBegan(test.root)])
        intake.add((0...PendingChanges.most).map { .settled(test.path("\($0).wav")) })
        #expect(!intake.takeEffects().mustLookAgain)
        intake.turnIfDue(at: start + .seconds(60), for: .none)
        #expect(intake.takeEffects().mustLookAgain && intake.hasTakenChanges)
        #expect(intake.state.folders.pendingScans == [test.root])
        intake.add([.settled(test.path("a.wav"))])
        intake.turnIfDue(at: start + .seconds(120), for: .none)
        #expect(!intake.takeEffects().mustLookAgain)
    }

    @Test func turnsAreMadeUntilNothingIsLeft() throws {
        let test = try TestLibrary()
        try test.makeFolder("kit")
        try test.makeFolder("other")
        try test.add("1 2", to: "other/0.wav")
        for number in 0..<Turn.mostFiles { try test.write("1 3", to: "kit/n\(number).wav") }
        let intake = intake(test)
        intake.add([try test.listed("kit"), .gone(test.path("kit"), isDirectory: true)])
        var turns = 0
        while intake.hasMore, turns < 100 {
            let now = ContinuousClock.now
            #expect(intake.nextDue(at: now) == now)
            intake.turnIfDue(at: now, for: .none)
            turns += 1
        }
        #expect(turns > 2 && intake.hasTakenChanges)
        #expect(test.indexed == ["other/0.wav"])
        #expect(try test.catalog.read { try $0.fileCounts().total } == 1)
    }

    @Test func whatCannotBeTakenInStopsNothingElse() throws {
        let test = try TestLibrary()
        let intake = intake(test)
        let entry = FileEntry(name: "a.wav", size: 1, modified: 1, changed: 1, inode: 1, device: 1, isSettled: true)
        // No file system has two files of one name, and the catalog takes no second one.
        let impossible = DirectoryListing(
            directory: test.root, root: test.root, device: 1, inode: 1, modified: 0, files: [entry, entry],
            subdirectories: [])
        intake.add([.listed(impossible), .settled(try test.write("1", to: "b.wav"))])
        intake.turnIfDue(at: start, for: .none)
        #expect(intake.hasTakenChanges && intake.hasLeftOut && intake.trouble == nil)
        #expect(try test.file("a.wav") == nil)
        #expect(try test.file("b.wav")?.state == .pending && intake.state.waiting.count == 1)
    }
}

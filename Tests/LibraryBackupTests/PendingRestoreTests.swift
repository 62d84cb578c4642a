import Platform
import SystemPackage
import TestFiles
import Testing
import TimbreStore

@testable import LibraryBackup

struct PendingRestoreTests {
    private static let stamp = "20010909T014640Z"

    /// What a start does, one rename after the other, as ``PendingRestore`` says.
    private static let renames: [(from: String, to: String)] = [
        ("library.sqlite", "before-restore-\(stamp)/library.sqlite"),
        ("library.sqlite-events", "before-restore-\(stamp)/library.sqlite-events"),
        ("library.sqlite.keepsakes", "before-restore-\(stamp)/library.sqlite.keepsakes"),
        ("restore-\(stamp)/library.sqlite", "library.sqlite"),
        ("restore-\(stamp)/library.sqlite-events", "library.sqlite-events"),
    ]

    /// A state directory with the old library and a whole restore that waits for a start.
    private func waiting() throws -> BackupFolder {
        let test = try BackupFolder()
        try test.makeLibrary("new", files: 40)
        try test.makeLibrary("state", files: 3)
        _ = try test.folder.write("old events", to: "state/library.sqlite-events")
        try test.stage(try test.backup("new"), in: "state")
        _ = try test.folder.write("new events", to: "state/restore-\(Self.stamp)/library.sqlite-events")
        return test
    }

    @Test("A start that is cut off after any rename is completed by the next", arguments: 0...5)
    func isCutOff(after count: Int) throws {
        let test = try waiting()
        if count > 0 { try test.folder.makeFolder("state/before-restore-\(Self.stamp)") }
        for (from, to) in Self.renames.prefix(count) { try test.folder.move("state/\(from)", to: "state/\(to)") }
        let done = try #require(try PendingRestore(of: test.database("state")).finish())
        #expect(try test.count("state") == 40)
        #expect(try test.path.appending("state/library.sqlite-events").contents() == Array("new events".utf8))
        #expect(try test.count("state/before-restore-\(Self.stamp)") == 3)
        #expect(try done.aside.appending("library.sqlite-events").contents() == Array("old events".utf8))
        #expect(try test.names("state") == ["before-restore-\(Self.stamp)", "library.sqlite", "library.sqlite-events"])
    }

    @Test func aBackupThatWasNotReadToItsEndIsForgotten() throws {
        let test = try BackupFolder()
        try test.makeLibrary("state", files: 3)
        try test.folder.makeFolder("state/restore-\(Self.stamp).part")
        _ = try test.folder.write("half", to: "state/restore-\(Self.stamp).part/library.sqlite")
        #expect(try PendingRestore(of: test.database("state")).finish() == nil)
        #expect(try test.names("state") == ["library.sqlite", "library.sqlite.keepsakes"])
        #expect(try test.count("state") == 3)
    }

    @Test func twoRestoresInOneSecondKeepBothLibraries() throws {
        let test = try waiting()
        _ = try PendingRestore(of: test.database("state")).finish()
        try test.makeLibrary("newest", files: 50)
        try test.stage(try test.backup("newest"), in: "state")
        let done = try #require(try PendingRestore(of: test.database("state")).finish())
        #expect(done.aside == test.path.appending("state/before-restore-\(Self.stamp)-2"))
        #expect(try test.count("state") == 50)
        #expect(try test.count("state/before-restore-\(Self.stamp)") == 3)
        #expect(try test.count("state/before-restore-\(Self.stamp)-2") == 40)
    }

    @Test func ofTwoThatWaitTheLaterCounts() throws {
        let test = try waiting()
        try test.makeLibrary("newest", files: 50)
        try test.stage(try test.backup("newest"), in: "state")
        _ = try PendingRestore(of: test.database("state")).finish()
        #expect(try test.count("state") == 50)
        #expect(try test.names("state").filter { $0.hasPrefix("restore-") } == [])
    }

    @Test func aStateDirectoryThatIsNotThereHasNone() throws {
        #expect(try PendingRestore(of: "/nowhere/state/library.sqlite").finish() == nil)
    }
}

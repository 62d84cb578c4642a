import Glibc
import Platform
import SystemPackage
import TestFiles
import Testing
import TimbreStore

@testable import LibraryBackup

struct BackupTests {
    @Test func aBackupGivesTheLibraryBack() throws {
        let test = try BackupFolder()
        try test.makeLibrary("a", files: 40)
        try test.makeLibrary("b", files: 3)
        let outcome = try test.stage(try test.backup("a"), in: "b")
        #expect(outcome.manifest.files == 40 && outcome.manifest.created == 1_000_000_000)
        // Up to the next start all is as it was.
        #expect(try test.count("b") == 3)
        let done = try #require(try PendingRestore(of: test.database("b")).finish())
        #expect(try test.count("b") == 40)
        #expect(done.aside == test.path.appending("b/before-restore-20010909T014640Z"))
        #expect(try test.count("b/before-restore-20010909T014640Z") == 3)
        #expect(try PendingRestore(of: test.database("b")).finish() == nil)
    }

    @Test func theLibraryKeepsItsNameUnlessItIsToGoItsOwnWay() throws {
        let test = try BackupFolder()
        try test.makeLibrary("a", files: 1)
        let backup = try test.backup("a")
        func name(_ library: String) throws -> String {
            let catalog = try Catalog(opening: test.database(library))
            defer { do { try catalog.close() } catch { Issue.record("\(error)") } }
            return try catalog.read { try $0.libraryName() }
        }
        for (place, isCopy) in [("same", false), ("other", true)] {
            try test.folder.makeFolder(place)
            try test.stage(backup, in: place, asCopy: isCopy)
            _ = try PendingRestore(of: test.database(place)).finish()
        }
        #expect(try name("same") == name("a"))
        #expect(try name("other") != name("a"))
    }

    @Test func aBackupThatWasCutShortIsRefusedAndLeavesNothing() throws {
        let test = try BackupFolder()
        try test.makeLibrary("a", files: 2)
        try test.folder.makeFolder("b")
        let backup = try test.backup("a")
        let last = try #require(backup.lastIndex { $0 != 0 })
        for end in Array(stride(from: 0, through: last, by: 4099)) + [last] {
            let error = #expect(throws: BackupError.self) { try test.stage(Array(backup[..<end]), in: "b") }
            #expect(error == .notABackup || error == .damaged("it ends too early"), "\(end)")
            #expect(try test.names("b") == [])
        }
    }

    @Test func aBackupOfWhichAByteIsAnotherIsRefused() throws {
        let test = try BackupFolder()
        try test.makeLibrary("a", files: 2)
        try test.folder.makeFolder("b")
        let backup = try test.backup("a")
        let last = try #require(backup.lastIndex { $0 != 0 })
        var generator = SystemRandomNumberGenerator()
        for place in (0..<150).map({ _ in Int.random(in: 0...last, using: &generator) }) {
            var changed = backup
            changed[place] ^= 0x10
            // Fillings between the files, of zeros, are not looked at.
            do { try test.stage(changed, in: "b") } catch is BackupError {
                #expect(try test.names("b") == [], "byte \(place)")
                continue
            }
            #expect(backup[place] == 0 && changed[place] == 0x10, "byte \(place)")
            try RestoreFolders.removeWaiting(in: test.path.appending("b"))
        }
    }

    @Test func whatIsNoBackupIsRefused() throws {
        let test = try BackupFolder()
        try test.makeLibrary("a", files: 2)
        try test.folder.makeFolder("b")
        for bytes in [[], Array("a song".utf8), try contentsOfFile(test.database("a"))] {
            #expect(throws: BackupError.notABackup) { try test.stage(bytes, in: "b") }
        }
        #expect(try test.names("b") == [])
    }

    private func contentsOfFile(_ path: FilePath) throws -> [UInt8] { try path.contents() }

    @Test func aBackupOfALaterFormatIsRefusedAndSaysWhoMadeIt() throws {
        let text = Array("{\"format\":2,\"version\":\"9.1\",\"something\":[]}".utf8)
        #expect(throws: BackupError.newer(version: "9.1")) { try BackupManifest(text) }
        #expect(
            "\(BackupError.newer(version: "9.1"))"
                == "made by timbred 9.1, a later version: install that or a later one")
    }

    @Test func aConfigurationThatIsAnotherIsLaidBesides() throws {
        let test = try BackupFolder()
        try test.makeLibrary("a", files: 1)
        try test.folder.makeFolder("b")
        let toml = try test.folder.write("workers = 3\n", to: "timbred.toml")
        let outcome = try test.stage(try test.backup("a", configuration: toml), in: "b")
        #expect(outcome.configuration == test.path.appending("b/restored-timbred.toml"))
        _ = try PendingRestore(of: test.database("b")).finish()
        #expect(try test.path.appending("b/restored-timbred.toml").contents() == Array("workers = 3\n".utf8))
    }

    @Test func aTargetThatTakesNoMoreIsToldApart() throws {
        let test = try BackupFolder()
        try test.makeLibrary("a", files: 1)
        let catalog = try Catalog(opening: test.database("a"))
        let frozen = try #require(try catalog.freeze())
        let full = try OwnedDescriptor.open("/dev/full", O_WRONLY)
        #expect(throws: BackupError.unwritable(.noSpace)) {
            try LibraryBackup(database: test.database("a"), configuration: "/nowhere").write(
                frozen, to: full.descriptor, version: "1", at: 1
            ) { _, _ in }
        }
        try catalog.close()
    }
}

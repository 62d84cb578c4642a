import SystemPackage
import TestFiles
import Testing

@testable import TimbreConfiguration

struct ConfigurationLoadTests {
    @Test func withoutAFileTheSamplesOfTheHomeAreWatchedIfTheyExist() throws {
        let folder = try TemporaryFolder()
        let absent = folder.path.appending("timbred.toml")
        let before = try Configuration.load(from: absent, mustExist: false, home: folder.path)
        #expect(before == Configuration())
        try folder.makeFolder("Samples")
        let after = try Configuration.load(from: absent, mustExist: false, home: folder.path)
        #expect(after.watch == [folder.path.appending("Samples")])
    }

    @Test func aFileThatNamesNoFolderHasThemOfTheHomeToo() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("Samples")
        let silent = try folder.write("workers = 1\n", to: "silent.toml")
        #expect(try Configuration.load(from: silent, mustExist: true, home: folder.path).watch.count == 1)
        let none = try folder.write("watch = []\n", to: "none.toml")
        #expect(try Configuration.load(from: none, mustExist: true, home: folder.path).watch == [])
    }

    @Test func aNamedFileThatIsMissingIsAnError() throws {
        let folder = try TemporaryFolder()
        let absent = folder.path.appending("timbred.toml")
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration.load(from: absent, mustExist: true, home: nil)
        }
        #expect(error?.description == "\(absent): cannot be read: No such file or directory")
    }

    @Test func whatCannotBeReadSaysSo() throws {
        let folder = try TemporaryFolder()
        let error = #expect(throws: ConfigurationError.self) {
            try Configuration.load(from: folder.path, mustExist: false, home: nil)
        }
        #expect(error?.description == "\(folder.path): cannot be read: Is a directory")
    }

    @Test func whatIsNoTextIsRefused() throws {
        let folder = try TemporaryFolder()
        let latin = try folder.write([0x61, 0xE4], to: "latin.toml")
        #expect(throws: ConfigurationError(file: latin, problem: "not UTF-8 text")) {
            try Configuration.load(from: latin, mustExist: true, home: nil)
        }
        // A C library would take the NUL for the end, and settle for the default.
        let cut = try folder.write(Array("\n\0settle = \"2s\"".utf8), to: "cut.toml")
        #expect(throws: ConfigurationError(file: cut, line: 2, problem: "a NUL byte; this is not a text file")) {
            try Configuration.load(from: cut, mustExist: true, home: nil)
        }
    }

}

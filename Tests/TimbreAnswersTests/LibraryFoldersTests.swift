import FolderWatch
import Glibc
import Platform
import SystemPackage
import TestFiles
import Testing
import TimbreCodes

@testable import TimbreAnswers

/// Whatever path a client sends, nothing outside of the watched folders is looked at.
struct LibraryFoldersTests {
    /// A watched folder with a left-out file, and another folder beside it, to which the link `away` leads.
    private struct Place {
        let all: TemporaryFolder
        let folders: LibraryFolders

        init(followsSymlinks: Bool = false) throws {
            let all = try TemporaryFolder()
            self.all = all
            for folder in ["samples", "samples/kit", "private"] {
                try all.makeFolder(folder)
                _ = try all.write("", to: "\(folder)/notes.txt")
                _ = try all.write("", to: "\(folder)/tone.wav")
            }
            let linked = unsafe all.path.appending("private").withPlatformString { target in
                unsafe all.path.appending("samples/away").withPlatformString { unsafe symlink(target, $0) }
            }
            guard linked == 0 else { throw Errno.last }
            folders = LibraryFolders(
                configured: [all.path.appending("samples")], added: [], filter: NameFilter(),
                followsSymlinks: followsSymlinks)
        }

        func path(_ name: String) -> FilePath { all.path.pushing(FilePath(name)) }

        func leftOut(under name: String) throws -> [FilePath] {
            var paths: [FilePath] = []
            try folders.forEachLeftOut(under: path(name)) { path, _ in paths.append(path) }
            return paths
        }
    }

    @Test func aLinkThatIsTurnedElsewhereIsFollowedAndOneThatLeadsNowhereIsNot() throws {
        let all = try TemporaryFolder()
        let link = all.path.appending("link")
        func turn(to name: String) throws {
            _ = unsafe link.withPlatformString { unsafe unlink($0) }
            let made = unsafe all.path.appending(name).withPlatformString { target in
                unsafe link.withPlatformString { unsafe symlink(target, $0) }
            }
            guard made == 0 else { throw Errno.last }
        }
        for name in ["one", "two"] { try all.makeFolder(name) }
        try turn(to: "one")
        func watched() -> LibraryFolders {
            LibraryFolders(configured: [link], added: [], filter: NameFilter(), followsSymlinks: false)
        }
        let folders = watched()
        #expect(folders.all == [all.path.appending("one")] && !folders.lookAgain())
        try turn(to: "two")
        #expect(folders.lookAgain() && folders.all == [all.path.appending("two")])
        // A drive that is unplugged lies where its link says, now and at a start.
        try turn(to: "away")
        #expect(!folders.lookAgain() && folders.all == [all.path.appending("two")])
        #expect(watched().all == [all.path.appending("away")])
    }

    @Test func whatLeadsUpAgainIsNotInTheFolder() throws {
        let place = try Place()
        #expect(place.folders.contains(place.path("samples/kit/tone.wav")))
        for name in ["samples/../private", "samples/kit/../../private", "samples/..", "samples/./kit", "private"] {
            #expect(!place.folders.contains(place.path(name)))
            #expect(try place.leftOut(under: name) == [])
            #expect(place.folders.whyUnknown(place.path(name)) == "it is not in a watched folder")
        }
    }

    @Test func whereLinksLeadIsNotListed() throws {
        let place = try Place()
        let inside = ["samples/away", "samples/kit/notes.txt", "samples/notes.txt"].map(place.path)
        #expect(try place.leftOut(under: "samples") == inside)
        #expect(try place.leftOut(under: "samples/away") == [])
        let following = try Place(followsSymlinks: true)
        #expect(try following.leftOut(under: "samples/away") == [following.path("samples/away/notes.txt")])
    }

    @Test func whetherThereIsAFileBehindALinkIsNotTold() throws {
        let place = try Place()
        #expect(place.folders.whyUnknown(place.path("samples/tone.wav")) == "it has not been seen yet")
        for name in ["samples/none.wav", "samples/none", "samples/.none/x.wav"] {
            #expect(place.folders.whyUnknown(place.path(name)) == "there is no such file")
        }
        for name in ["samples", "samples/kit"] {
            #expect(place.folders.whyUnknown(place.path(name)) == "it is a folder")
        }
        #expect(place.folders.whyUnknown(place.path("samples/notes.txt")).hasPrefix("it is left out: "))
        let link =
            "it is a symbolic link to \(place.path("private")), and follow_symlinks is off; set it to true to have links "
            + "followed"
        #expect(place.folders.whyUnknown(place.path("samples/away")) == "it is left out: \(link)")
        for name in ["samples/away/tone.wav", "samples/away/none.wav"] {
            let away = place.path("samples/away")
            #expect(place.folders.whyUnknown(place.path(name)) == "it is left out: \(away): \(link)")
        }
    }
}

/// Folders that are watched inside others.
struct NestedLibraryFoldersTests {
    private let all: TemporaryFolder
    private let folders: LibraryFolders

    init() throws {
        all = try TemporaryFolder()
        for folder in ["s", "s/kit", "s/.own"] {
            try all.makeFolder(folder)
            _ = try all.write("", to: "\(folder)/notes.txt")
        }
        let (path, names) = (all.path, ["s", "s/kit", "s/.own"])
        folders = LibraryFolders(
            configured: names.map { path.pushing(FilePath($0)) }, added: [], filter: NameFilter(),
            followsSymlinks: false)
    }

    @Test func whatIsLeftOutIsListedOnce() throws {
        var names: [String] = []
        try folders.forEachLeftOut(under: nil) { path, _ in names.append(path.string) }
        #expect(
            names.sorted() == ["s/.own/notes.txt", "s/kit/notes.txt", "s/notes.txt"].map { "\(all.path)/\($0)" })
    }

    @Test func whatIsHiddenInOneFolderIsNotInAnother() {
        #expect(folders.whyUnknown(all.path.pushing("s/.own/x.wav")) == "there is no such file")
        #expect(folders.outer(of: all.path.pushing("s/kit")) == all.path.appending("s"))
        #expect(folders.outer(of: all.path.pushing("s/.own")) == nil)
    }
}

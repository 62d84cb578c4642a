import Glibc
import Platform
import SystemPackage
import TestFiles
import Testing

struct ContentsTests {
    @Test("A file is read whole, however long it is", arguments: [0, 1, 65_536, 200_000])
    func readsWhole(length: Int) throws {
        let folder = try TemporaryFolder()
        let bytes = (0..<length).map { UInt8(truncatingIfNeeded: $0 &* 31 &+ $0 >> 8) }
        let file = try folder.write(bytes, to: "file")
        #expect(try file.contents() == bytes)
        #expect(try file.contents(limit: length) == bytes)
        if length > 0 { #expect(throws: Errno.fileTooLarge) { try file.contents(limit: length - 1) } }
    }

    @Test func whatIsMissingIsSaid() throws {
        let folder = try TemporaryFolder()
        #expect(throws: Errno.noSuchFileOrDirectory) { try folder.path.appending("none").contents() }
        #expect(throws: Errno.isDirectory) { try folder.path.contents() }
    }

    @Test("The first word ends before a space or the end of the line", arguments: ["Full\n", "Full", "Full speed\n"])
    func firstWord(text: String) throws {
        let folder = try TemporaryFolder()
        #expect(try folder.write(text, to: "fact").firstWord() == "Full")
    }

    @Test func aFileInMemoryHasItsBytesWhereverItStands() throws {
        let file = OwnedDescriptor(owning: try MemoryFile.make([1, 2, 3], named: "test"))
        #expect(try MemoryFile.contents(of: file.descriptor) == [1, 2, 3])
        #expect(try MemoryFile.contents(of: file.descriptor) == [1, 2, 3])
        #expect(fcntl(file.descriptor.rawValue, F_GETFD) == FD_CLOEXEC)
    }
}

struct FileStatusTests {
    @Test func eachKindIsTold() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("RIFF", to: "file")
        let (link, pipe) = (folder.path.appending("link"), folder.path.appending("pipe"))
        try Disk.symlink("file", link)
        try Disk.makeFIFO(pipe)
        #expect(try FileStatus(of: file, following: false).kind == .file)
        #expect(try FileStatus(of: file, following: false).size == 4)
        #expect(try FileStatus(of: folder.path, following: false).kind == .directory)
        #expect(try FileStatus(of: link, following: false).kind == .link)
        #expect(try FileStatus(of: link, following: true).kind == .file)
        #expect(try FileStatus(of: pipe, following: false).kind == .other)
        #expect(try FileStatus(of: pipe, following: false).isPipe)
        #expect(throws: Errno.noSuchFileOrDirectory) {
            try FileStatus(of: folder.path.appending("none"), following: true)
        }
    }

    @Test func onlyAnOrdinaryFileHasAnIdentity() throws {
        let folder = try TemporaryFolder()
        let file = try folder.write("RIFF", to: "file")
        let identity = try #require(FileIdentity(of: file))
        let open = try OwnedDescriptor.open(file, O_RDONLY)
        #expect(FileIdentity(of: open.descriptor) == identity)
        #expect(identity.isUnchanged(since: identity))
        try Disk.setTime(file, secondsFromNow: -60)
        let touched = try #require(FileIdentity(of: file))
        #expect(!touched.isUnchanged(since: identity))
        var elsewhere = identity
        elsewhere.device += 1
        #expect(elsewhere.isUnchanged(since: identity))
        #expect(FileIdentity(of: folder.path) == nil)
        #expect(FileIdentity(of: folder.path.appending("none")) == nil)
    }
}

struct DirectoryTests {
    @Test func allNamesAreFoundAndNoDots() throws {
        let folder = try TemporaryFolder()
        #expect(try OpenDirectory.isEmpty(folder.path))
        let longest = String(repeating: "é", count: 127) + "x"
        for name in ["a", ".hidden", "...", longest] { _ = try folder.write("", to: name) }
        try folder.makeFolder("kit")
        let entries = try OpenDirectory.entries(of: folder.path)
        let names = entries.map { String(decoding: $0.name, as: UTF8.self) }
        #expect(Set(names) == ["a", ".hidden", "...", longest, "kit"] && names.count == 5)
        for entry in entries where entry.kind != nil {
            #expect((entry.kind == .directory) == (entry.name == [0x6B, 0x69, 0x74]))
        }
        #expect(try !OpenDirectory.isEmpty(folder.path))
    }

    @Test func linksLeadThereUnlessAFolderIsNamed() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("kit")
        _ = try folder.write("", to: "kit/a")
        let link = folder.path.appending("link")
        try Disk.symlink("kit", link)
        #expect(try OpenDirectory.entries(of: link).count == 1)
        #expect(throws: Errno.self) { try OpenDirectory.entries(of: link, below: folder.path) }
        #expect(link.isDirectory && folder.path.isDirectory)
        #expect(!folder.path.appending("kit/a").isDirectory && !folder.path.appending("none").isDirectory)
    }

    @Test func linksAreResolved() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("kit")
        let (kit, link, dangling) = (
            folder.path.appending("kit"), folder.path.appending("link"), folder.path.appending("dangling")
        )
        try Disk.symlink("kit", link)
        try Disk.symlink("/none/at/all", dangling)
        #expect(try link.resolvingLinks() == kit.resolvingLinks())
        #expect(try link.linkTarget() == "kit" && dangling.linkTarget() == "/none/at/all")
        #expect(throws: Errno.noSuchFileOrDirectory) { try dangling.resolvingLinks() }
        #expect(dangling.realPath == nil && dangling.resolved == dangling)
        #expect(throws: Errno.invalidArgument) { try kit.linkTarget() }
    }
}

struct PathBytesTests {
    @Test func bytesComeBack() {
        let bytes = Array("/a/".utf8) + [0xFF, 0x0A]
        let path = FilePath(bytes: bytes)
        #expect(path.bytes == bytes && path.nameBytes == [0xFF, 0x0A])
        #expect(FilePath("/").nameBytes == [] && FilePath("a").nameBytes == [0x61])
        #expect(FilePath.Component(bytes: [0xFF])?.bytes == [0xFF])
        #expect(FilePath("/").appending(bytes: [0xFF]).bytes == [0x2F, 0xFF])
        #expect(FilePath("/a").appending(bytes: [0xFF]).bytes == [0x2F, 0x61, 0x2F, 0xFF])
    }

    @Test(
        "A path lies in a folder if its names begin with the folder's",
        arguments: [
            ("/a/b", "/a", true), ("/a", "/a", true), ("/ab", "/a", false), ("/a", "/", true), ("/", "/a", false),
        ] as [(FilePath, FilePath, Bool)])
    func lies(path: FilePath, folder: FilePath, isIn: Bool) {
        #expect(path.lies(in: folder) == isIn)
        #expect((path.names(below: folder) != nil) == isIn)
        #expect((path.rebased(from: folder, to: "/x/y") != nil) == isIn)
    }

    @Test func namesBelowAFolderMoveWithIt() {
        #expect(FilePath("/a/b/c").rebased(from: "/a", to: "/x/y") == "/x/y/b/c")
        #expect(FilePath("/a/b").rebased(from: "/a", to: "/") == "/b")
        #expect(FilePath("/a/b").ancestors == ["/a", "/"])
        for path in ["/", "/a", "/a/b", "a", ""] as [FilePath] { #expect(path.parent == path.removingLastComponent()) }
        #expect([UInt8]().precedes([0]) && [1].precedes([1, 0]) && ![2].precedes([1, 9]))
    }
}

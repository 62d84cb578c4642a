import Platform
import SystemPackage
import Testing

@testable import TimbreStore

struct DirectoryTests {
    private func names(_ files: [FileRecord]) -> [String] { files.map { String(decoding: $0.name, as: UTF8.self) } }

    /// A catalog of files in `/`, `/a/b`, `/a/b/c`, beside it in `/a/bc` and `/a/b-`, and in `/a`.
    private func tree() throws -> TemporaryCatalog {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            for path: FilePath in ["/a/b/1", "/a/b/c/2", "/a/bc/3", "/a/b-/4", "/a/5", "/6", "/a/b0/7"] {
                try writer.add(path)
            }
        }
        return test
    }

    @Test(
        "Below a directory is what lies in it, whatever its neighbours are called",
        arguments: [
            ("/a/b", ["1", "2"]), ("/a/b/c", ["2"]), ("/a/bc", ["3"]), ("/a", ["1", "2", "3", "4", "5", "7"]),
            ("/", ["1", "2", "3", "4", "5", "6", "7"]), ("/b", []), ("/a/b/", ["1", "2"]),
        ])
    func filesBelow(path: String, expected: [String]) throws {
        let test = try tree()
        try test.catalog.read { (reader) throws in
            #expect(names(try reader.files(under: FilePath(path))) == expected)
            #expect(try reader.fileCounts(under: FilePath(path)).total == expected.count)
        }
    }

    @Test func aDirectoryThatMovesTakesAllBelowItAlong() throws {
        let test = try tree()
        try test.catalog.write { writer in
            let before = try writer.reader.files(under: "/a/b")
            let moved = try writer.moveDirectory("/a/b", to: "/x/longer name")
            #expect(moved.map { String(decoding: $0.path, as: UTF8.self) } == ["/x/longer name", "/x/longer name/c"])
            #expect(try writer.reader.files(under: "/x/longer name") == before)
            #expect(try writer.reader.files(under: "/a/b").isEmpty)
            #expect(names(try writer.reader.files(under: "/a/bc")) == ["3"])
        }
    }

    @Test func aFileThatMovesKeepsItsNumberAndReplacesWhatWasThere() throws {
        let test = try tree()
        try test.catalog.write { writer in
            let moving = try #require(try writer.reader.file(at: "/a/5"))
            let replaced = try #require(try writer.reader.file(at: "/a/b/1"))
            #expect(try writer.moveFile(moving.id, to: replaced.name, in: replaced.directory) == replaced.id)
            #expect(try writer.reader.file(at: "/a/b/1")?.id == moving.id)
            #expect(try writer.reader.file(at: "/a/5") == nil)
            #expect(try writer.reader.file(replaced.id) == nil)
            #expect(try writer.moveFile(moving.id, to: replaced.name, in: replaced.directory) == nil)
            #expect(try writer.reader.file(at: "/a/b/1")?.id == moving.id)
        }
    }

    @Test func onlyEmptyDirectoriesAreForgotten() throws {
        let test = try tree()
        try test.catalog.write { writer in
            let file = try #require(try writer.reader.file(at: "/a/b/1"))
            try writer.removeFile(file.id)
            try writer.removeEmptyDirectories()
            #expect(try writer.reader.directory("/a/b") == nil)
            #expect(try writer.reader.directory("/a/b/c") != nil)
            #expect(try writer.reader.allDirectories().count == 6)
        }
    }

    @Test func whatIsOfflineIsCountedAndFound() throws {
        let test = try tree()
        try test.catalog.write { writer in
            let files = try writer.reader.files(under: "/a/b")
            for file in files { try writer.setOffline(true, file: file.id) }
            #expect(try writer.reader.fileCounts().offline == files.count)
            #expect(try writer.reader.fileCounts(under: "/a/b/c").offline == 1)
            let places = try writer.reader.offlineFiles(under: "/a", limit: 10)
            #expect(places.map { String(decoding: $0.directory, as: UTF8.self) } == ["/a/b", "/a/b/c"])
            #expect(try writer.reader.offlineFiles(under: "/a", after: places[0], limit: 10) == Array(places[1...]))
            #expect(try writer.reader.offlineFiles(under: "/a", limit: 1) == [places[0]])
            for file in files { try writer.setOffline(false, file: file.id) }
            #expect(try writer.reader.fileCounts().offline == 0)
        }
    }

    @Test func foldersAreKeptAsTheyWereLastSeen() throws {
        let test = try TemporaryCatalog()
        var folder = FolderRecord(
            path: FilePath(bytes: [0x2f, 0xff]), isAtRunTime: true, device: .max, inode: .max, fileSystem: -1)
        try test.catalog.write { try $0.setFolder(folder) }
        #expect(try test.catalog.read { try $0.folders() } == [folder])
        (folder.isAtRunTime, folder.device, folder.inode, folder.fileSystem) = (false, nil, nil, nil)
        try test.catalog.write { try $0.setFolder(folder) }
        #expect(try test.catalog.read { try $0.folders() } == [folder])
        try test.catalog.write { try $0.removeFolder(folder.path) }
        #expect(try test.catalog.read { try $0.folders() }.isEmpty)
    }

    @Test("Directories are found a part at a time", arguments: ["/", "/a", "/a/b", "/a/bc", "/none"])
    func pages(path: String) throws {
        let test = try tree()
        try test.catalog.read { reader in
            let all = try reader.directories(under: FilePath(path)).map(\.path)
            for limit in 1...4 {
                var (found, start) = ([[UInt8]](), FilePath(path).bytes)
                while true {
                    let page = try reader.directories(under: FilePath(path), from: start, limit: limit)
                    found += page.map(\.path)
                    guard let last = page.last, page.count == limit else { break }
                    start = last.path + [0]
                }
                #expect(found.sorted { $0.lexicographicallyPrecedes($1) } == all)
            }
        }
    }
}

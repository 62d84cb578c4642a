import Platform
import SoundFeatures
import SystemPackage
import Testing

@testable import TimbreStore

struct FileRecordTests {
    /// Names that are trouble to those who take them for text.
    static let names: [[UInt8]] = [
        Array("bad".utf8) + [0x80], Array("bad".utf8) + [0x81],
        // é as one scalar and as two: equal as Swift strings, two names to the kernel.
        [0xc3, 0xa9], [0x65, 0xcc, 0x81],
        Array("two\nlines".utf8), Array(repeating: 0xff, count: 255), Array("'\"%_\\".utf8), [0x01],
    ]

    @Test func everyNameIsAFileOfItsOwn() throws {
        let test = try TemporaryCatalog()
        let ids = try test.catalog.write { writer in
            let directory = try writer.directory("/a")
            return try Self.names.map { try writer.addFile($0, in: directory, identity: identity(1), at: 0).id }
        }
        #expect(Set(ids).count == Self.names.count)
        try test.catalog.read { (reader) throws in
            for (name, id) in zip(Self.names, ids) {
                let path = FilePath(bytes: Array("/a/".utf8) + name)
                #expect(path.nameBytes == name)
                #expect(try reader.file(at: path)?.id == id)
                #expect(try reader.file(id)?.name == name)
            }
        }
    }

    @Test("Directories are bytes, too", arguments: names)
    func directoriesAreBytes(name: [UInt8]) throws {
        let test = try TemporaryCatalog()
        let path = FilePath(bytes: Array("/".utf8) + name)
        try test.catalog.write { writer in
            let id = try writer.directory(path)
            #expect(try writer.directory(path) == id)
            #expect(try writer.reader.path(ofDirectory: id) == path.bytes)
            #expect(try writer.reader.directories(under: path).map(\.id) == [id])
        }
    }

    @Test func allOfAFileIsKept() throws {
        let test = try TemporaryCatalog()
        let written = try test.catalog.write { writer in
            var file = try writer.add("/a/b.wav", 1)
            file.identity = FileIdentity(size: .max, modified: -1, changed: 7, device: .max, inode: .max - 1)
            (file.state, file.content, file.isOffline) = (.failed, try writer.add(content: "x"), true)
            file.failure = ExtractionFailure(.damaged, "it breaks off")
            (file.tried, file.tries, file.added) = (1.5, 3, 2.5)
            try writer.update(file)
            return file
        }
        #expect(try test.catalog.read { try $0.file(written.id) } == written)
    }

    @Test func aFileThatIsRenewedIsTheYoungest() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            var file = try writer.add("/a/b.wav", 1)
            let other = try writer.add("/a/c.wav", 2)
            (file.state, file.tried, file.tries) = (.indexed, 4, 5)
            let renewed = try writer.renew(file, at: 9)
            #expect(renewed.id > other.id)
            #expect((renewed.added, renewed.state, renewed.tries) == (9, .indexed, 5))
            #expect(try writer.reader.file(at: "/a/b.wav") == renewed)
            #expect(try writer.reader.file(file.id) == nil)
        }
    }

    @Test func numbersAreNotGivenTwice() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let first = try writer.add("/a/b.wav").id
            try writer.removeFile(first)
            #expect(try writer.add("/a/b.wav").id > first)
        }
    }

    @Test func countsTellTheStatesApart() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let states: [FileState] = [.pending, .indexed, .indexed, .failed, .failed, .failed, .skipped]
            for (number, state) in states.enumerated() {
                var file = try writer.add(FilePath("/a/\(number)"))
                file.state = state
                try writer.update(file)
            }
            var away = try writer.add("/b/c/x")
            (away.state, away.isOffline) = (.indexed, true)
            try writer.update(away)
            let counts = try writer.reader.fileCounts()
            #expect(counts == FileCounts(indexed: 2, pending: 1, failed: 3, skipped: 1, offline: 1))
            #expect(counts.total == 8)
            #expect(try writer.reader.fileCounts(under: "/b") == FileCounts(offline: 1))
            #expect(try writer.reader.files(in: .failed).map(\.name) == ["3", "4", "5"].map { Array($0.utf8) })
        }
    }

    @Test(arguments: [
        (FileIdentity(size: 1, modified: 2, changed: 7, device: 9, inode: 4), true),
        (FileIdentity(size: 2, modified: 2, changed: 7, device: 3, inode: 4), false),
        (FileIdentity(size: 1, modified: 3, changed: 7, device: 3, inode: 4), false),
        (FileIdentity(size: 1, modified: 2, changed: 7, device: 3, inode: 5), false),
        (FileIdentity(size: 1, modified: 2, changed: 8, device: 3, inode: 4), false),
    ])
    func anotherDeviceAloneIsNoChange(later: FileIdentity, isUnchanged: Bool) {
        let earlier = FileIdentity(size: 1, modified: 2, changed: 7, device: 3, inode: 4)
        #expect(later.isUnchanged(since: earlier) == isUnchanged)
    }
}

extension FileRecordTests {
    @Test func filesAreCountedByStateAndTheOfflineOnesApart() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            #expect(try writer.reader.fileCounts() == FileCounts())
            let states: [(FileState, Int)] = [(.indexed, 4), (.pending, 3), (.failed, 2), (.skipped, 1)]
            for (state, count) in states {
                for number in 0..<count {
                    for directory in ["a", "b", "b/c"] {
                        var file = try writer.add(FilePath("/\(directory)/\(state) \(number)"))
                        (file.state, file.isOffline) = (state, number == 0 && directory == "b/c")
                        try writer.update(file)
                    }
                }
            }
            let all = FileCounts(indexed: 11, pending: 8, failed: 5, skipped: 2, offline: 4)
            #expect(try writer.reader.fileCounts() == all)
            let below = FileCounts(indexed: 7, pending: 5, failed: 3, skipped: 1, offline: 4)
            #expect(try writer.reader.fileCounts(under: "/b") == below)
            #expect(try writer.reader.fileCounts(under: "/none") == FileCounts())
        }
    }
}

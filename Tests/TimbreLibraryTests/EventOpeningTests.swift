import ContentHash
import EventStore
import Platform
import SoundEvents
import SoundFeatures
import SystemPackage
import TestFiles
import TestIngest
import TestModels
import Testing
import TimbreStore

@testable import TimbreLibrary

struct EventOpeningTests {
    private let folder: TemporaryFolder
    private let catalog: Catalog
    private var path: FilePath { catalog.path.adding("-events") }
    private var next: FilePath { catalog.path.adding("-events-new") }

    init() throws {
        folder = try TemporaryFolder()
        catalog = try Catalog(opening: folder.path.appending("library.sqlite"))
    }

    private func open(littleWaste: Int64 = 0) throws -> EventTable {
        try EventOpening(catalog: catalog, littleWaste: littleWaste).open()
    }

    /// Events that no other number has.
    private func events(_ number: Int) -> SoundEvents {
        SoundEvents(
            frames: (0..<10).map { UInt32($0 * 9) }, shapes: Array(repeating: UInt8(number), count: 10),
            patches: Array(repeating: UInt8(number), count: 10 * SoundEvents.patchSize))
    }

    /// Adds a file whose sound has the events of a number.
    private func add(_ number: Int, in table: EventTable) throws {
        let sound = SoundInfo(
            sampleRate: 22_050, channelCount: 1, frameCount: 46_080, sampleCount: 46_080, format: "",
            isIncomplete: false)
        let extent = try #require(table.file).append(events(number), frameCount: 90)
        try catalog.write { writer in
            let content = try writer.addContent(
                ContentHash(of: [UInt8(number)]), size: 1, sound: sound,
                features: features(Array(repeating: 1, count: 90)), soundingCount: 90, path: [], at: 1)
            var file = try writer.addFile(
                Array("\(number)".utf8), in: writer.directory("/s"),
                identity: FileIdentity(size: 1, modified: 1, changed: 1, device: 1, inode: UInt64(number)), at: 1)
            (file.state, file.content) = (.indexed, content.id)
            try writer.update(file)
            try writer.setEvents(extent, of: content.id)
        }
    }

    private func library(_ numbers: Range<Int>) throws {
        let table = try open()
        for number in numbers { try add(number, in: table) }
    }

    /// Deletes a file, and forgets what was learnt of it.
    private func forget(_ number: Int) throws {
        try catalog.write { writer in
            let file = try #require(try writer.reader.file(at: FilePath("/s/\(number)")))
            try writer.removeFile(file.id)
            try writer.removeContent(try #require(file.content))
        }
    }

    /// The numbers whose events a table has, in the order of their files.
    private func numbers(_ table: EventTable) throws -> [Int] {
        let file = try #require(table.file)
        return try table.entries.map { entry in
            let found = try #require(try file.events(at: entry.extent))
            let number = Int(found.shapes[0])
            #expect(found == events(number))
            #expect(try catalog.read { try $0.content(entry.content)?.hash } == ContentHash(of: [UInt8(number)]))
            return number
        }
    }

    private func change(_ body: (FileDescriptor) throws -> Void) throws {
        let file = try FileDescriptor.open(path, .readWrite)
        try file.closeAfter { try body(file) }
    }

    @Test func aNewLibraryHasAnEmptyFile() throws {
        let table = try open()
        #expect(table.entries.isEmpty && table.isComplete && table.file?.size == 64)
        #expect(try catalog.read { try $0.eventFile() } == table.file?.identity)
    }

    @Test func allIsThereWhenItIsOpenedAgain() throws {
        try library(1..<5)
        let size = path.fileSize
        let table = try open()
        #expect(try numbers(table) == [1, 2, 3, 4])
        #expect(table.isComplete && table.file?.size == size)
    }

    enum Loss: CaseIterable { case missing, another, short }

    @Test("Where the file is lost, all is to be found anew", arguments: Loss.allCases)
    func isLost(how: Loss) throws {
        try library(1..<4)
        switch how {
        case .missing: try folder.remove("library.sqlite-events")
        case .another: _ = try EventFile(at: path, expected: nil, used: 0)
        case .short: try change { try $0.resize(to: try #require(path.fileSize) - 1) }
        }
        let table = try open()
        #expect(table.entries.isEmpty && !table.isComplete && table.file?.size == 64)
        try catalog.read { (reader) throws in
            #expect(try reader.contentsWithoutEvents(limit: 9) == [1, 2, 3])
            #expect(try reader.eventFile() == table.file?.identity)
        }
        // Once is enough.
        try add(4, in: table)
        #expect(try numbers(try open()) == [4])
    }

    @Test func whereHalfOfItIsWasteItIsWrittenAnew() throws {
        try library(1..<9)
        let before = try #require(path.fileSize)
        for number in [1, 2, 4, 5, 7] { try forget(number) }
        let table = try open()
        #expect(try numbers(table) == [3, 6, 8])
        #expect(path.fileSize == 64 + (before - 64) * 3 / 8 && next.fileSize == nil)
        // It goes on as before.
        try add(9, in: table)
        #expect(try numbers(try open()) == [3, 6, 8, 9])
        #expect(EventFile.identity(ofFileAt: path) == table.file?.identity)
    }

    @Test("A little waste stays", arguments: [1..<7: 64 << 20, 1..<4: 0, 6..<9: 0] as [Range<Int>: Int64])
    func littleWasteStays(forgotten: Range<Int>, littleWaste: Int64) throws {
        try library(1..<9)
        let identity = EventFile.identity(ofFileAt: path)
        for number in forgotten { try forget(number) }
        let table = try open(littleWaste: littleWaste)
        #expect(table.file?.identity == identity)
        #expect(try numbers(table) == (1..<9).filter { !forgotten.contains($0) })
    }

    @Test func copiesWithOtherTagsStayInOnePlace() throws {
        try library(1..<7)
        for number in 2..<6 { try forget(number) }
        let last = try catalog.read { try #require(try $0.file(at: "/s/6")?.content) }
        try catalog.write { writer in
            // Another file holds it, too: the content is kept twice.
            var copy = try writer.addFile(
                Array("copy".utf8), in: writer.directory("/s"),
                identity: FileIdentity(size: 1, modified: 1, changed: 1, device: 1, inode: 99), at: 1)
            (copy.state, copy.content) = (.indexed, last)
            try writer.update(copy)
            copy.content = try writer.retag(last, as: ContentHash(of: [0]), size: 1, at: 2)
            try writer.update(copy)
        }
        let table = try open()
        let file = try #require(table.file)
        #expect(try table.entries.map { try file.events(at: $0.extent) } == [events(1), events(6), events(6)])
        #expect(table.entries[1].extent == table.entries[2].extent)
        #expect(table.entries[1].content != table.entries[2].content)
    }

    @Test func whatIsDamagedIsNotWrittenAnewButFoundAnew() throws {
        try library(1..<6)
        for number in [1, 2, 3] { try forget(number) }
        try change { file in
            try file.seek(offset: try #require(path.fileSize) - 1, from: .start)
            try file.writeAll([77])
        }
        let table = try open()
        #expect(try numbers(table) == [4])
        #expect(!table.isComplete)
        #expect(try catalog.read { try $0.contentsWithoutEvents(limit: 9) } == [5])
    }

    @Test("What was begun when the machine went down is finished, or dropped", arguments: [false, true])
    func goesDown(isCommitted: Bool) throws {
        try library(1..<4)
        let identity = EventFile.identity(ofFileAt: path)
        let extents = try catalog.read { try $0.eventExtents() }
        let half = try EventFile(at: next, expected: nil, used: 0)
        var moved: [Int64: Int64] = [:]
        for number in [3, 2, 1] {
            moved[extents[number - 1].position] = try half.append(events(number), frameCount: 90).position
        }
        if isCommitted { try catalog.write { try $0.setEventFile(half.identity, moved: moved) } }
        let table = try open()
        #expect(try numbers(table) == [1, 2, 3])
        #expect(table.file?.identity == (isCommitted ? half.identity : identity))
        #expect(next.fileSize == nil)
        #expect(try numbers(try open()) == [1, 2, 3])
    }

    @Test func whileNothingCanBeStoredThereAreNone() throws {
        let disk = try FullDiskLibrary()
        let opening = LibraryOpening(catalog: disk.catalog) { try smallModel() }
        #expect(try opening.events().file == nil)
        try disk.giveDiskBack()
        #expect(try opening.events().isComplete)
        #expect(try disk.catalog.read { try $0.eventFile() } != nil)
    }

    @Test func withoutRoomForItTheLibraryOpensAllTheSame() throws {
        try folder.makeFolder("library.sqlite-events")
        let opening = LibraryOpening(catalog: catalog) { try smallModel() }
        let table = try opening.open().events
        #expect(table.file == nil && table.entries.isEmpty && !table.isComplete)
    }
}

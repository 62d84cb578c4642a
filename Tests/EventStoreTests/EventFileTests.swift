import Platform
import SoundEvents
import SystemPackage
import TestFiles
import Testing

@testable import EventStore

struct EventFileTests {
    private let folder: TemporaryFolder
    private let path: FilePath

    init() throws {
        folder = try TemporaryFolder()
        path = folder.path.appending("events")
    }

    /// A file with the events of a few sounds, and where they are.
    private func filled(_ counts: [Int] = [3, 1200]) throws -> (file: EventFile, sounds: [(SoundEvents, EventExtent)]) {
        let file = try EventFile(at: path, expected: nil, used: 0)
        var made = MadeUpEvents(seed: 1)
        return (
            file,
            try counts.map { count in
                let events = made.events(count)
                return (events, try file.append(events, frameCount: 20 * count))
            }
        )
    }

    /// Writes one byte of the file anew, or cuts the file off.
    private func change(_ body: (FileDescriptor) throws -> Void) throws {
        let file = try FileDescriptor.open(path, .readWrite)
        try file.closeAfter { try body(file) }
    }

    @Test("What was written comes back", arguments: [0, 1, 1023, 1024, 1025, 2048, 3000])
    func comesBack(count: Int) throws {
        let (file, sounds) = try filled([3, count, 2])
        var end: Int64 = 64
        for (events, extent) in sounds {
            #expect(try file.events(at: extent) == events)
            #expect((extent.position, extent.eventCount, extent.frameCount) == (end, events.count, 20 * events.count))
            end = extent.end
        }
        try file.synchronize()
        #expect(file.size == end && path.fileSize == end)
    }

    @Test func isTheSameWhenItIsOpenedAgain() throws {
        let (file, sounds) = try filled()
        let again = try EventFile(at: path, expected: file.identity, used: file.size)
        #expect(again.identity == file.identity && again.size == file.size)
        for (events, extent) in sounds { #expect(try again.events(at: extent) == events) }
    }

    @Test func whatNobodyKnowsOfIsOverwritten() throws {
        let (file, sounds) = try filled()
        let again = try EventFile(at: path, expected: file.identity, used: sounds[0].1.end)
        var made = MadeUpEvents(seed: 2)
        let other = made.events(7)
        let extent = try again.append(other, frameCount: 100)
        #expect(extent.position == sounds[1].1.position)
        #expect(try again.events(at: extent) == other)
        #expect(try again.events(at: sounds[0].1) == sounds[0].0)
        #expect(try again.events(at: sounds[1].1) == nil)
    }

    @Test func aFileOfAnotherLibraryIsEmptied() throws {
        let (file, sounds) = try filled()
        for expected in [nil, file.identity &+ 1] {
            let other = try EventFile(at: path, expected: expected, used: 0)
            #expect(other.identity != file.identity && other.identity != expected)
            #expect(other.size == 64 && path.fileSize == 64)
            #expect(try other.events(at: sounds[0].1) == nil)
        }
    }

    @Test func aFileThatIsTooShortIsEmptied() throws {
        let (file, sounds) = try filled()
        try change { try $0.resize(to: file.size - 1) }
        let other = try EventFile(at: path, expected: file.identity, used: file.size)
        #expect(other.identity != file.identity && other.size == 64)
        #expect(try other.events(at: sounds[0].1) == nil)
    }

    @Test func somethingElseInItsPlaceIsEmptied() throws {
        _ = try folder.write("not events", to: "events")
        let file = try EventFile(at: path, expected: 7, used: 0)
        #expect(file.identity != 7 && path.fileSize == 64)
    }

    @Test func saysWhyThereCanBeNoFile() {
        #expect(throws: Errno.noSuchFileOrDirectory) {
            try EventFile(at: folder.path.appending("nowhere/events"), expected: nil, used: 0)
        }
    }

    @Test func theIdentityCanBeTold() throws {
        #expect(EventFile.identity(ofFileAt: path) == nil)
        let (file, _) = try filled()
        #expect(EventFile.identity(ofFileAt: path) == file.identity)
        for place in [0, 15, 24, 63] {
            try change { try $0.write([0xff], at: place) }
            #expect(EventFile.identity(ofFileAt: path) == nil)
            _ = try EventFile(at: path, expected: nil, used: 0)
        }
        try change { try $0.resize(to: 63) }
        #expect(EventFile.identity(ofFileAt: path) == nil)
    }

    /// All bytes but those that repeat what the catalog knows: the frames of the sound, and the number of the part.
    @Test func aChangedByteIsFound() throws {
        let (file, sounds) = try filled([2])
        let (events, extent) = sounds[0]
        let bytes = try Array(contents(of: path))
        for place in Int(extent.position)..<Int(extent.end) where !(16..<24).contains(place - Int(extent.position)) {
            try change { try $0.write([bytes[place] ^ 0x10], at: place) }
            #expect(try file.events(at: extent) == nil)
            try change { try $0.write([bytes[place]], at: place) }
        }
        #expect(try file.events(at: extent) == events)
    }
}

extension FileDescriptor {
    fileprivate func write(_ bytes: [UInt8], at place: Int) throws {
        try seek(offset: Int64(place), from: .start)
        try writeAll(bytes)
    }
}

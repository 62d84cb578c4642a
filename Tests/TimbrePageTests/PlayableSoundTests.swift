import ContentHash
import PageServer
import Platform
import SystemPackage
import TestArchives
import TestFiles
import Testing
import TimbreWire

@testable import TimbrePage

struct PlayableSoundTests {
    let members = UnpackedMembers(extractor: "/nowhere/timbre-extract")

    /// What the library says of a file as it is now.
    static func known(_ path: FilePath) throws -> Info.Reply {
        let status = try FileStatus(of: path, following: true)
        return Info.Reply(
            file: FileItem(path: WirePath(path.bytes), state: .indexed, size: Int(status.size), added: 0),
            modified: Double(status.modified) * 1e-9, codes: [], copies: [], attempts: 1)
    }

    /// A folder that is watched, and one beside it that is not.
    func withFolders(_ body: (_ watched: FilePath, _ other: FilePath) throws -> Void) throws {
        let folder = try TemporaryFolder()
        for name in ["watched", "other"] { try folder.makeFolder(name) }
        try body(folder.path.appending("watched"), folder.path.appending("other"))
    }

    func refusal(_ body: () throws -> Void) -> SoundRefusal? {
        do { try body() } catch { return error as? SoundRefusal }
        return nil
    }

    @Test func aSoundOfTheLibraryIsOpened() throws {
        try withFolders { watched, _ in
            let path = watched.appending("a.flac")
            try Disk.write(path, "fLaC and more")
            let sound = try PlayableSound(Self.known(path), folders: [watched], members: members)
            #expect(sound.form == .known("audio/flac") && sound.size == 13)
            #expect(try sound.opened(members).beginning(100) == Array("fLaC and more".utf8))
        }
    }

    @Test func aSoundOfAnArchiveIsUnpacked() throws {
        try withFolders { watched, _ in
            let (pack, bytes) = (watched.appending("pack.zip"), Array("fLaC and more".utf8))
            try Self.write(try MadeArchive(.zip, [.file("k/a.flac", bytes)]).bytes, to: pack)
            let members = UnpackedMembers(extractor: BuiltPrograms.extractor)
            let path = WirePath(pack.appending("k").appending("a.flac").bytes)
            var item = FileItem(path: path, state: .indexed, size: bytes.count, added: 0)
            item.content = ContentHash(of: bytes).description
            let known = Info.Reply(file: item, modified: 5, codes: [], copies: [], attempts: 1)
            let sound = try PlayableSound(known, folders: [watched], members: members)
            #expect(sound.form == .known("audio/flac") && sound.size == UInt64(bytes.count))
            for _ in 0..<2 { #expect(try sound.opened(members).beginning(100) == bytes) }
            var other = known
            other.file.content = ContentHash(of: []).description
            #expect(refusal { _ = try PlayableSound(other, folders: [watched], members: members) } == .changed)
            try Self.write(try MadeArchive(.zip, [.file("b.flac", bytes)]).bytes, to: pack)
            #expect(refusal { _ = try sound.opened(members) } == .changed)
            #expect(
                refusal { _ = try PlayableSound(known, folders: [watched], members: members) }
                    == .packed("there is no such sound in the archive"))
        }
    }

    private static func write(_ bytes: [UInt8], to path: FilePath) throws {
        let file = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .truncate], permissions: .ownerReadWrite)
        try file.closeAfter { _ = try file.writeAll(bytes) }
    }

    @Test func whatHasChangedIsNotServed() throws {
        try withFolders { watched, _ in
            let path = watched.appending("a.flac")
            try Disk.write(path, "fLaC")
            let known = try Self.known(path)
            let sound = try PlayableSound(known, folders: [watched], members: members)
            try Disk.write(path, "another text")
            #expect(refusal { _ = try sound.opened(members) } == .changed)
            #expect(refusal { _ = try PlayableSound(known, folders: [watched], members: members) } == .changed)
            try Disk.unlink(path)
            #expect(refusal { _ = try sound.opened(members) } == .changed)
        }
    }

    @Test func whatLiesOutsideIsNotServed() throws {
        try withFolders { watched, other in
            let path = other.appending("a.flac")
            try Disk.write(path, "fLaC")
            #expect(
                refusal { _ = try PlayableSound(Self.known(path), folders: [watched], members: members) } == .outside)
        }
    }

    @Test func whatIsNoFileIsNotServed() throws {
        try withFolders { watched, _ in
            let path = watched.appending("pipe.wav")
            try Disk.makeFIFO(path)
            #expect(
                refusal { _ = try PlayableSound(Self.known(path), folders: [watched], members: members) }
                    == .unreadable(.invalidArgument)
            )
        }
    }

    @Test func aTicketIsForOneSoundAndForAWhile() throws {
        try withFolders { watched, _ in
            let path = watched.appending("a.flac")
            try Disk.write(path, "fLaC")
            let (tickets, start) = (Tickets(), ContinuousClock.now)
            let sound = try PlayableSound(Self.known(path), folders: [watched], members: members)
            let name = tickets.issue(for: sound, at: start)
            #expect(tickets.issue(for: sound, at: start) != name)
            #expect(tickets.sound(name, at: start + .seconds(599)) == sound)
            // It is good for ten minutes after it was used.
            #expect(tickets.sound(name, at: start + .seconds(1100)) == sound)
            #expect(tickets.sound(name, at: start + .seconds(1701)) == nil)
            #expect(tickets.sound("", at: start) == nil && tickets.sound(name + "x", at: start) == nil)
        }
    }

    @Test func ticketsAreNoMoreThanSoMany() throws {
        try withFolders { watched, _ in
            let path = watched.appending("a.flac")
            try Disk.write(path, "fLaC")
            let (tickets, start) = (Tickets(), ContinuousClock.now)
            let sound = try PlayableSound(Self.known(path), folders: [watched], members: members)
            let first = tickets.issue(for: sound, at: start)
            for _ in 0..<2048 { _ = tickets.issue(for: sound, at: start + .seconds(1)) }
            #expect(tickets.sound(first, at: start + .seconds(1)) == nil)
        }
    }
}

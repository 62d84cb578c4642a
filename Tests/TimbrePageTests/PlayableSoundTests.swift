import PageServer
import Platform
import SystemPackage
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

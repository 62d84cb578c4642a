import Glibc
import PageServer
import Platform
import SoundFeatures
import Synchronization
import SystemPackage
import TestArchives
import TestFiles
import Testing

@testable import TimbrePage

@Suite(.timeLimit(.minutes(10)))
struct UnpackedMembersTests {
    private final class Count: Sendable { let value = Atomic(0) }

    private let folder: TemporaryFolder
    private let pack: FilePath
    private let bytes = Array("fLaC and more".utf8)

    init() throws {
        folder = try TemporaryFolder()
        pack = try folder.write(MadeArchive(.zip, [.file("a.flac", bytes)]).bytes, to: "pack.zip")
    }

    /// A program that notes its start, waits for a line from a pipe, and becomes the one that unpacks.
    private func gatedExtractor() throws -> FilePath {
        try Disk.makeFIFO(folder.path.appending("gate"))
        let script = try folder.write(
            """
            #!/bin/sh
            echo >>'\(folder.path)/starts'
            read line <'\(folder.path)/gate'
            exec '\(BuiltPrograms.extractor)' "$@"

            """, to: "gated")
        try #require(unsafe script.withPlatformString { unsafe chmod($0, 0o755) } == 0)
        // A process that another test starts at this moment has the script open for writing until it runs, and as long as that
        // is so nobody can run it.
        let opened = try OwnedDescriptor.open(script, O_RDONLY)
        while opened.descriptor.hasWriter == true { sched_yield() }
        return script
    }

    @Test func oneProcessUnpacksForAllThatAskAtOnce() throws {
        let members = UnpackedMembers(extractor: try gatedExtractor())
        let archive = try OwnedDescriptor.open(pack, O_RDONLY)
        let (descriptor, bytes) = (archive.descriptor, bytes)
        let identity = try #require(FileIdentity(try FileStatus(of: pack, following: true)))
        let place = ArchivePlace(archive: pack, member: Array("a.flac".utf8))
        let answers = (0..<4).map { _ in Promise<[UInt8], any Error>() }
        let asked = Count()
        for answer in answers {
            try DetachedThread.start {
                asked.value.add(1, ordering: .relaxed)
                answer.fulfil(
                    Result { try members.member(place, of: descriptor, identity).file.beginning(bytes.count) })
            }
        }
        // Opens when the first process has got so far.
        let gate = try OwnedDescriptor.open(folder.path.appending("gate"), O_WRONLY)
        while asked.value.load(ordering: .relaxed) < answers.count { sched_yield() }
        try gate.descriptor.writeAll(Array(repeating: UInt8(ascii: "\n"), count: answers.count))
        for answer in answers { #expect(try answer.wait() == bytes) }
        #expect(try contents(of: folder.path.appending("starts")) == Array("\n".utf8))
    }

    @Test func membersUnderWayAreKeptHoweverManyThereAre() throws {
        let identity = try #require(FileIdentity(try FileStatus(of: pack, following: true)))
        let most = UnpackedMembers.Kept.most
        let keys = (0...2 * most).map { number in
            UnpackedMembers.Key(
                place: ArchivePlace(archive: pack, member: Array("\(number).wav".utf8)), archive: identity)
        }
        let promises = keys.map { _ in Promise<UnpackedMembers.Member, SoundRefusal>() }
        let other = Promise<UnpackedMembers.Member, SoundRefusal>()
        func areKept(_ kept: UnpackedMembers.Kept) -> [Bool] {
            keys.map { key in
                var kept = kept
                return kept.member(key, orKeep: other) != nil
            }
        }
        var kept = UnpackedMembers.Kept()
        for (key, promise) in zip(keys, promises) {
            let known = kept.member(key, orKeep: promise)
            #expect(known == nil)
        }
        #expect(areKept(kept) == keys.map { _ in true })
        kept.failed(promises[1])
        for number in 2...most + 1 { kept.unpacked(promises[number]) }
        #expect(areKept(kept) == keys.indices.map { $0 != 1 })
        kept.unpacked(promises[most + 2])
        #expect(areKept(kept) == keys.indices.map { $0 > 2 || $0 == 0 })
    }

    @Test func whatCouldNotBeUnpackedIsTriedAgain() throws {
        let members = UnpackedMembers(extractor: folder.path.appending("extractor"))
        let archive = try OwnedDescriptor.open(pack, O_RDONLY)
        let identity = try #require(FileIdentity(try FileStatus(of: pack, following: true)))
        let place = ArchivePlace(archive: pack, member: Array("a.flac".utf8))
        #expect(throws: SoundRefusal.self) { try members.member(place, of: archive.descriptor, identity) }
        try Disk.symlink(BuiltPrograms.extractor, folder.path.appending("extractor"))
        #expect(try members.member(place, of: archive.descriptor, identity).file.beginning(99) == bytes)
    }
}

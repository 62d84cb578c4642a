import SystemPackage
import TestFiles
import Testing

@testable import Platform

struct ArchiveNamesTests {
    @Test(
        "An archive is known by its name",
        arguments: ["a.zip", "A.ZIP", "a.tar.gz", "b.TGZ", "c.7z", "d.tar", "e.tar.zst"])
    func isOne(name: String) { #expect(ArchiveNames.isArchive(Array(name.utf8))) }

    @Test(
        "Others are not", arguments: ["a.wav", "zip", ".zip", "a.gz", "a.tar.gz.wav", "a.zipx", "a.rar", "", "tar.gz"])
    func isNone(name: String) { #expect(!ArchiveNames.isArchive(Array(name.utf8))) }

    @Test(
        "A member's name becomes a path below its archive",
        arguments: zip(
            ["a.wav", "./k//a.wav", "k/./a.wav", "..a/b..wav"], ["a.wav", "k/a.wav", "k/a.wav", "..a/b..wav"]))
    func paths(name: String, path: String) {
        #expect(ArchiveNames.path(ofMember: Array(name.utf8)) == Array(path.utf8))
    }

    @Test(
        "A name that leads out, or is none, is refused",
        arguments: [
            "", "/a.wav", "..", "../a.wav", "k/../a.wav", "k/", ".", "a\0b", String(repeating: "x", count: 256),
            String(repeating: "k/", count: 2000) + "a",
        ])
    func refused(name: String) { #expect(ArchiveNames.path(ofMember: Array(name.utf8)) == nil) }

    @Test func aPathMayGoOnInsideOfSeveral() {
        let places = ArchivePlace.possible("/s/a.zip/k/b.7z/c.wav")
        #expect(
            places == [
                ArchivePlace(archive: "/s/a.zip", member: Array("k/b.7z/c.wav".utf8)),
                ArchivePlace(archive: "/s/a.zip/k/b.7z", member: Array("c.wav".utf8)),
            ])
        #expect(ArchivePlace.possible("/s/a.zip") == [ArchivePlace(archive: "/s/a.zip", member: [])])
        #expect(ArchivePlace.possible("/s/zip/a.wav") == [])
    }

    @Test func onlyTheDiskTellsAnArchiveFromAFolder() throws {
        let folder = try TemporaryFolder()
        try folder.makeFolder("a.zip")
        _ = try folder.write("x", to: "a.zip/b.zip")
        let inside = folder.path.appending("a.zip").appending("b.zip").appending("k").appending("c.wav")
        #expect(ArchivePlace(on: inside)?.member == Array("k/c.wav".utf8))
        #expect(ArchivePlace(on: inside)?.archive == folder.path.appending("a.zip").appending("b.zip"))
        #expect(ArchivePlace(on: folder.path.appending("a.zip").appending("b.zip")) == nil)
        #expect(ArchivePlace(on: folder.path.appending("c.zip").appending("d.wav")) == nil)
    }
}

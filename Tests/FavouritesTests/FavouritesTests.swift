import Platform
import SystemPackage
import TestFiles
import Testing

@testable import Favourites

/// The playlist on disk, as timbrectl, the page and players share it.
struct FavouritesTests {
    private let folder: TemporaryFolder
    private let favourites: Favourites

    init() throws {
        folder = try TemporaryFolder()
        favourites = try #require(Favourites(stateHome: folder.path.appending("not there/yet"), home: nil))
    }

    private var text: String { get throws { String(decoding: try favourites.file.contents(), as: UTF8.self) } }

    @Test func whereTheyAre() {
        let here = Favourites(stateHome: "/state", home: "/home/a")
        #expect(here?.file == "/state/timbrectl/favourites.m3u")
        #expect(
            Favourites(stateHome: nil, home: "/home/a")?.file == "/home/a/.local/state/timbrectl/favourites.m3u")
        #expect(Favourites(stateHome: "relative", home: "/h")?.file == "/h/.local/state/timbrectl/favourites.m3u")
        #expect(Favourites(stateHome: nil, home: nil) == nil)
    }

    @Test func whatIsMarkedIsThereAndInItsOrder() throws {
        #expect(try favourites.paths() == [])
        #expect(try favourites.add(["/s/b.wav", "/s/a.wav", "/s/b.wav"]) == 2)
        #expect(try favourites.add(["/s/a.wav"]) == 0)
        #expect(try favourites.paths() == ["/s/b.wav", "/s/a.wav"])
        #expect(try text == "#EXTM3U\n/s/b.wav\n/s/a.wav\n")
        #expect(try favourites.remove(["/s/b.wav", "/s/c.wav"]) == 1)
        #expect(try text == "#EXTM3U\n/s/a.wav\n")
    }

    @Test func namesAreBytes() throws {
        let names: [FilePath] = [
            FilePath(bytes: Array("/s/a\nb 50%.wav".utf8)), FilePath(bytes: [0x2F, 0xFF, 0x80]),
            FilePath(bytes: Array("/s/#1 ü.wav\r".utf8)),
        ]
        try favourites.add(names)
        #expect(try favourites.paths() == names)
        #expect(try text.hasPrefix("#EXTM3U\nfile:///s/a%0Ab%2050%25.wav\n"))
        #expect(try favourites.remove([names[0]]) == 1)
        #expect(try favourites.paths() == Array(names.dropFirst()))
    }

    @Test func whatOthersHaveWrittenStays() throws {
        try favourites.makeFolder()
        let before = """
            #EXTM3U
            #PLAYLIST:mine
            #EXTINF:1,A kick
            a.wav\r
            #EXTINF:2,From the net
            http://example.org/b.mp3
            file://localhost/s/c%20d.wav
            #a word at the end

            """
        let file = try FileDescriptor.open(
            favourites.file, .writeOnly, options: [.create], permissions: .ownerReadWrite)
        _ = try file.closeAfter { try file.writeAll(before.utf8) }
        let mine = favourites.folder.appending("a.wav")
        #expect(try favourites.paths().contains(mine))
        #expect(try favourites.paths().contains("/s/c d.wav"))
        try favourites.add(["/s/new.wav"])
        #expect(try text == before.replacing("#a word", with: "/s/new.wav\n#a word"))
        // What is said about a sound goes with it.
        try favourites.remove([mine])
        #expect(try !text.contains("A kick") && text.contains("From the net") && text.contains("PLAYLIST"))
    }

    @Test("Knows URLs of files", arguments: ["file:///s/a%20b", "file://localhost/s/a b", "file:/s/a%20b"])
    func urls(url: String) {
        #expect(FilePath(fileURL: url) == "/s/a b")
    }

    @Test(
        "Knows what is none",
        arguments: ["http://s/a", "file://elsewhere/s", "file:relative", "file:///a%2", "file:///a%00", "file:///%zz"])
    func others(url: String) {
        #expect(FilePath(fileURL: url) == nil)
    }
}

import Testing
import TimbreWire

@testable import LibraryReports

struct PlaylistTests {
    @Test func aPlaylistHasExactPaths() {
        let result = SimilarResult(
            rank: 1, path: WirePath(Array("/s/b".utf8) + [0x80]), distance: 0, score: 1, hamming: 0, start: 0, end: 1,
            duration: 0.4)
        let reply = Similar.Reply(query: [], metric: .codes, model: "", complete: true, results: [result])
        #expect(
            Playlist(results: reply.results, segments: false).bytes
                == Array("#EXTM3U\n#EXTINF:1,b\\x80\n/s/b".utf8) + [0x80, 0x0A])
    }

    @Test(
        "What players cannot open is said", arguments: [(0, true, nil), (1, true, "is left out"), (2, false, "them;")])
    func members(count: Int, areLeftOut: Bool, part: String?) {
        let remark = Playlist.remark(onMembers: count, areLeftOut: areLeftOut)
        #expect((remark == nil) == (part == nil))
        if let remark, let part { #expect(remark.contains(part) && remark.contains("`timbrectl copy`")) }
    }

    @Test func aPathOfTwoLinesIsOneLineOfAPlaylist() {
        let result = SimilarResult(
            rank: 1, path: WirePath(Array("/s/50% é\n#x.wav".utf8) + [0xFF]), distance: 0, score: 1, hamming: 0,
            start: 0,
            end: 0.4, duration: 0.4)
        let reply = Similar.Reply(query: [], metric: .codes, model: "", complete: true, results: [result])
        #expect(
            String(decoding: Playlist(results: reply.results, segments: false).bytes, as: UTF8.self)
                .split(separator: "\n").last == "file:///s/50%25%20%C3%A9%0A%23x.wav%FF")
    }
}

import Testing
import TimbreWire

@testable import timbrectl

struct OutputTests {
    var table: Table {
        var table = Table([.init(heading: "n", alignment: .right), .init(heading: "file")])
        table.add(["1", "/s/kick.wav"])
        table.add(["10", "/s/a"])
        return table
    }

    @Test func whatKeepsTheDaemonFromGoingOnIsAmongTheFirstThingsSaid() {
        var reply = Status.Reply(
            version: "1", pid: 1, state: .idle, uptime: 1, files: FileCounts(), spans: 0, contents: 0, queue: 0,
            progress: nil, model: nil, folders: [], watches: WatchCounts(used: 1, allowed: 2), overflows: 0,
            lastErrors: [], database: DatabaseFile(path: WirePath("/d".utf8), size: 1))
        #expect(!StatusOutput(reply: reply).text.contains("trouble"))
        reply.trouble = "the disk is full"
        let lines = StatusOutput(reply: reply).text.split(separator: "\n")
        #expect(lines[2].hasPrefix("trouble") && lines[2].hasSuffix("the disk is full"))
    }

    @Test func columnsLineUp() {
        #expect(table.text(width: nil) == " n  file\n 1  /s/kick.wav\n10  /s/a\n")
    }

    @Test func linesAreCutToTheTerminal() {
        #expect(table.text(width: 9) == "\u{1B}[1m n  file\u{1B}[0m\n 1  /s/k…\n10  /s/a\n")
        #expect(Table([.init(heading: "x")]).text(width: 9) == "")
    }

    @Test(
        "Control characters do nothing to a terminal",
        arguments: [
            ("a\nb", "a\\nb"), ("\u{1B}[31m", "\\x1b[31m"), ("a\u{202E}b", "a\\u{202e}b"), ("é\u{301}", "é\u{301}"),
            ("\u{9B}", "\\x9b"), ("\u{7F}\t", "\\x7f\\t"),
        ])
    func escapes(text: String, shown: String) {
        #expect(Shown.escaped(text).unicodeScalars.elementsEqual(shown.unicodeScalars))
    }

    @Test(
        "Numbers",
        arguments: [(0.0, 2, "0.00"), (0.995, 2, "1.00"), (-0.001, 2, "0.00"), (-1.5, 1, "-1.5"), (2.5, 0, "3")])
    func numbers(value: Double, digits: Int, text: String) { #expect(Shown.number(value, digits: digits) == text) }

    @Test(
        "Durations and sizes",
        arguments: [
            (Shown.duration(0.42), "0.42 s"), (Shown.duration(185), "3 min 5 s"), (Shown.duration(7440), "2 h 4 min"),
            (Shown.duration(90_000), "1 d 1 h"), (Shown.size(17), "17 B"), (Shown.size(4_200), "4.2 kB"),
            (Shown.size(999_960), "1.0 MB"), (Shown.size(1_300_000_000), "1.3 GB"),
        ])
    func quantities(found: String, expected: String) { #expect(found == expected) }

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
        "Nothing is said to be near or not against the scores", arguments: [(0.49, true), (0.5, false), (0.97, false)])
    func nothingNear(score: Double, isSaid: Bool) {
        func output(near: Bool) -> SimilarOutput {
            let results = [score, 0.1].map {
                SimilarResult(
                    rank: 1, path: WirePath("/a".utf8), distance: 1, score: $0, hamming: 0, start: 0, end: 1,
                    duration: 1)
            }
            return SimilarOutput(
                reply: Similar.Reply(
                    query: [], metric: .timbre, model: "", complete: true, near: near, results: results),
                segments: false)
        }
        #expect(output(near: false).saysNothingNear == isSaid)
        #expect(!output(near: true).saysNothingNear)
    }

    @Test func aPlaceInALongRecordingIsATimeOfItsClock() {
        func result(_ rank: Int, _ path: String, start: Double, inside: Bool) -> SimilarResult {
            SimilarResult(
                rank: rank, path: WirePath(path.utf8), distance: 0.5, score: 0.9, hamming: 2, start: start,
                end: start + 0.5, duration: 6000, inside: inside)
        }
        let results = [
            result(1, "/tape", start: 5647.2, inside: true), result(2, "/b", start: 1.25, inside: false),
            result(3, "/c", start: 1.25, inside: true),
        ]
        let reply = Similar.Reply(query: [], metric: .timbre, model: "", complete: true, results: results)
        #expect(
            SimilarOutput(reply: reply, segments: false).table.text(width: nil) == """
                score  distance      length         place  file
                0.900     0.500  1 h 40 min  at 1:34:07.2  /tape
                0.900     0.500  1 h 40 min                /b
                0.900     0.500  1 h 40 min      at 1.3 s  /c

                """)
        #expect(
            SimilarOutput(reply: reply, segments: true).table.text(width: nil) == """
                score  distance                  place  file
                0.900     0.500  1:34:07.20–1:34:07.70  /tape
                0.900     0.500            1.25–1.75 s  /b
                0.900     0.500            1.25–1.75 s  /c

                """)
    }

    @Test(
        "How many places are likely is said",
        arguments: [
            (nil, 0, false, "nothing is found"), (nil, 0, true, "nothing is likely"),
            (0, 2, false, "no place is likely"),
            (0, 0, true, "no place is likely"), (1, 1, false, "1 place is likely"), (2, 2, true, "2 places are likely"),
            (7, 2, false, "7 places are likely; the best 2 are listed"),
        ] as [(Int?, Int, Bool, String?)])
    func likelyPlaces(places: Int?, listed: Int, likely: Bool, remark: String?) {
        let results = (0..<listed).map { rank in
            SimilarResult(
                rank: rank + 1, path: WirePath("/a".utf8), distance: 1, score: places == 0 ? 0.2 : 0.7, hamming: 0,
                start: 0, end: 1, duration: 1)
        }
        let reply = Similar.Reply(
            query: [], metric: .timbre, model: "", complete: true, near: places != 0, likelyPlaces: places,
            results: results)
        let output = SimilarOutput(reply: reply, segments: places != nil, likely: likely)
        #expect(output.remark(isTable: true) == remark)
        #expect(output.remark(isTable: false) == (places ?? 0 > 0 ? nil : remark))
    }

    @Test(
        "What players cannot open is said", arguments: [(0, true, nil), (1, true, "is left out"), (2, false, "them;")])
    func members(count: Int, areLeftOut: Bool, part: String?) {
        let remark = Playlist.remark(onMembers: count, areLeftOut: areLeftOut)
        #expect((remark == nil) == (part == nil))
        if let remark, let part { #expect(remark.contains(part) && remark.contains("`timbrectl copy`")) }
    }

    @Test("Numbers have their nouns", arguments: [(0, "0 files"), (1, "1 file"), (5515, "5,515 files")])
    func counts(count: Int, text: String) {
        #expect(Shown.count(count, "file") == text)
        #expect(
            Shown.count(1, "search", "searches") == "1 search" && Shown.count(2, "search", "searches") == "2 searches")
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

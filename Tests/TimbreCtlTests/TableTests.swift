import TestLibrary
import Testing
import TimbreWire

@testable import timbrectl

struct TableTests {
    private func table(_ paths: [String], home: String? = nil) -> Table {
        var table = Table([.init(heading: "n", alignment: .right), .init(heading: "file", isPath: true, home: home)])
        for (number, path) in paths.enumerated() { table.add(["\(number)", path]) }
        return table
    }

    @Test func pathsAreCutOnTheLeftAndNeverInTheName() {
        let text = table(["/s/Kits/deep/kick 808.wav", "/s/a.wav", "/a name that is longer than there is room.wav"])
            .text(width: 22, colours: false)
        #expect(
            text == """
                \u{1B}[1mn  file\u{1B}[0m
                0  …/deep/kick 808.wav
                1  /s/a.wav
                2  …a name that is longer than there is room.wav

                """)
    }

    @Test func nothingIsCutWhereThereIsNoTerminal() {
        let path = "/s/" + String(repeating: "x", count: 300) + ".wav"
        #expect(table([path]).text(width: nil) == "n  file\n0  \(path)\n")
    }

    @Test func noLineEndsWithBlanksOfTheTable() {
        var table = Table([
            .init(heading: "a"), .init(heading: "n", alignment: .right), .init(heading: "", isPath: false),
        ])
        table.add(["x", "", ""])
        table.add(["long", "7", "why"])
        table.add(["", "", ""])
        #expect(table.text(width: nil) == "a     n\nx\nlong  7  why\n\n")
        // A name may end with one.
        #expect(self.table(["/s/a "]).text(width: nil) == "n  file\n0  /s/a \n")
    }

    @Test func twoPathsShareTheRoom() {
        var table = Table([.init(heading: "a", isPath: true), .init(heading: "b", isPath: true)])
        table.add(["/x/y.wav", "/a/long/folder/of/some/file.wav"])
        table.add(["/a/long/folder/of/some/x.wav", "/a/long/folder/of/some/file.wav"])
        let lines = table.text(width: 40, colours: false).split(separator: "\n").dropFirst()
        #expect(
            lines.map(String.init) == [
                "/x/y.wav             …r/of/some/file.wav", "…lder/of/some/x.wav  …r/of/some/file.wav",
            ])
        #expect(lines.allSatisfy { $0.count <= 40 })
    }

    @Test(
        "On a terminal the part of a folder that is another one stands out",
        arguments: [
            ("/s/kit a/x.wav", "/s/kit a", "{2}/s/kit a/{22}x.wav"),
            ("/s/kit b/x.wav", "/s/kit a", "{2}/s/{22}{36}kit b/{39}x.wav"),
            ("/s/kit/x.wav", "/s/kit a", "{2}/s/{22}{36}kit/{39}x.wav"), ("/s/x.wav", "/s/kit a", "{2}/s/{22}x.wav"),
            ("/s/kit a/in/x.wav", "/s/kit a", "{2}/s/kit a/{22}{36}in/{39}x.wav"),
            ("/t/x.wav", "/s", "{2}/{22}{36}t/{39}x.wav"),
            ("/s/very/long/folder/here/x.wav", "/s", "{2}…{22}{36}g/folder/here/{39}x.wav"),
        ])
    func colours(path: String, home: String, shown: String) {
        let text = table([path], home: home).text(width: 23, colours: true).split(separator: "\n")[1].dropFirst(3)
        let plain = shown.replacing("{", with: "\u{1B}[").replacing("}", with: "m")
        #expect(text == plain)
        #expect(!table([path], home: home).text(width: 23, colours: false).dropFirst(10).contains("\u{1B}[2m"))
    }

    @Test func bitsAreShownOnlyForCodes() {
        let result = SimilarResult(
            rank: 1, path: WirePath("/a".utf8), distance: 0.25, score: 0.75, hamming: 3, start: 0, end: 1, duration: 1)
        func head(_ metric: Metric) -> String {
            SimilarOutput(
                reply: Similar.Reply(query: [], metric: metric, model: "", complete: true, results: [result]),
                segments: false
            ).table.text(width: nil)
        }
        #expect(head(.timbre) == "score  distance  length  file\n0.750     0.250  1.00 s  /a\n")
        #expect(head(.codes) == "score  distance  bits  length  file\n0.750     0.250     3  1.00 s  /a\n")
    }

    @Test(
        "Counts",
        arguments: [
            (0, "0"), (999, "999"), (1000, "1,000"), (5515, "5,515"), (1_234_567, "1,234,567"), (-1234, "-1,234"),
        ])
    func counts(count: Int, text: String) { #expect(Shown.count(count) == text) }

    @Test func aComparisonHasPairsThenWhatHasNone() {
        let (a, b) = (WirePath("/s/a".utf8), WirePath("/s/b".utf8))
        #expect(
            CompareOutput(a: a, b: b, files: FakeLibrary.compared, missing: false).text(width: nil) == """
                score  length  /s/a  nearest in /s/b
                0.875  0.50 s  kick  bd

                no counterpart in /s/b: 1 file
                score  length  /s/a  nearest all the same
                0.125  2.00 s  bell  bd

                no counterpart in /s/a: 1 file
                score  length  /s/b         nearest all the same
                       1.00 s  silence\\x80  too faint to compare

                """)
        let missing = CompareOutput(a: a, b: b, files: FakeLibrary.compared.reversed(), missing: true)
        #expect(missing.files.map(\.path.shown) == ["/s/a/bell", "/s/b/silence\\x80"])
    }

    @Test func aSoundOfTheSecondFolderThatIsNobodysNearestIsTold() {
        var files = FakeLibrary.compared
        files[2] = ComparedFile(
            side: .b, path: WirePath("/s/b/other".utf8), duration: 1, nearest: WirePath("/s/a/kick".utf8),
            distance: 0.5,
            score: 0.5, hasCounterpart: true)
        let text = CompareOutput(a: WirePath("/s/a".utf8), b: WirePath("/s/b".utf8), files: files, missing: false)
            .text(width: nil)
        #expect(text.contains("\n\nscore  length  /s/b   nearest in /s/a\n0.500  1.00 s  other  kick\n"))
    }

    @Test func soManyAreShownAndAllCounted() {
        let lonely = FakeLibrary.compared[1]
        let output = { (missing: Bool, count: Int) in
            CompareOutput(
                a: WirePath("/s/a".utf8), b: WirePath("/s/b".utf8), files: FakeLibrary.compared + [lonely, lonely],
                missing: missing, count: count)
        }
        #expect(output(false, 1).files.map(\.path.shown) == ["/s/a/kick"])
        #expect(output(true, 1).files.count == 1)
        #expect(output(true, 1).text(width: nil).hasPrefix("no counterpart in /s/b: 3 files\n"))
    }

    @Test func oddSoundsHaveTheirNearest() {
        #expect(
            OddCommand.table(FakeLibrary.oddities).text(width: nil)
                == "distance  length  file     nearest\n   0.750  3.00 s  /s/gong  /s/bell\n")
    }
}

import Testing

@testable import CommandOutput

struct TableTests {
    private func table(_ paths: [String], home: String? = nil) -> Table {
        var table = Table([.init(heading: "n", alignment: .right), .init(heading: "file", isPath: true, home: home)])
        for (number, path) in paths.enumerated() { table.add(["\(number)", path]) }
        return table
    }

    private var files: Table {
        var table = Table([.init(heading: "n", alignment: .right), .init(heading: "file")])
        table.add(["1", "/s/kick.wav"])
        table.add(["10", "/s/a"])
        return table
    }

    @Test func columnsLineUp() {
        #expect(files.text(width: nil) == " n  file\n 1  /s/kick.wav\n10  /s/a\n")
    }

    @Test func linesAreCutToTheTerminal() {
        #expect(files.text(width: 9) == "\u{1B}[1m n  file\u{1B}[0m\n 1  /s/k…\n10  /s/a\n")
        #expect(Table([.init(heading: "x")]).text(width: 9) == "")
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
}

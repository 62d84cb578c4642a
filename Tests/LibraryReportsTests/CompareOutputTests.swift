import CommandOutput
import TestLibrary
import Testing
import TimbreWire

@testable import LibraryReports

struct CompareOutputTests {
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
}

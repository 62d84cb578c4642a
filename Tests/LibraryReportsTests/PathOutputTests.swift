import CommandOutput
import TestLibrary
import Testing
import TimbreWire

@testable import LibraryReports

struct PathOutputTests {
    @Test func theTableHasTheStepsFromOneToTheNext() {
        #expect(
            PathOutput(reply: FakeLibrary.path).table.text(width: nil) == """
                score   step  length  file
                              0.50 s  /s/a
                0.750  2.500  1.00 s  /s/m\\x80
                0.800  2.250  2.00 s  /t/b

                """)
    }

    @Test func aPlaylistHasThePathsExactly() {
        let expected =
            Array("#EXTM3U\n#EXTINF:1,a\n/s/a\n#EXTINF:1,m\\x80\n/s/m".utf8) + [0x80]
            + Array("\n#EXTINF:2,b\n/t/b\n".utf8)
        #expect(PathOutput(reply: FakeLibrary.path).playlist.bytes == expected)
    }

    @Test func theMapIsToldInAFewLines() {
        var map = MapOutput(wantsPoints: true)
        for reply in FakeLibrary.maps { map.add(reply) }
        #expect(map.table.text(width: nil) == " x    y  file\n-2  256  /s/a\n-2  256  /s/b\n")
        let lines = map.lines(FakeLibrary.maps[1], isAsked: true).map { "\($0.name)=\($0.value)" }
        #expect(lines.count == 4 && lines[0] == "map=ready" && lines[1] == "files=2")
        #expect(lines[2].hasSuffix(", of 2 sounds") && lines[3] == "next=begins at once")
    }
}

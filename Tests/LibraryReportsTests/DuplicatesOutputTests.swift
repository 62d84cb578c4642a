import TestLibrary
import Testing
import TimbreWire

@testable import LibraryReports

struct DuplicatesOutputTests {
    @Test func thoseThatWasteMostComeFirst() {
        #expect(
            DuplicatesOutput(FakeLibrary.duplicates).text == """
                2 files of the same sound, 1.5 kB beside the largest:
                  /s/c
                  /s/d (OGG, -6.0 dB, differs by 0.25 dB)

                2 files of the same bytes, 10 B beside the largest:
                  /s/a
                  /s/b

                2 groups, 4 files, 1.5 kB beside the largest of each; --spares tells what of it can go

                """)
    }

    @Test func ofOtherMachinesTheNameStandsInFront() {
        let files = ["one", "two"].map {
            DuplicateFile(
                path: WirePath("/s/a".utf8), host: $0, size: 10, duration: 1, format: nil, content: "sha256:00")
        }
        let text = DuplicatesOutput([DuplicateGroup(kind: .exact, wasted: 10, files: files)]).text
        #expect(text.contains("\n  one:/s/a\n  two:/s/a\n"))
    }

    @Test func aSingleGroupIsNotSeveral() {
        #expect(DuplicatesOutput([FakeLibrary.duplicates[0]]).text.contains("\n1 group, 2 files, "))
    }

    @Test func whereThereAreNoneItIsSaidAmongHowMany() {
        func remark(_ left: Int, near: Bool = false, under: String? = nil) -> String {
            let filters = under == nil ? [] : [FilterCount(.under, files: left)]
            return DuplicatesOutput.remark(
                on: EmptyAnswer(files: 5515, filters: filters, left: left), areNear: near,
                under: under.map { WirePath($0.utf8) })
        }
        #expect(remark(5515) == "no two of 5,515 files hold the same bytes; --near compares how they sound")
        #expect(remark(40, near: true, under: "/s") == "no two of 40 files below /s hold the same sound")
        #expect(remark(1, under: "/s") == "there is only 1 file below /s: nothing to compare it with")
        #expect(remark(0, under: "/s") == "no searchable file lies below /s; 0 of 5,515")
    }

    @Test func whereThereAreNoneNothingIsPrinted() { #expect(DuplicatesOutput([]).text.isEmpty) }
}

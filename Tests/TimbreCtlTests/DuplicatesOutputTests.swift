import TestLibrary
import Testing

@testable import timbrectl

struct DuplicatesOutputTests {
    @Test func thoseThatWasteMostComeFirst() {
        #expect(
            DuplicatesOutput(FakeLibrary.duplicates).text == """
                2 files of the same sound, 1.5 kB wasted:
                  /s/c
                  /s/d (OGG, -6.0 dB, differs by 0.25 dB)

                2 files of the same bytes, 10 B wasted:
                  /s/a
                  /s/b

                2 groups, 4 files, 1.5 kB wasted

                """)
    }

    @Test func whereThereAreNoneNothingIsPrinted() { #expect(DuplicatesOutput([]).text.isEmpty) }
}

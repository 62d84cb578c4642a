import CommandOutput
import TestLibrary
import Testing

@testable import timbrectl

struct OddTableTests {
    @Test func oddSoundsHaveTheirNearest() {
        #expect(
            OddCommand.table(FakeLibrary.oddities).text(width: nil)
                == "distance  length  file     nearest\n   0.750  3.00 s  /s/gong  /s/bell\n")
    }
}

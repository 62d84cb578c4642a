import LocalFiles
import Testing
import TimbreWire

@testable import timbrectl

/// What is said of a recording that ends within a part.
struct CutRemarkTests {
    @Test func aRecordingThatEndsWithinAPartIsNamed() {
        let place = CutPlace(recording: WirePath("/a/tape.wav".utf8), part: TimeSpan(start: 595, end: 630))
        #expect(
            CutCommand.remark(on: place, endingAt: 602.3)
                == "/a/tape.wav ends at 10:02.30, before 10:30.00: what was written is shorter")
        #expect(CutCommand.remark(on: place, endingAt: 630) == nil)
        // A margin may lead beyond the end.
        #expect(CutCommand.remark(on: place, endingAt: 630.2) == nil)
        #expect(CutCommand.remark(on: place, endingAt: 629.9999) == nil)
    }
}

import Testing
import TimbreWire

@testable import CommandOutput

struct ProgressMeterTests {
    private let start = ContinuousClock.now

    @Test func aTerminalHasABarWithRateAndTimeLeft() {
        var meter = ProgressMeter(width: 80, at: start)
        #expect(
            meter.text(stage: "reading files", Progress(done: 0, total: 200), at: start)
                == "reading files [........................................] 0 %, 0 of 200")
        // Not again so soon, whatever has happened.
        #expect(meter.text(stage: "reading files", Progress(done: 9, total: 200), at: start + .milliseconds(99)) == nil)
        #expect(
            meter.text(stage: "reading files", Progress(done: 100, total: 200), at: start + .seconds(2))
                == "reading files [##########..........] 50 %, 100 of 200, 50 a second, 2.00 s left")
        // What the daemon estimates counts.
        #expect(
            meter.text(
                stage: "reading files", Progress(done: 150, total: 200, secondsLeft: 90), at: start + .seconds(3)
            )?.hasSuffix("50 a second, 1 min 30 s left") == true)
        #expect(
            meter.text(stage: "reading files", Progress(done: 200, total: 200), at: start + .seconds(4))?
                .hasSuffix("100 %, 200 of 200, 50 a second") == true)
        // Another stage is shown at once, and has a rate of its own.
        #expect(meter.text(stage: "coding", Progress(done: 1, total: 0), at: start + .seconds(4)) == "coding")
    }

    @Test("A line never fills the terminal", arguments: [1, 2, 20, 40, 60, 79, 80, 200])
    func fits(width: Int) {
        var meter = ProgressMeter(width: width, at: start)
        for step in 0...20 {
            let progress = Progress(done: step * 617, total: 12_340)
            let text = meter.text(stage: "comparing sounds", progress, at: start + .seconds(step))
            #expect(text.map { $0.count < max(width, 2) } == true)
            #expect(width < 80 || text?.contains("[") == true)
        }
    }

    @Test func withoutATerminalThereIsALineEveryTenSeconds() {
        var meter = ProgressMeter(width: nil, at: start)
        let said = (0...25).compactMap { second in
            meter.text(stage: "searching", Progress(done: second * 4, total: 200), at: start + .seconds(second))
        }
        #expect(
            said == [
                "searching: 20 %, 40 of 200, 4.0 a second, 40.00 s left",
                "searching: 40 %, 80 of 200, 4.0 a second, 30.00 s left",
            ])
    }

    @Test func aTotalThatGrowsAndADoneThatShrinksAreNoHarm() {
        var meter = ProgressMeter(width: 100, at: start)
        for (second, done, total) in [(0, 5, 10), (1, 9, 10), (2, 2, 40), (3, 50, 40), (4, -1, 40)] {
            let text = meter.text(stage: "x", Progress(done: done, total: total), at: start + .seconds(second))
            #expect(text?.contains("inf") == false && text?.contains("-") == false)
        }
    }
}

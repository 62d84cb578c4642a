import Platform
import SoundFeatures
import Testing
import TimbreStore

@testable import TimbreIngest

struct PatienceTests {
    @Test(arguments: [
        (Duration.milliseconds(250), 2.0), (.milliseconds(500), 2.0), (.seconds(1), 4.0), (.seconds(5), 20.0),
    ])
    func waitsFourTimesAsLongAsAFileMustBeQuietButTwoSecondsAtLeast(settle: Duration, seconds: Double) {
        #expect(Patience(settle: settle).seconds == seconds)
    }

    @Test func takesAFileAtItsWordWhenNothingSpeaksAgainstIt() {
        let patience = Patience(settle: .seconds(1))
        #expect(patience.wait(looksUnfinished: false, modified: 100_000_000_000, now: 100) == nil)
    }

    @Test(arguments: [(100.0, 4.05), (101.0, 3.05), (103.5, 0.55)])
    func waitsUntilAnUnfinishedFileHasBeenLeftAlone(now: Double, expected: Double) throws {
        let wait = Patience(settle: .seconds(1)).wait(looksUnfinished: true, modified: 100_000_000_000, now: now)
        #expect(abs(try #require(wait) - expected) < 1e-9)
    }

    @Test(arguments: [104.0, 1e9, 99.999, 0])
    func takesAFileAsItIsWhenItIsOldOrItsTimeLiesInTheFuture(now: Double) {
        let patience = Patience(settle: .seconds(1))
        #expect(patience.wait(looksUnfinished: true, modified: 100_000_000_000, now: now) == nil)
    }

    @Test(arguments: [
        (100.0, 0, 0.25), (100.0, 1, 0.5), (100.0, 6, 16.0), (100.0, 7, 30.0), (650.0, 99, 30.0), (690.0, 99, 10.05),
    ])
    func waitsForAFileThatIsOpenForWritingAndLooksAtItNowAndThen(now: Double, looks: Int, expected: Double) throws {
        let wait = Patience.waitWhileOpen(changed: 100_000_000_000, now: now, looks: looks)
        #expect(abs(try #require(wait) - expected) < 1e-9)
    }

    @Test(arguments: [700.0, 1e9, 99.9])
    func takesAFileThatIsOpenForWritingWhenItHasNotChangedForTenMinutesOrItsTimeLiesInTheFuture(now: Double) {
        #expect(Patience.waitWhileOpen(changed: 100_000_000_000, now: now, looks: 0) == nil)
    }

    @Test(arguments: [
        (ExtractionFailure.Reason.damaged, true), (.unknownFormat, true), (.empty, true), (.unreadable, false),
        (.outOfLimits, false), (.crashed, false),
    ])
    func onlySomeFailuresLookUnfinished(reason: ExtractionFailure.Reason, expected: Bool) {
        #expect(ExtractionFailure(reason, "").mayBeUnfinished == expected)
    }
}

struct BackoffTests {
    private let start = ContinuousClock.now

    @Test func startsAreTriedLessAndLessOften() {
        var backoff = Backoff(first: .milliseconds(100))
        #expect(backoff.mayTry(at: start))
        var waits: [Duration] = []
        for _ in 0..<15 {
            backoff.failed(at: start, why: "it ended at once")
            waits.append((backoff.retry ?? start) - start)
        }
        let tenths = [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300, 300, 300, 300]
        #expect(waits == tenths.map { .milliseconds(100 * $0) })
        #expect(backoff.reason == "it ended at once")
        #expect(!backoff.mayTry(at: start + .seconds(29)))
        #expect(backoff.mayTry(at: start + .seconds(30)))
        backoff.succeeded()
        #expect(backoff.mayTry(at: start) && backoff.reason == nil)
        backoff.failed(at: start, why: "")
        #expect(backoff.retry == start + .milliseconds(100))
    }

    @Test func writesAreTriedLessAndLessOften() {
        var backoff = Backoff(first: .seconds(1))
        #expect(backoff.mayTry(at: start))
        var waits: [Duration] = []
        for _ in 0..<8 {
            backoff.failed(at: start, why: "the disk is full")
            waits.append((backoff.retry ?? start) - start)
        }
        #expect(waits == [1, 2, 4, 8, 16, 30, 30, 30].map { .seconds($0) })
        #expect(backoff.reason == "the disk is full")
        #expect(!backoff.mayTry(at: start + .seconds(29)))
        #expect(backoff.mayTry(at: start + .seconds(30)))
        backoff.succeeded()
        #expect(backoff.mayTry(at: start) && backoff.reason == nil)
    }

    @Test(arguments: [(Int64(0), 30), (10_000_000, 40), (.max, 3600)])
    func aDeadlineGrowsWithTheSize(size: Int64, seconds: Int) {
        #expect(FileIdentity(size: size, modified: 0, changed: 7, device: 0, inode: 0).deadline == .seconds(seconds))
    }
}

import FolderWatch
import Testing

struct RescanBackoffTests {
    let start = ContinuousClock.now
    var backoff = RescanBackoff(first: .milliseconds(100), longest: .seconds(60))

    @Test mutating func manyLossesAskForOneScan() {
        backoff.lost(at: start)
        backoff.lost(at: start + .milliseconds(90))
        let due = backoff.takeDue(at: start + .milliseconds(99))
        #expect(!due)
        let dueAgain = backoff.takeDue(at: start + .milliseconds(100))
        #expect(dueAgain)
        let dueThen = backoff.takeDue(at: start + .seconds(10))
        #expect(!dueThen)
        #expect(backoff.deadline == nil)
    }

    // watchman's pull request 1362 tells of about 14 000 scans in 19 minutes.
    @Test mutating func aStormOfLossesMeansFewScans() {
        var scans = 0
        for tick in 0..<(19 * 60 * 100) {
            let now = start + .milliseconds(10 * tick)
            backoff.lost(at: now)
            if backoff.takeDue(at: now) { scans += 1 }
        }
        #expect(scans < 40)
    }

    @Test mutating func afterALongQuietTheFirstWaitIsShortAgain() {
        var now = start
        for _ in 0..<12 {
            backoff.lost(at: now)
            guard let time = backoff.deadline else { break }
            now = time
            let due = backoff.takeDue(at: now)
            #expect(due)
        }
        backoff.lost(at: now + .seconds(1))
        #expect(backoff.deadline == now + .seconds(61))
        let dueAgain = backoff.takeDue(at: now + .seconds(61))
        #expect(dueAgain)
        backoff.lost(at: now + .seconds(200))
        #expect(backoff.deadline == now + .milliseconds(200_100))
    }
}

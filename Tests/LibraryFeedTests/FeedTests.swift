import Glibc
import Platform
import SystemPackage
import Testing

@testable import LibraryFeed

/// How followers are woken, and who can follow.
struct FeedTests {
    private func isRaised(_ signal: EventSignal) -> Bool {
        var waits = [pollfd(fd: signal.descriptor.rawValue, events: Int16(POLLIN), revents: 0)]
        return unsafe poll(&waits, 1, 0) > 0
    }

    private func numbers(_ reading: Feed.Reading) -> [Int64]? {
        guard case .batches(let batches) = reading else { return nil }
        return batches.flatMap { Array($0.first...$0.last) }
    }

    @Test func whoHasReadEverythingIsWoken() throws {
        let feed = Feed(start: 10)
        let (early, late) = (try feed.follow(), try feed.follow())
        guard case .nothing = early.read(after: 10) else {
            Issue.record("there is something")
            return
        }
        #expect(!isRaised(early.signal))
        feed.tell([], at: 1)
        #expect(!isRaised(early.signal))
        feed.tell([.paused, .resumed], at: 1)
        // The other does not wait: it has not looked yet.
        #expect(isRaised(early.signal) && !isRaised(late.signal))
        #expect(numbers(early.read(after: 10)) == [11, 12] && !isRaised(early.signal))
        #expect(numbers(late.read(after: 11)) == [11, 12])
        feed.tell([.paused], at: 2)
        #expect(numbers(early.read(after: 12)) == [13])
    }

    @Test func whoReadsTooSlowlyIsToldAndOthersAreNot() throws {
        let feed = Feed(capacity: 4, start: 0)
        let (slow, quick) = (try feed.follow(), try feed.follow())
        for number in 1...6 {
            feed.tell([.paused], at: 1)
            #expect(numbers(quick.read(after: Int64(number - 1))) == [Int64(number)])
        }
        guard case .lost(upTo: 6) = slow.read(after: 0) else {
            Issue.record("nothing is lost")
            return
        }
        #expect(numbers(slow.read(after: 2)) == [3, 4, 5, 6])
    }

    @Test func aNumberOfAnotherRunIsNotOne() throws {
        let (before, after) = (Feed(), Feed())
        for feed in [before, after] { feed.tell([.paused], at: 1) }
        guard case .lost = try after.follow().read(after: before.last) else {
            Issue.record("taken for one of this run")
            return
        }
    }

    @Test func theEndIsToldAfterAllElse() throws {
        let feed = Feed(start: 0)
        let follower = try feed.follow()
        guard case .nothing = follower.read(after: 0) else {
            Issue.record("there is something")
            return
        }
        feed.tell([.paused], at: 1)
        feed.close()
        #expect(isRaised(follower.signal) && numbers(follower.read(after: 0)) == [1])
        guard case .closed(at: 1) = follower.read(after: 1) else {
            Issue.record("not closed")
            return
        }
    }

    @Test func thereAreOnlySoMany() throws {
        let feed = Feed()
        var followers = try (0..<Feed.mostFollowers).map { _ in try feed.follow() }
        #expect(throws: Feed.Full.self) { try feed.follow() }
        followers.removeLast()
        _ = try feed.follow()
    }
}

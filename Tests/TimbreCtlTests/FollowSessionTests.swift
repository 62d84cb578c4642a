import CommandOutput
import Testing
import TimbreWire

@testable import timbrectl

/// Where a follower goes on, whatever becomes of the daemon.
struct FollowSessionTests {
    private let start = ContinuousClock.now
    private let gone = Failure(.noDaemon, "gone")

    private func event(_ event: FollowEvent, _ number: Int) -> Follow.Reply {
        Follow.Reply(event, number: number, time: 1)
    }

    @Test func withoutADaemonItDoesNotBegin() {
        var session = FollowSession(since: nil, hasSnapshot: false)
        #expect(throws: gone) { try session.ended(.nobody(gone), at: start) }
    }

    @Test func itGoesOnBehindTheLastEvent() throws {
        var session = FollowSession(since: nil, hasSnapshot: false)
        #expect(session.parameters == Follow.Parameters())
        session.told(event(.ready, 7))
        session.told(event(.found, 8))
        #expect(session.parameters == Follow.Parameters(since: 8))
        #expect(FollowSession(since: 3, hasSnapshot: false).parameters == Follow.Parameters(since: 3))
    }

    @Test func whoWantsListsGetsAnother() {
        var session = FollowSession(since: nil, hasSnapshot: true)
        session.told(event(.ready, 7))
        #expect(session.parameters == Follow.Parameters(snapshot: true))
    }

    @Test func afterALossItGoesOnAtOnce() throws {
        var session = FollowSession(since: nil, hasSnapshot: false)
        session.told(event(.lost, 100))
        #expect(try session.ended(.ended, at: start) == nil)
        #expect(session.parameters == Follow.Parameters(since: 100))
    }

    @Test func itWaitsForADaemonThatHasGoneLongerAndLongerAndSaysSoOnce() throws {
        var session = FollowSession(since: nil, hasSnapshot: false)
        session.told(event(.stopping, 9))
        let first = try #require(try session.ended(.ended, at: start))
        #expect(first.time == .milliseconds(100) && first.remark != nil)
        let second = try #require(try session.ended(.nobody(gone), at: start + .seconds(4)))
        #expect(second.time == .seconds(1) && second.remark == nil)
        let third = try #require(try session.ended(.nobody(gone), at: start + .seconds(4000)))
        #expect(third.time == .seconds(2))
        // It is back, and goes again.
        session.told(event(.ready, 100))
        #expect(try session.ended(.hungUp(gone), at: start + .seconds(5000)) == first)
    }
}

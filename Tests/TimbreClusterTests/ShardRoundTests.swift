import ClusterShards
import Platform
import ShardConnections
import Testing
import TimbreWire

@testable import TimbreCluster

@Suite(.timeLimit(.minutes(5)))
struct ShardRoundTests {
    private typealias Round = ShardRound<String>

    private let old = ShardMap(number: 1, shardCount: 2, isReady: true)
    private let new = ShardMap(number: 2, shardCount: 3, isReady: true)
    /// Far enough away that a test which waits for it fails.
    private let never = ContinuousClock.now + .seconds(3600)

    private func round(_ count: Int, by map: ShardMap?, hearing: Duration = .seconds(3600)) throws -> Round {
        Round(
            try (1...count).map { try ShardAddress(number: $0, "host=/db\($0) dbname=sounds") }, by: map,
            hearing: hearing)
    }

    /// What came of a question, for each shard: its answer, or why it is missing; and by which map.
    private func replies(_ end: Round.End) throws -> (said: [String], map: ShardMap?) {
        guard case .replies(let replies, let map) = end else {
            Issue.record("it is asked again")
            return ([], nil)
        }
        return (replies.map { $0.found ?? ([MissingShard].missing([$0])?.first?.why ?? "") }, map)
    }

    private func next(_ end: Round.End) -> ShardMap? { if case .asksAgain(let map) = end { map } else { nil } }

    @Test func aShardOfATimeBeforeIsMissingAndTheOthersAreNotAskedAgain() throws {
        let round = try round(3, by: new)
        round.ended(.success(.ofAnotherMap), at: round.asked[0])
        round.ended(.success(.answer("two", by: new)), at: round.asked[1])
        round.ended(.success(.answer("three", by: new)), at: round.asked[2])
        let (said, map) = try replies(round.wait(until: never, isLast: false) { new })
        #expect(said[0].contains("timbre-cluster resize") && said.dropFirst() == ["two", "three"] && map == new)
    }

    @Test func aShardThatHangsDoesNotKeepTheOthersFromBeingAskedAgain() throws {
        let round = try round(3, by: old)
        let second = round.asked[1]
        try DetachedThread.start { round.ended(.success(.ofAnotherMap), at: second) }
        #expect(next(round.wait(until: never, isLast: false) { new }) == new)
    }

    @Test func whatIsLateIsMissing() throws {
        let round = try round(2, by: old)
        round.ended(.success(.answer("two", by: old)), at: round.asked[1])
        let (said, _) = try replies(round.wait(until: .now + .milliseconds(20), isLast: false) { old })
        #expect(said == ["/db1/sounds: no answer in time", "two"])
    }

    @Test func thereIsNoTimeToAskAgainAtTheDeadline() throws {
        let round = try round(2, by: old)
        round.ended(.success(.answer("one", by: old)), at: round.asked[0])
        round.ended(.success(.ofAnotherMap), at: round.asked[1])
        let (said, map) = try replies(round.wait(until: .now, isLast: false) { new })
        #expect(said.first == "one" && map == old)
    }

    @Test func theLastTimeItIsNotAskedAgain() throws {
        let round = try round(2, by: nil)
        round.ended(.success(.answer("one", by: old)), at: round.asked[0])
        round.ended(.success(.answer("two", by: new)), at: round.asked[1])
        let (said, map) = try replies(round.wait(until: never, isLast: true) { old })
        #expect(map == new && said.count == 3 && said[1] == "two")
        #expect(said[0].contains("timbre-cluster resize") && said[2].contains("names only the first 2 of 3 shards"))
    }

    @Test func withoutAMapAShardThatIsFurtherHasASay() throws {
        // The first shard was restored from a time when it was the only one.
        let first = ShardMap(number: 1, shardCount: 1, isReady: true)
        let round = try round(3, by: nil)
        round.ended(.success(.answer("one", by: first)), at: round.asked[0])
        round.ended(.success(.answer("three", by: new)), at: round.asked[2])
        // That is the best one: nothing is gained by asking again.
        let second = round.asked[1]
        try DetachedThread.start { round.ended(.success(.answer("two", by: new)), at: second) }
        let (said, map) = try replies(round.wait(until: never, isLast: false) { new })
        #expect(said[0].contains("timbre-cluster resize") && said.dropFirst() == ["two", "three"] && map == new)
    }

    @Test func aShardThatIsToComeHasNoSay() throws {
        let round = try round(3, by: nil)
        for (place, answer) in ["one", "two"].enumerated() {
            round.ended(.success(.answer(answer, by: old)), at: round.asked[place])
        }
        round.ended(.success(.ofAnotherMap), at: round.asked[2])
        let (said, map) = try replies(round.wait(until: never, isLast: false) { old })
        #expect(said == ["one", "two"] && map == old)
    }

    @Test("An address beyond the map that says nothing is not waited for", arguments: [false, true])
    func anAddressThatHangs(hasToldItsMaps: Bool) throws {
        let round = try round(3, by: nil, hearing: hasToldItsMaps ? .seconds(3600) : .zero)
        if hasToldItsMaps {
            round.heard([ShardMap(number: 2, shardCount: 3, isReady: false)], from: round.asked[2])
        }
        for (place, answer) in ["one", "two"].enumerated() {
            round.ended(.success(.answer(answer, by: old)), at: round.asked[place])
        }
        let (said, map) = try replies(round.wait(until: never, isLast: false) { old })
        #expect(said == ["one", "two"] && map == old)
    }

    @Test func whatIsSilentForAWhileIsNotWaitedForBeyondIt() throws {
        let round = try round(3, by: nil, hearing: .milliseconds(20))
        for (place, answer) in ["one", "two"].enumerated() {
            round.ended(.success(.answer(answer, by: old)), at: round.asked[place])
        }
        let (said, map) = try replies(round.wait(until: never, isLast: false) { old })
        #expect(said == ["one", "two"] && map == old)
    }

    @Test func whatIsReadyForANewerMapIsWaitedFor() throws {
        // The first shard was restored from a time when it was the only one.
        let first = ShardMap(number: 1, shardCount: 1, isReady: true)
        let round = try round(3, by: nil, hearing: .zero)
        let others = round.asked.dropFirst()
        for shard in others { round.heard([new], from: shard) }
        round.ended(.success(.answer("one", by: first)), at: round.asked[0])
        try DetachedThread.start { for shard in others { round.ended(.success(.answer("new", by: new)), at: shard) } }
        let (said, map) = try replies(round.wait(until: never, isLast: false) { new })
        #expect(said[0].contains("timbre-cluster resize") && said.dropFirst() == ["new", "new"] && map == new)
    }

    @Test func aShardOfTheMapIsWaitedForHoweverSilent() throws {
        let round = try round(2, by: nil, hearing: .zero)
        round.ended(.success(.answer("one", by: old)), at: round.asked[0])
        let (said, _) = try replies(round.wait(until: .now + .milliseconds(20), isLast: false) { old })
        #expect(said == ["one", "/db2/sounds: no answer in time"])
    }

    @Test func betweenTwoMapsItIsAskedAgainByTheOneThatAllAreReadyFor() throws {
        let round = try round(3, by: nil)
        round.ended(.success(.answer("one", by: new)), at: round.asked[0])
        round.ended(.success(.answer("two", by: old)), at: round.asked[1])
        #expect(next(round.wait(until: never, isLast: false) { old }) == old)
    }
}

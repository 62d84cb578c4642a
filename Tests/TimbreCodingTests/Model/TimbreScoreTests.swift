import Testing
import TimbreCodes

@testable import TimbreCoding

struct TimbreScoreTests {
    /// A hundred reference sounds along one axis, two steps apart, under a network whose unit is 240 steps.
    private func score(surroundings: [TimbreScore.Surroundings] = [.init(first: 2, last: 3, weight: 24)]) throws
        -> TimbreScore
    {
        let reference = (0..<100).map { place in
            var vector = TimbreVector(first: SIMD64())
            vector[5] = Int8(place)
            vector[6] = Int8(place / 2)
            return vector
        }
        return try TimbreScore(
            reference: reference, offset: 1, slope: -4, bend: 2, knee: 0.5, surroundings: surroundings)
    }

    @Test func fallsWithTheDistanceAndLiesBetweenNothingAndOne() throws {
        let score = try score()
        let scores = stride(from: 0.0, through: 2, by: 0.01).map { score(distance: $0, crowding: -0.5) }
        #expect(zip(scores, scores.dropFirst()).allSatisfy { $0 > $1 })
        #expect(scores.allSatisfy { $0 > 0 && $0 < 1 })
        // 1 / (1 + exp(-(1 - 4·0.75 + 2·0.25 + 0.5))) = 1 / (1 + e).
        #expect(abs(score(distance: 0.75, crowding: 0.5) - 0.2689414) < 1e-6)
    }

    @Test("A score tells its distance", arguments: [-30, -2.5, 0, 0.5, 4])
    func tellsItsDistance(crowding: Double) throws {
        for (bend, knee) in [(2.0, 0.5), (-3, 0.25), (0, 7), (1, 0), (2, -1)] {
            let score = try TimbreScore(
                reference: [], offset: 1, slope: -4, bend: bend, knee: knee, surroundings: [])
            for distance in [0.001, 0.2, 0.25, 0.3, 0.5, 0.75, 2, 3.5] {
                let found = score.distance(ofScore: score(distance: distance, crowding: crowding), crowding: crowding)
                #expect(abs(found - distance) < 1e-6)
            }
            // Nothing is nearer than nothing.
            let highest = score(distance: 0, crowding: crowding)
            #expect(score.distance(ofScore: (1 + highest) / 2, crowding: crowding) == 0)
        }
    }

    @Test func theSurroundingsAreTheMeanDistanceOfSomeReferenceSounds() throws {
        let network = try TimbreNetwork(SmallNetwork().weights)
        var query = TimbreVector(first: SIMD64())
        query[5] = 50
        query[6] = 0
        let score = try score()
        let distances = score.reference.map { Double($0.squaredDistance(to: query)).squareRoot() / 240 }.sorted()
        let expected = 24 * (distances[1] + distances[2]) / 2
        #expect(abs(score.crowding(of: query, in: network) - expected) < 1e-9)
        // The query itself is not around it: its own vector among the reference is passed over.
        let own = try #require(score.reference.first)
        let others = score.reference.map { Double($0.squaredDistance(to: own)).squareRoot() / 240 }.filter {
            $0 >= 0.02
        }
        .sorted()
        #expect(abs(score.crowding(of: own, in: network) - 24 * (others[1] + others[2]) / 2) < 1e-9)
        #expect(try self.score(surroundings: []).crowding(of: query, in: network) == 0)
    }

    @Test func refusesWhatIsNoScore() throws {
        let reference = try score().reference
        func make(_ slope: Double, _ bend: Double, _ surroundings: [TimbreScore.Surroundings] = []) throws {
            _ = try TimbreScore(
                reference: reference, offset: 0, slope: slope, bend: bend, knee: 0, surroundings: surroundings)
        }
        #expect(throws: TimbreModelError.damaged("its score does not fall with the distance")) { try make(0, -1) }
        #expect(throws: TimbreModelError.damaged("its score does not fall with the distance")) { try make(-1, 1) }
        #expect(throws: TimbreModelError.notFinite) { try make(-.infinity, 0) }
        #expect(throws: TimbreModelError.damaged("a number of its score is beyond 1000000.0")) { try make(-1e7, 0) }
        #expect(throws: TimbreModelError.damaged("its score asks for too many reference sounds")) {
            _ = try TimbreScore(
                reference: Array(repeating: reference[0], count: 4097), offset: 0, slope: -1, bend: 0, knee: 0,
                surroundings: [])
        }
        for part in [(0, 3), (4, 3), (1, 50)] {
            #expect(throws: TimbreModelError.self) {
                try make(-1, 0, [.init(first: part.0, last: part.1, weight: 1)])
            }
        }
    }
}

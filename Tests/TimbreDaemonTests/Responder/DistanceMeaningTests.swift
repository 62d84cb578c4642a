import Testing
import TimbreCoding
import TimbreWire

@testable import TimbreDaemon

struct DistanceMeaningTests {
    private func result(score: Double) -> SimilarResult {
        SimilarResult(
            rank: 1, path: WirePath("/a".utf8), distance: 1, score: score, hamming: 0, start: 0, end: 1, duration: 1)
    }

    private func meaning(_ metric: Metric, _ generation: Generation, _ query: [TimbreVector] = []) -> DistanceMeaning {
        DistanceMeaning(metric, of: query, in: generation)
    }

    @Test func underModelsOfBeforeNearIsWhatIsNearerThanChanceAndWithoutMeasureNothingIsFar() throws {
        let quantiles = try #require(Quantiles(of: [1, 2, 3]))
        let plain = Calibration(files: quantiles, spans: quantiles)
        let measured = Generation(
            id: 1, model: try smallModelWithVectors(),
            measured: Calibration(files: quantiles, spans: quantiles, timbreFiles: quantiles))
        let timbre = meaning(.timbre, measured)
        #expect(timbre.isNear(result(score: 0.99)) && !timbre.isNear(result(score: 0.98)) && timbre.isNear(nil))
        #expect(meaning(.codes, measured).isNear(result(score: 0)))
        for unknown in [plain, nil] {
            let generation = Generation(id: 1, model: try smallModelWithVectors(), measured: unknown)
            #expect(meaning(.timbre, generation).isNear(result(score: 0)))
        }
    }

    @Test func underANetworkTheScoreIsAProbabilityThatDependsOnTheQuerysSurroundings() throws {
        let generation = Generation(id: 1, model: try smallModelWithNetwork())
        let score = try #require(generation.model.score)
        let network = try #require(generation.model.network)
        var far = TimbreVector(first: SIMD64(repeating: 100))
        far[127] = -100
        let queries = [score.reference[3], far]
        for query in [[queries[0]], [queries[1]], queries] {
            let meaning = meaning(.timbre, generation, query)
            let crowding = query.reduce(0) { $0 + score.crowding(of: $1, in: network) } / Double(query.count)
            #expect(meaning.score(ofFileAt: 0.4) == score(distance: 0.4, crowding: crowding))
            #expect(meaning.score(ofSpanAt: 0.4) == score(distance: 0.4, crowding: crowding))
        }
        #expect(
            meaning(.timbre, generation, [far]).score(ofFileAt: 0.4)
                != meaning(.timbre, generation, [queries[0]]).score(ofFileAt: 0.4))
        let timbre = meaning(.timbre, generation, [far])
        #expect(timbre.isNear(result(score: TimbreScore.nearLimit)))
        #expect(!timbre.isNear(result(score: TimbreScore.nearLimit - 0.01)) && timbre.isNear(nil))
        #expect(meaning(.codes, generation).isNear(result(score: 0)))
    }
}

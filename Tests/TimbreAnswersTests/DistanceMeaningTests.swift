import TestModels
import Testing
import TimbreCodes
import TimbreCoding
import TimbreLibrary
import TimbreWire

@testable import TimbreAnswers

struct DistanceMeaningTests {
    private func results(_ scores: [Double]) -> [SimilarResult] {
        scores.map {
            SimilarResult(
                rank: 1, path: WirePath("/a".utf8), distance: 1, score: $0, hamming: 0, start: 0, end: 1, duration: 1)
        }
    }

    private func isNear(_ score: Double?, _ metric: Metric, _ generation: Generation) -> Bool {
        DistanceMeaning.isNear(results(score.map { [$0] } ?? []), metric, in: generation)
    }

    @Test func whateverTheModelNothingNearIsNeverSaidOfAScoreOfAHalf() throws {
        let quantiles = try #require(Quantiles(of: [1, 2, 3]))
        let measured = Calibration(files: quantiles, spans: quantiles, timbreFiles: quantiles)
        let generations = [
            Generation(id: 1, model: try smallModelWithNetwork()),
            Generation(id: 1, model: try smallModelWithVectors(), measured: measured),
            Generation(id: 1, model: try smallModel()),
        ]
        for generation in generations {
            for score in stride(from: 0.5, through: 1, by: 0.01) {
                for metric in [Metric.timbre, .codes] {
                    #expect(isNear(score, metric, generation))
                    #expect(DistanceMeaning.isNear(results([0.1, score, 0.2]), metric, in: generation))
                }
            }
        }
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
        #expect(isNear(0.5, .timbre, measured) && !isNear(0.49, .timbre, measured))
        #expect(isNear(nil, .timbre, measured) && isNear(0, .codes, measured))
        for unknown in [plain, nil] {
            let generation = Generation(id: 1, model: try smallModelWithVectors(), measured: unknown)
            #expect(isNear(0, .timbre, generation))
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
        let limit = TimbreScore.nearLimit
        #expect(isNear(limit, .timbre, generation) && !isNear(limit - 0.01, .timbre, generation))
        #expect(isNear(nil, .timbre, generation) && isNear(0, .codes, generation))
    }
}

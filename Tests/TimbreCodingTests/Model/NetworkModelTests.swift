import Testing
import TimbreCodes

@testable import TimbreCoding

/// Models with a network, as files.
struct NetworkModelTests {
    static func model(seed: UInt64 = 31) throws -> TimbreModel {
        var generator = SeededGenerator(seed: seed)
        let reference = (0..<100).map { _ in
            var vector = TimbreVector(first: SIMD64())
            for place in 0..<128 { vector[place] = Int8(generator.index(below: 80) - 40) }
            return vector
        }
        let score = try TimbreScore(
            reference: reference, offset: 0.5, slope: -7.25, bend: 0.125, knee: 0.75,
            surroundings: [.init(first: 21, last: 40, weight: 6.5)])
        return try TimbreModel(
            centroids: EarlierModelTests.centroids, metric: .network(TimbreNetwork(SmallNetwork(seed: seed).weights)),
            score: score)
    }

    @Test func readsItsOwnFile() throws {
        let model = try Self.model()
        let read = try TimbreModel(json: model.json())
        #expect(read == model && read.network?.weights == model.network?.weights && read.score == model.score)
        #expect(read.json() == model.json())
    }

    @Test func isNamedByEachPart() throws {
        let model = try Self.model()
        let other = try Self.model(seed: 32)
        var weights = try #require(model.network).weights
        weights.branches[1].output[5] ^= 1
        let names = [
            model, try TimbreModel(centroids: model.centroids),
            try TimbreModel(centroids: model.centroids, metric: other.metric, score: model.score),
            try TimbreModel(centroids: model.centroids, metric: model.metric, score: other.score),
            try TimbreModel(centroids: model.centroids, metric: .network(TimbreNetwork(weights)), score: model.score),
        ].map(\.identifier)
        #expect(Set(names).count == names.count)
    }

    @Test func aNetworkComesWithAScore() throws {
        let model = try Self.model()
        #expect(throws: TimbreModelError.damaged("it has a network, and no score")) {
            try TimbreModel(centroids: model.centroids, metric: model.metric)
        }
        #expect(throws: TimbreModelError.damaged("it has a score, and no network")) {
            try TimbreModel(centroids: model.centroids, score: model.score)
        }
    }

    @Test(
        "Says what is wrong with a file",
        arguments: [
            ("timbre descriptors 2", "timbre descriptors 3", "its network is for 410 \"timbre descriptors 3\""),
            ("\"descriptors\" : 410", "\"descriptors\" : 9", "its network is for 9"),
            ("\"hidden_bias_f32", "\"hidden_bas_f32", "it has no hidden_bias_f32le_base64"),
            ("\"slope\" : -7.25", "\"slope\" : 7.25", "its score does not fall with the distance"),
            (
                "\"reference_i8_base64\" : \"", "\"reference_i8_base64\" : \"AAAA",
                "its reference is not base64 of whole vectors"
            ),
            ("\"scale\" : 240", "\"scale\" : 0", "the scale of its network does not lie between 1 and"),
            ("\"scale\" : 240", "\"scale\" : 241", "the model was changed"),
        ])
    func refuses(from: String, to: String, reason: String) throws {
        let whole = String(decoding: try Self.model().json(), as: UTF8.self)
        let text = whole.replacing(from, with: to, maxReplacements: 1)
        #expect(text != whole)
        let error = #expect(throws: TimbreModelError.self) { try TimbreModel(json: Array(text.utf8)) }
        #expect(error.map { "\($0)".contains(reason) } == true, "\(error.map { "\($0)" } ?? "")")
    }
}

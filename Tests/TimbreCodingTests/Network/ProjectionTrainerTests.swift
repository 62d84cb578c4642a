import Testing
import TimbreCodes

@testable import TimbreCoding

struct ProjectionTrainerTests {
    /// Sounds of some labels: those of a label are alike in a direction that the shipped projection sees little of.
    private func sounds(_ network: TimbreNetwork, labels: Int, each: Int, seed: UInt64) -> [(
        parts: [Float], label: String
    )] {
        var generator = SeededGenerator(seed: seed)
        let width = network.weights.joinedWidth
        let directions = (0..<labels).map { _ in (0..<8).map { _ in Float(generator.fraction() - 0.5) } }
        return (0..<labels).flatMap { label in
            (0..<each).map { _ in
                var parts = (0..<width).map { _ in Float(generator.fraction() - 0.5) * 0.2 }
                for place in 0..<8 { parts[place] += 0.15 * directions[label][place] }
                return (parts, "label \(label)")
            }
        }
    }

    private func train(
        _ network: TimbreNetwork, _ sounds: [(parts: [Float], label: String)], placing reference: [TimbreVector] = []
    ) throws -> ProjectionTrainer.Result {
        var trainer = ProjectionTrainer(network)
        for sound in sounds { trainer.add(sound.parts, label: sound.label) }
        return try trainer.train(placing: reference)
    }

    /// The share of sounds whose nearest has their label.
    private func hits(_ network: TimbreNetwork, _ sounds: [(parts: [Float], label: String)]) -> Double {
        let vectors = sounds.map { network.vector(ofJoinedParts: $0.parts) }
        let found = sounds.indices.count { query in
            let others = sounds.indices.filter { $0 != query }
            let nearest = others.min {
                vectors[$0].squaredDistance(to: vectors[query]) < vectors[$1].squaredDistance(to: vectors[query])
            }
            return nearest.map { sounds[$0].label == sounds[query].label } ?? false
        }
        return Double(found) / Double(sounds.count)
    }

    @Test func whatIsLearntFindsBetterAndTheSameSoundsTeachTheSame() throws {
        let network = try TimbreNetwork(SmallNetwork(seed: 21).weights)
        let all = sounds(network, labels: 10, each: 40, seed: 22)
        let learnt = all.enumerated().filter { $0.offset % 2 == 0 }.map(\.element)
        let rest = all.enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        let result = try train(network, learnt)
        #expect(hits(result.network, rest) > hits(network, rest) + 0.05)
        #expect(result.network == (try train(network, learnt)).network)
        // The parts are what they were; of all bytes few are cut off.
        #expect(result.network.weights.branches == network.weights.branches)
        #expect(result.network.weights.linear == network.weights.linear)
        let bytes = rest.flatMap { result.network.vector(ofJoinedParts: $0.parts).bytes }
        #expect(bytes.count { $0 == 127 || $0 == 129 } < bytes.count / 100)
    }

    @Test func referenceSoundsArePlacedNearWhereTheirPartsWould() throws {
        let network = try TimbreNetwork(SmallNetwork(seed: 23).weights)
        let all = sounds(network, labels: 8, each: 60, seed: 24)
        let reference = all.prefix(50).map { network.vector(ofJoinedParts: $0.parts) }
        let result = try train(network, all, placing: Array(reference))
        #expect(result.reference.count == 50)
        let near = result.reference.enumerated().count { place, vector in
            let own = result.network.vector(ofJoinedParts: all[place].parts)
            let others = (0..<50).filter { $0 != place }.map {
                result.network.vector(ofJoinedParts: all[$0].parts).squaredDistance(to: vector)
            }
            return own.squaredDistance(to: vector) < others.min() ?? 0
        }
        #expect(near >= 45)
    }

    @Test func learnsNothingFromTooLittle() throws {
        let network = try TimbreNetwork(SmallNetwork(seed: 25).weights)
        #expect(throws: ProjectionTrainer.Failure.tooFew) {
            try train(network, sounds(network, labels: 5, each: 10, seed: 26))
        }
        #expect(throws: ProjectionTrainer.Failure.tooFew) {
            try train(network, sounds(network, labels: 1, each: 200, seed: 26))
        }
    }

    @Test func theRotationTurnsEachBlockByItself() {
        let rows = BlockRotation.elements
        for (row, elements) in rows.enumerated() {
            let block = [0..<16, 16..<32, 32..<64, 64..<128].first { $0.contains(row) } ?? 0..<0
            for other in rows.indices {
                let product = zip(elements, rows[other]).reduce(0) { $0 + $1.0 * $1.1 }
                #expect(abs(product - (row == other ? 1 : 0)) < 1e-12)
                #expect((elements[other] != 0) == block.contains(other))
            }
        }
    }
}

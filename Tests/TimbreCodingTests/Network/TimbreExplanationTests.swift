import Testing
import TimbreDescriptors

@testable import TimbreCoding

struct TimbreExplanationTests {
    @Test func sharesAddUpAndSayWhereTheDistanceComesFrom() throws {
        let network = try TimbreNetwork(SmallNetwork(seed: 11).weights)
        let sounds = SmallNetwork.descriptors(4, seed: 12)
        for (a, b) in zip(sounds, sounds.dropFirst()) {
            let explanation = TimbreExplanation(of: a, and: b, under: network)
            #expect(explanation.parts.map(\.kind) == TimbreDescriptor.groups.map(\.kind))
            #expect(abs(explanation.parts.reduce(0) { $0 + $1.share } - 1) < 1e-9)
        }
        // Sounds that differ in one group differ for it alone.
        for group in TimbreDescriptor.groups {
            var values = sounds[0].values
            for place in group.range { values[place] = sounds[1].values[place] }
            let explanation = TimbreExplanation(
                of: sounds[0], and: TimbreDescriptor(values: values), under: network)
            for part in explanation.parts {
                #expect(abs(part.share - (part.kind == group.kind ? 1 : 0)) < 1e-9)
                #expect((part.difference > 0) == (part.kind == group.kind))
            }
        }
    }

    @Test func aSoundIsNotFarFromItself() throws {
        let network = try TimbreNetwork(SmallNetwork(seed: 13).weights)
        let sound = SmallNetwork.descriptors(1, seed: 14)[0]
        let parts = TimbreExplanation(of: sound, and: sound, under: network).parts
        #expect(parts.allSatisfy { $0.share == 0 && $0.difference == 0 })
    }
}

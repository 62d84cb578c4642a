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
        #expect(parts.allSatisfy { $0.share == 0 && $0.difference == 0 && $0.words == nil })
    }

    @Test func wordsSayInWhichDirection() throws {
        func described(_ change: (inout [Float], (TimbreDescriptor.Kind) -> Range<Int>) -> Void) -> TimbreDescriptor {
            var values = [Float](repeating: 1, count: TimbreDescriptor.count)
            change(&values) { kind in TimbreDescriptor.groups.first { $0.kind == kind }?.range ?? 0..<0 }
            return TimbreDescriptor(values: values)
        }
        // 8 Bark on the scale 6 asinh(f / 600) are 1.0 kHz, 12 are 2.2 kHz.
        let dull = described { $0[$1(.shape).lowerBound] = 8 }
        let bright = described { $0[$1(.shape).lowerBound] = 12 }
        #expect(DescriptorWords(from: dull, to: bright).words(for: .shape) == "brighter (2.2 kHz, not 1.1 kHz)")
        #expect(DescriptorWords(from: bright, to: dull).words(for: .shape) == "darker (1.1 kHz, not 2.2 kHz)")
        // 43 frames are a second: log(1 + 43) and log(1 + 17.2) above −30 dB.
        let long = described { $0[$1(.times).lowerBound + 3] = 3.784 }
        let short = described { $0[$1(.times).lowerBound + 3] = 2.901 }
        #expect(DescriptorWords(from: long, to: short).words(for: .times) == "decays 0.6 s earlier")
        #expect(DescriptorWords(from: short, to: long).words(for: .times) == "decays 0.6 s later")
        let noisy = described { $0[$1(.shape).lowerBound + 3] = 4 }
        #expect(DescriptorWords(from: long, to: noisy).words(for: .shape) == "noisier")
        for kind in TimbreDescriptor.Kind.allCases {
            #expect(DescriptorWords(from: long, to: long).words(for: kind) == nil)
        }
    }
}

import Testing

@testable import TimbreCodes

struct SeededGeneratorTests {
    // The outputs of splitmix64.c for the seed 1234567, as Rosetta Code lists them.
    @Test func splitMixAgreesWithTheReference() {
        var generator = SplitMix64(state: 1_234_567)
        let outputs = (0..<3).map { _ in generator.next() }
        #expect(outputs == [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423])
    }

    // The outputs of xoshiro256starstar.c for the state 1, 2, 3, 4, as the tests of Rust's rand_xoshiro have them.
    @Test func xoshiroAgreesWithTheReference() {
        var generator = SeededGenerator(state: (1, 2, 3, 4))
        let outputs = (0..<4).map { _ in generator.next() }
        #expect(outputs == [11520, 0, 1_509_978_240, 1_215_971_899_390_074_240])
    }

    @Test func everyIndexIsAboutAsLikely() {
        var generator = SeededGenerator(seed: 1)
        var counts = [Int](repeating: 0, count: 7)
        for _ in 0..<70_000 { counts[generator.index(below: 7)] += 1 }
        // Five standard deviations of a binomial distribution.
        #expect(counts.allSatisfy { abs($0 - 10_000) < 463 })
    }

    @Test func fractionsLieBelowOne() {
        var generator = SeededGenerator(seed: 2)
        let fractions = (0..<10_000).map { _ in generator.fraction() }
        #expect(fractions.allSatisfy { (0..<1).contains($0) })
        #expect(abs(fractions.reduce(0, +) / 10_000 - 0.5) < 0.02)
    }

    @Test func seedAndSaltBothMatter() {
        var generators = [
            SeededGenerator(seed: 1, salt: [1]), SeededGenerator(seed: 1, salt: [2]),
            SeededGenerator(seed: 2, salt: [1]),
        ]
        #expect(Set(generators.indices.map { generators[$0].next() }).count == 3)
    }
}

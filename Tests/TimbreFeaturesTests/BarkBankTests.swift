import Testing

@testable import TimbreFeatures

struct BarkBankTests {
    private func weights(of bank: BarkBank) -> [[Double]] {
        (0..<bank.binCount).map { bin in
            var magnitudes = [Float](repeating: 0, count: Spectrum.binCount)
            magnitudes[bin] = 1
            var sums = [Float](repeating: 0, count: BarkBank.bandCount)
            let top = bank.sum(magnitudes, into: &sums)
            #expect(top == sums.max())
            return sums.map { Double($0) }
        }
    }

    // The area of a triangle of height 1 on a band's width, in bins: e / 2D of the definition's D8.
    @Test func aBandsWeightsAddUpToItsArea() {
        let weights = weights(of: BarkBank())
        for (band, centre) in BarkBank.centres.enumerated() {
            let sum = weights.reduce(0) { $0 + $1[band] }
            #expect(abs(sum - (0.108 * centre + 24.7) / (2 * 22_050 / 1024)) < 1e-5)
        }
    }

    @Test func aBandsWeightsAreCentredOnIt() {
        let weights = weights(of: BarkBank())
        for (band, centre) in BarkBank.centres.enumerated() {
            let sum = weights.reduce(0) { $0 + $1[band] }
            let moment = weights.enumerated().reduce(0) { $0 + Double($1.offset) * 22_050 / 1024 * $1.element[band] }
            #expect(abs(moment / sum - centre) < 22_050 / 1024 / 2)
        }
    }

    @Test func reachesFromFiftyHertzToNineThousand() {
        #expect(BarkBank.centres.count == 100)
        #expect(abs(BarkBank.centres[0] - 50) < 1e-9)
        #expect(abs(BarkBank.centres[99] - 9000) < 1e-9)
        // The top band ends at 9498 Hz.
        #expect(BarkBank().binCount < 450)
    }
}

import Glibc
import TestSounds
import Testing

@testable import AudioDecoding

struct ResamplerTests {
    static let rates = [
        4000, 8000, 11_025, 16_000, 44_100, 44_101, 48_000, 66_150, 88_200, 96_000, 176_400, 192_000, 384_000,
    ]

    /// The definition's D3 word for word, in double precision and without haste: output `j` alone.
    private func plain(_ input: [Double], rate: Int, output j: Int) -> Double {
        let time = Double(j) * Double(rate) / 22_050
        let whole = j * rate / 22_050
        let cutoff = 0.95 * min(1, 22_050 / Double(rate))
        let width = 64 / cutoff
        var (sum, weights) = (0.0, 0.0)
        let reach = Int(width.rounded(.up))
        for k in (1 - reach)...reach {
            let u = Double(k) - (time - Double(whole))
            guard abs(u) < width else { continue }
            let sinc = u == 0 ? 1 : sin(.pi * cutoff * u) / (.pi * cutoff * u)
            let weight = cutoff * sinc * bessel(8 * (1 - u / width * u / width).squareRoot()) / bessel(8)
            weights += weight
            if input.indices.contains(whole + k) { sum += weight * input[whole + k] }
        }
        return sum / weights
    }

    private func bessel(_ x: Double) -> Double {
        // The mean of exp(x cos t) over a circle: the trapezoid rule is exact there to the last digits.
        (0..<64).reduce(0) { $0 + exp(x * cos(2 * .pi * Double($1) / 64)) } / 64
    }

    private func resampled(_ input: [Float], rate: Int, pieces: Int = 5000) -> [Float] {
        var resampler = Resampler(ResamplerTaps(from: rate))
        var output: [Float] = []
        for start in stride(from: 0, to: input.count, by: pieces) {
            resampler.process(Array(input[start..<min(start + pieces, input.count)]), into: &output)
        }
        resampler.finish(into: &output)
        return output
    }

    @Test("Follows the definition", arguments: rates)
    func followsTheDefinition(rate: Int) {
        let input = noise(max(3000, rate / 20), seed: 9).map { Float($0) }
        let output = resampled(input, rate: rate)
        #expect(output.count == (input.count * 22_050 + rate - 1) / rate)
        let exact = input.map { Double($0) }
        for j in Array(0..<40) + Array(stride(from: 40, to: output.count, by: 53)) + [output.count - 1] {
            #expect(abs(Double(output[j]) - plain(exact, rate: rate, output: j)) < 2e-6, "output \(j)")
        }
    }

    @Test("Computes outputs again to the last digits", arguments: rates)
    func recomputes(rate: Int) {
        let input = noise(8000, seed: 9).map { Float($0) }
        var resampler = Resampler(ResamplerTaps(from: rate))
        var output: [Float] = []
        resampler.process(input, into: &output)
        let made = output.count
        resampler.finish(into: &output)
        var again = [Double](repeating: .nan, count: 300)
        let first = max(0, made - 100)
        resampler.recompute(from: first, into: &again)
        let exact = input.map { Double($0) }
        for index in stride(from: 0, to: again.count, by: 7) {
            let j = first + index
            let expected = j < output.count ? plain(exact, rate: rate, output: j) : 0
            #expect(abs(again[index] - expected) < 2e-9, "output \(j)")
        }
    }

    @Test("Does not depend on the pieces in which the input comes", arguments: rates)
    func isIndependentOfPieces(rate: Int) {
        let input = noise(20_000, seed: 3).map { Float($0) }
        let whole = resampled(input, rate: rate, pieces: input.count)
        for pieces in [1, 7, 997, 8192, 8193] {
            #expect(resampled(input, rate: rate, pieces: pieces) == whole, "pieces of \(pieces)")
        }
    }

    @Test("Leaves an offset as it is", arguments: rates)
    func hasUnitGain(rate: Int) {
        let output = resampled(Array(repeating: 0.75, count: rate / 2), rate: rate)
        // The ends know of the silence around.
        for sample in output.dropFirst(400).dropLast(400) { #expect(abs(sample - 0.75) < 1e-6) }
    }

    // What is rounded there can show here.
    @Test("Knows how loud it is near some outputs", arguments: [4000, 16_000, 44_100, 48_000, 88_200])
    func knowsThePeak(rate: Int) {
        let middle = 4000
        var input = [Float](repeating: 0.25, count: 2 * middle)
        input[middle] = -2
        var resampler = Resampler(ResamplerTaps(from: rate))
        var output: [Float] = []
        resampler.process(input, into: &output)
        let loudest = middle * 22_050 / rate
        let (near, far) = (resampler.inputPeak(from: loudest - 20, count: 40), resampler.inputPeak(from: 0, count: 1))
        #expect(near == 2)
        #expect(far == 0.25)
    }

    @Test func passesItsOwnRateUnchanged() {
        let input = noise(1000, seed: 1).map { Float($0) }
        #expect(resampled(input, rate: 22_050) == input)
    }

    @Test func suppressesWhatCannotBeRepresented() {
        let tone = sine(15_000, count: 44_100, rate: 44_100).map { Float($0) }
        let rest = resampled(tone, rate: 44_100).dropFirst(200).dropLast(200).map { abs($0) }.max() ?? 1
        // Beyond the transition the stop band lies 80 dB down.
        #expect(rest < 1e-4)
    }
}

import Glibc
import TestSounds
import Testing

@testable import TimbreFeatures

struct SpectrumTests {
    /// The definition's D6 and D7 word for word, for one bin.
    private func plain(_ samples: [Double], bin: Int) -> Double {
        let window = (0..<1024).map { n in
            let rise = sin(.pi * (Double(n) + 0.5) / 1024)
            return sin(.pi / 2 * rise * rise)
        }
        var (real, imaginary) = (0.0, 0.0)
        for n in 0..<1024 {
            let angle = -2 * Double.pi * Double(bin * n % 1024) / 1024
            real += window[n] * samples[n] * cos(angle)
            imaginary += window[n] * samples[n] * sin(angle)
        }
        return 2 / window.reduce(0, +) * (real * real + imaginary * imaginary).squareRoot()
    }

    private static let sounds: [[Float]] = [
        noise(1024, seed: 1).map { Float($0) },
        sine(5000, count: 1024, rate: 22_050).map { Float($0) },
        sine(46 * Spectrum.binWidth, count: 1024, rate: 22_050).map { Float(0.9 + 1e-4 * $0) },
        (0..<1024).map { $0 == 300 ? 1 : 0 },
        (0..<1024).map { $0 % 2 == 0 ? 1 : -1 },
    ]

    @Test("Measures every bin to 10⁻⁷ of the peak, and exactly to a float's last digits", arguments: sounds.indices)
    func measures(index: Int) {
        let samples = Self.sounds[index]
        let exact = samples.map { Double($0) }
        var (quick, slow) = ([Float](), [Float]())
        do {
            var spectrum = Spectrum()
            let peak = spectrum.measure(samples, from: 0)
            #expect(peak == samples.map { abs($0) }.max())
            quick = spectrum.magnitudes
            spectrum.measureExactly(exact)
            slow = spectrum.magnitudes
        }
        for bin in 0...512 {
            let expected = plain(exact, bin: bin)
            // A magnitude's own rounding comes on top.
            #expect(abs(Double(quick[bin]) - expected) < 1e-7 + 3e-7 * expected, "bin \(bin)")
            #expect(abs(Double(slow[bin]) - expected) < 1e-14 + 1e-7 * expected, "bin \(bin), exactly")
        }
    }

    @Test func looksAtAsManyBinsAsAreWanted() {
        for used in [0, 1, 2, 9, 10, 447, 448, 512, 513] {
            var all = Spectrum()
            var some = Spectrum(usedBins: used)
            _ = all.measure(Self.sounds[0], from: 0)
            _ = some.measure(Self.sounds[0], from: 0)
            let (found, expected) = (some.magnitudes, all.magnitudes)
            #expect(found.prefix(used).elementsEqual(expected.prefix(used)))
            #expect(found.dropFirst(used).allSatisfy { $0 == 0 })
        }
    }
}

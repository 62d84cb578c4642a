import TestSounds
import Testing

@testable import TimbreFeatures

struct FrameStreamTests {
    private func frames(of samples: [Float], pieces: Int, skipsSilence: Bool = false, delay: Int = 0) -> [FrameFeatures]
    {
        var stream = FrameStream()
        stream.skipsSilence = skipsSilence
        stream.delay = delay
        var frames: [FrameFeatures] = []
        for start in stride(from: 0, to: samples.count, by: pieces) {
            let piece = Array(samples[start..<min(start + pieces, samples.count)])
            stream.take(piece, from: ExactSource()) { frames.append(copy $0) }
        }
        stream.finish(from: ExactSource()) { frames.append(copy $0) }
        return frames
    }

    // The definition's D4: none for nothing, else 1 + max(0, ceil((N - 1024) / 512)).
    @Test(
        "Covers every sample, and pads no frame wholly",
        arguments: [
            (0, 0), (1, 1), (1023, 1), (1024, 1), (1025, 2), (1536, 2), (1537, 3), (2048, 3), (22_050, 43),
            (31_232, 60),
        ])
    func counts(samples: Int, count: Int) {
        #expect(FrameStream.frameCount(of: samples) == count)
        #expect(frames(of: Array(repeating: 0.5, count: samples), pieces: 700).count == count)
    }

    @Test func doesNotDependOnThePieces() {
        let samples = noise(9000, seed: 4).map { Float($0) }
        let whole = frames(of: samples, pieces: samples.count)
        for pieces in [1, 511, 512, 513, 1024, 5000] {
            #expect(frames(of: samples, pieces: pieces) == whole, "pieces of \(pieces)")
        }
    }

    @Test("Silence in front can be left out", arguments: [0, 1, 300, 512, 4410, 9000])
    func skips(silence: Int) {
        let samples = noise(5000, seed: 5).map { Float($0) / 2 }.drop { abs($0) < 1e-4 }
        let hushed = (0..<silence).map { Float($0 % 2) * Float(1e-4).nextDown }
        let whole = frames(of: Array(samples), pieces: 5000)
        for pieces in [100, 1024, 20_000] {
            #expect(frames(of: hushed + samples, pieces: pieces, skipsSilence: true) == whole)
        }
        #expect((frames(of: hushed + samples, pieces: 5000) == whole) == (silence == 0))
        #expect(frames(of: hushed, pieces: 700, skipsSilence: true).isEmpty)
    }

    @Test("A delay is silence in front", arguments: [0, 1, 100, 767, 768, 769, 9000])
    func delays(count: Int) {
        let samples = noise(count, seed: 5).map { Float($0) / 2 }
        let late = count == 0 ? [] : Array(repeating: 0, count: 256) + samples
        let whole = frames(of: late, pieces: 20_000)
        for pieces in [100, 1024, 20_000] {
            #expect(frames(of: samples, pieces: pieces, delay: 256) == whole)
        }
        #expect(count == 0 || frames(of: samples, pieces: 1024) != whole)
    }

    /// Samples whose rounding matters everywhere, so that every frame is computed again.
    private struct LoudSource: FrameSource {
        var samples: [Float]
        var inputPeak: Float { 1e6 }

        func inputPeak(from first: Int, count: Int) -> Float {
            #expect(first >= 0 && count > 0)
            return 1e6
        }

        func recompute(from first: Int, into samples: inout [Double]) {
            #expect(first >= 0)
            for index in samples.indices {
                samples[index] = first + index < self.samples.count ? Double(self.samples[first + index]) : 0
            }
        }
    }

    @Test func aDelayedFrameIsComputedAgainWhereItIs() {
        let faint = noise(2000, seed: 7).map { Float($0) * 1e-3 }
        func frames(_ samples: [Float], delay: Int) -> [FrameFeatures] {
            var stream = FrameStream()
            stream.delay = delay
            var frames: [FrameFeatures] = []
            let source = LoudSource(samples: samples)
            stream.take(samples, from: source) { frames.append(copy $0) }
            stream.finish(from: source) { frames.append(copy $0) }
            return frames
        }
        #expect(frames(faint, delay: 256) == frames(Array(repeating: 0, count: 256) + faint, delay: 0))
    }

    @Test func isSilentBelowTheThresholdOnly() {
        func isSilent(_ peak: Float) -> [Bool] {
            frames(of: Array(repeating: peak, count: 1024), pieces: 1024).map(\.isSilent)
        }
        #expect(isSilent(0) == [true])
        #expect(isSilent(Float(1e-4).nextDown) == [true])
        #expect(isSilent(-1e-4) == [false])
    }

    @Test func gainDoesNotChangeTheDirection() {
        let samples = noise(4096, seed: 5).map { Float($0) }
        let loud = frames(of: samples, pieces: 4096)
        let soft = frames(of: samples.map { $0 / 64 }, pieces: 4096)
        for (a, b) in zip(loud, soft) {
            for (x, y) in zip(a.unit, b.unit) { #expect(abs(x - y) < 1e-9) }
        }
    }

    @Test func aFullScaleSineReadsOne() {
        // Bin 46 is at 990.5 Hz.
        let samples = sine(46 * Spectrum.binWidth, count: 1024, rate: 22_050).map { Float($0) }
        var spectrum = Spectrum()
        #expect(spectrum.measure(samples, from: 0) > 0.99)
        #expect(abs(spectrum.magnitudes[46] - 1) < 1e-3)
    }

    // An offset that is 120 dB above all else leaves in the bands what single precision cannot tell from its own noise.
    @Test("Finds what is faint beside an offset", arguments: [1e-5, 1e-6, 1e-7])
    func findsWhatIsFaint(level: Double) {
        let faint = zip(sine(440, count: 1024, rate: 22_050), noise(1024, seed: 2)).map { level * ($0 + 0.1 * $1) }
        let samples = faint.map { Float(0.9 + $0) }
        var analyzer = FrameAnalyzer()
        analyzer.analyze(samples)
        let coarse = analyzer.features.cepstrum.map { Double($0) }
        let isCoarse = analyzer.isCoarse(roundedFrom: 0)
        if level == 1e-5 {
            #expect(isCoarse)
            // Without that it would not do: the reference's tolerance is 5e-2, of which the resampler needs its part.
            #expect(frames(of: samples, pieces: 1024)[0].cepstrum.elementsEqual(coarse.map { Float($0) }) == false)
        }
        analyzer.refine(samples.map { Double($0) })
        let exact = analyzer.features.cepstrum.map { Double($0) }
        for (found, expected) in zip(frames(of: samples, pieces: 1024)[0].cepstrum, exact) {
            #expect(abs(Double(found) - expected) < 1e-2)
        }
    }

    @Test("Measures very faint and enormous samples alike", arguments: [-100, -20, 0, 30, 60, 120])
    func measuresAllSizes(exponent: Int) {
        let samples = noise(1024, seed: 8).map { Float($0) }
        let scaled = samples.map { $0 * Float(sign: .plus, exponent: exponent, significand: 1) }
        let (plain, other) = (frames(of: samples, pieces: 1024)[0], frames(of: scaled, pieces: 1024)[0])
        for (a, b) in zip(plain.levels, other.levels) { #expect(abs(a - b) < 1e-5) }
    }

    @Test func survivesEnormousSamples() {
        for frame in frames(of: noise(3000, seed: 6).map { Float($0) * 3e38 }, pieces: 3000) {
            #expect(frame.norm.isFinite && frame.norm > 0)
            #expect(frame.unit.allSatisfy { abs($0) <= 1 })
        }
    }
}

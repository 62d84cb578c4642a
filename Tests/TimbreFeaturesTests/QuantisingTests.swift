import Glibc
import SoundFeatures
import TestSounds
import Testing

@testable import TimbreFeatures

struct QuantisingTests {
    private func analysed(_ samples: [Double]) -> FrameFeatures {
        var analyzer = FrameAnalyzer()
        analyzer.analyze(samples.map { Float($0) })
        return analyzer.features
    }

    private func float(_ bytes: ArraySlice<UInt8>) -> Float {
        Float(bitPattern: bytes.reversed().reduce(0) { $0 << 8 | UInt32($1) })
    }

    @Test("Keeps a frame to within half a step", arguments: 1...20)
    func isExactToHalfAStep(seed: UInt32) {
        let decay = sampled(1024, rate: 22_050) { exp(-100 * $0) }
        let features = analysed(zip(noise(1024, seed: seed), decay).map { $0 * $1 })
        var frames = FeatureFrames()
        frames.append(features)
        #expect(frames.count == 1)
        for index in 0..<13 {
            let low = UInt16(frames.cepstra[2 * index])
            let stored = Int16(bitPattern: low | UInt16(frames.cepstra[2 * index + 1]) << 8)
            #expect(abs(Double(stored) / 32_767 - features.unit[index]) <= 0.5 / 32_767 + 1e-12)
        }
        #expect(float(frames.cepstra[26..<30]) == Float(features.norm))
        let peak = features.bands.max() ?? 0
        #expect(float(frames.bands[0..<4]) == peak)
        for (band, level) in zip(features.bands, frames.bands[4...]) {
            let decibels = max(-80, 20 * log10(Double(band) / Double(peak)))
            #expect(abs((Double(level) / 255 - 1) * 80 - decibels) <= 0.5 * 80 / 255 + 1e-4)
        }
        #expect(frames.bands[4...].max() == 255)
    }

    @Test func aSilentFrameIsAllZeros() {
        var frames = FeatureFrames()
        frames.append(analysed(noise(1024, seed: 1).map { 0.9e-4 * $0 }))
        #expect(frames.cepstra == Array(repeating: 0, count: FeatureFrames.cepstrumStride))
        frames.append(analysed(Array(repeating: 0, count: 1024)))
        #expect(frames.bands.suffix(FeatureFrames.bandStride).allSatisfy { $0 == 0 })
        #expect(frames.count == 2)
    }
}

import Glibc
import SoundFeatures
import TestBands
import Testing
import TimbreDescriptors

struct BandMixtureTests {
    private static let stride = FeatureFrames.bandStride

    /// Frames of one level in one band, nothing in the others; the loudest is a full-scale sine.
    private func sine(_ band: Int, decibels: [Float]) -> [UInt8] {
        MadeUpBands.stored(decibels.map { level in (0..<100).map { $0 == band ? level : -200 } })
    }

    /// The levels that bands stand for, in decibels, shape `[frames][100]`; -200 where there is nothing.
    private func levels(_ bands: [UInt8]) -> [[Float]] {
        Swift.stride(from: 0, to: bands.count, by: Self.stride).map { start in
            let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bands[start + $1]) << UInt32(8 * $1) }
            let peak = 20 * log10(max(Float(bitPattern: bits), 1e-30))
            return bands[start + 4..<start + Self.stride].map {
                $0 == 0 ? -200 : peak + (Float($0) - 255) * 80 / 255
            }
        }
    }

    @Test("The levels of a sound alone are its own", arguments: [1, 2, 3] as [UInt64])
    func alone(seed: UInt64) {
        var bands = MadeUpBands(seed: seed)
        var made = bands.hiss(40)
        MadeUpBands.mix(bands.burst(20, from: 30, level: -3), into: &made, at: 9)
        let sound = MadeUpBands.stored(made)
        let mixture = BandMixture.bands(of: [sound])
        #expect(mixture.count == sound.count)
        for start in Swift.stride(from: 0, to: sound.count, by: Self.stride) {
            #expect(mixture[start + 4..<start + Self.stride] == sound[start + 4..<start + Self.stride])
        }
    }

    @Test func energiesAddUpAndAttacksCoincide() {
        // Silence before the first, and a quieter recording of the second.
        let a = sine(20, decibels: [-200, -200, 0, -6])
        let b = sine(20, decibels: [-40, -46, -52])
        let both = levels(BandMixture.bands(of: [a, b]))
        #expect(both.count == 5)
        #expect(both[0][20] == -200 && both[1][20] == -200)
        for (frame, level) in [(2, 3.01), (3, -2.99), (4, -12)] as [(Int, Float)] {
            #expect(abs(both[frame][20] - level) < 0.05, "\(frame)")
        }
        let apart = levels(BandMixture.bands(of: [a, sine(60, decibels: [-40, -46, -52])]))
        #expect(abs(apart[2][20]) < 0.2 && abs(apart[2][60]) < 0.2 && apart[2][40] == -200)
    }

    @Test func theOrderMakesNoDifferenceAndSilenceHasNoPart() {
        let sounds = [sine(3, decibels: [-9, -12]), sine(70, decibels: [-200, -30, -33]), sine(70, decibels: [-1])]
        let mixture = BandMixture.bands(of: sounds)
        #expect(BandMixture.bands(of: sounds.reversed()) == mixture)
        #expect(BandMixture.bands(of: sounds + [sine(5, decibels: [-200, -200]), []]) == mixture)
        #expect(BandMixture.bands(of: []) == [] && BandMixture.bands(of: [[]]) == [])
    }

    @Test func anyBytesAreMixed() {
        var frame = [UInt8](repeating: 255, count: Self.stride)
        for peak in [0x7F80_0000, 0x7FC0_0000, 0xFF7F_FFFF, 0x7F7F_FFFF, 0x0000_0001] as [UInt32] {
            for byte in 0..<4 { frame[byte] = UInt8(truncatingIfNeeded: peak >> UInt32(8 * byte)) }
            let mixture = BandMixture.bands(of: [frame, sine(9, decibels: [-3])])
            #expect(mixture.count == Self.stride)
            #expect(levels(mixture)[0].allSatisfy { $0.isFinite && $0 < 10 })
        }
    }
}

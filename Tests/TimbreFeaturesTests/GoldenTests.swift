import AudioDecoding
import Foundation
import SoundFeatures
import SystemPackage
import TestSounds
import Testing

@testable import TimbreFeatures

extension MonoSound: FrameSource {}

/// Holds the whole chain against the reference implementation, the executable definition of the timbre code.
///
/// `Golden` has what it makes of each sound, as little-endian 32-bit floats: `bfcc`, 13 coefficients of every frame;
/// `bark`, 100 bands of every eighth; `resampled`, every 61st sample at 22 050 Hz. The tolerances are the reference's.
struct GoldenTests {
    private func golden(_ sound: GoldenSound, _ stage: String) throws -> [Float] {
        let file = try #require(
            Bundle.module.url(forResource: "\(sound.name).\(stage)", withExtension: "f32", subdirectory: "Golden"))
        let data = [UInt8](try Data(contentsOf: file))
        return stride(from: 0, to: data.count, by: 4).map { at in
            Float(bitPattern: (0..<4).reduce(0) { $0 | UInt32(data[at + $1]) << (8 * $1) })
        }
    }

    @Test("Agrees with the reference", arguments: GoldenSound.all)
    func agrees(sound: GoldenSound) throws {
        let file = try TemporaryFile(sound.wave.bytes)
        var mono = try MonoSound(file.descriptor, longest: .infinity)
        var stream = FrameStream()
        var (samples, block, frames) = ([Float](), [Float](), [FrameFeatures]())
        while try mono.read(into: &block) {
            samples += block
            stream.take(block, from: mono) { frames.append(copy $0) }
        }
        stream.finish(from: mono) { frames.append(copy $0) }

        #expect(samples.count == sound.sampleCount)
        #expect(frames.count == sound.frameCount)
        #expect(frames.indices.filter { frames[$0].isSilent } == sound.silent)

        for (index, expected) in try golden(sound, "resampled").enumerated() {
            #expect(abs(samples[61 * index] - expected) < 2e-6, "sample \(61 * index)")
        }
        let bands = try golden(sound, "bark")
        for index in stride(from: 0, to: frames.count, by: 8) {
            let expected = bands[(index / 8 * 100)...].prefix(100).map { Double($0) }
            let top = try #require(expected.max())
            #expect(largestDifference(frames[index].bands.map { Double($0) }, expected) <= 2e-4 * top, "frame \(index)")
        }
        let coefficients = try golden(sound, "bfcc")
        for (index, frame) in frames.enumerated() {
            let expected = coefficients[(index * 13)...].prefix(13).map { Double($0) }
            #expect(largestDifference(frame.cepstrum.map { Double($0) }, expected) < 5e-2, "frame \(index)")
            let norm = expected.reduce(0) { $0 + $1 * $1 }.squareRoot()
            let unit = expected.map { norm == 0 ? 0 : $0 / norm }
            #expect(largestDifference(frame.unit, unit) < 1e-4, "frame \(index)")
            #expect(abs(frame.norm - norm) < 5e-2)
        }
    }

    private func largestDifference(_ a: [Double], _ b: [Double]) -> Double {
        #expect(a.count == b.count)
        return zip(a, b).reduce(0) { max($0, abs($1.0 - $1.1)) }
    }
}

import SoundFeatures
import SystemPackage
import TestSounds
import Testing

@testable import AudioDecoding

struct MonoSoundTests {
    private func read(_ bytes: [UInt8], longest: Double = .infinity) throws -> (samples: [Float], info: SoundInfo) {
        let file = try TemporaryFile(bytes)
        var sound = try MonoSound(file.descriptor, longest: longest)
        var (samples, block) = ([Float](), [Float]())
        while try sound.read(into: &block) { samples += block }
        return (samples, sound.info)
    }

    private func failure(of bytes: [UInt8], longest: Double = .infinity) throws -> ExtractionFailure? {
        do {
            _ = try read(bytes, longest: longest)
            return nil
        } catch let failure as ExtractionFailure { return failure }
    }

    @Test func tellsWhatItFound() throws {
        let (samples, info) = try read(WaveFile(noise(44_100, seed: 1), rate: 44_100, channels: 2).bytes)
        #expect(samples.count == 11_025)
        #expect(
            info
                == SoundInfo(
                    sampleRate: 44_100, channelCount: 2, frameCount: 22_050, sampleCount: 11_025,
                    format: "WAV, 16 bit PCM", isIncomplete: false))
    }

    @Test("Takes the mean of any number of channels", arguments: [1, 2, 3, 6, 255])
    func takesTheMean(channels: Int) throws {
        let all = (0..<channels).map { noise(2000, seed: UInt32($0)) }
        let (samples, _) = try read(
            WaveFile(interleaved(all), rate: 22_050, channels: channels, encoding: .float).bytes)
        for frame in 0..<2000 {
            let mean = all.reduce(0) { $0 + $1[frame] } / Double(channels)
            #expect(abs(Double(samples[frame]) - mean) < 1e-6)
        }
    }

    @Test func takesTheStrongestOfChannelsThatCancel() throws {
        let faint = noise(30_000, seed: 1).map { 0.25 * $0 }
        let sound = interleaved([faint, faint.map { -2 * $0 }, faint])
        let (samples, _) = try read(WaveFile(sound, rate: 22_050, channels: 3, encoding: .float).bytes)
        #expect(samples == faint.map { Float(-2 * $0) })
    }

    @Test func takesTheFirstOfChannelsThatCancelEvenly() throws {
        let left = noise(30_000, seed: 1)
        let sound = interleaved([left, left.map { -$0 }])
        let (samples, _) = try read(WaveFile(sound, rate: 22_050, channels: 2, encoding: .float).bytes)
        #expect(samples == left.map { Float($0) })
    }

    @Test func keepsTheMeanWhereChannelsCancelForAWhileOnly() throws {
        let left = noise(30_000, seed: 1)
        let right = left.indices.map { $0 < 29_000 ? -left[$0] : left[$0] }
        let (samples, _) = try read(
            WaveFile(interleaved([left, right]), rate: 22_050, channels: 2, encoding: .float).bytes)
        #expect(samples[..<29_000].allSatisfy { $0 == 0 })
        #expect(samples[29_000...].elementsEqual(left[29_000...].map { Float($0) }))
    }

    @Test func hearsNoNumbersAsSilence() throws {
        var sound = noise(3000, seed: 2)
        sound.replaceSubrange(10..<13, with: [.nan, .infinity, -.infinity])
        let (samples, _) = try read(WaveFile(sound, rate: 22_050, encoding: .float).bytes)
        #expect(samples[10..<13].elementsEqual([0, 0, 0]))
        #expect(samples[13] == Float(sound[13]))
    }

    @Test func refusesASoundWithoutNumbers() throws {
        let nothing = WaveFile(Array(repeating: .nan, count: 5000), rate: 44_100, encoding: .float)
        #expect(try failure(of: nothing.bytes)?.reason == .empty)
    }

    @Test func refusesASoundWithoutSamples() throws {
        #expect(try failure(of: WaveFile([], rate: 44_100).bytes)?.reason == .empty)
        #expect(try failure(of: [])?.reason == .empty)
    }

    @Test func acceptsSilence() throws {
        let (samples, _) = try read(WaveFile(Array(repeating: 0, count: 3000), rate: 22_050, channels: 2).bytes)
        #expect(samples == Array(repeating: 0, count: 1500))
    }

    @Test("Refuses rates out of reach", arguments: [1, 3999, 384_001, 10_000_000])
    func refusesRates(rate: Int) throws {
        let failure = try failure(of: WaveFile(noise(100, seed: 1), rate: rate).bytes)
        #expect(failure?.reason == .outOfLimits)
        #expect(failure?.detail.contains("\(rate) Hz") == true)
    }

    @Test("Accepts rates at the limits", arguments: [4000, 384_000])
    func acceptsRates(rate: Int) throws {
        #expect(try read(WaveFile(noise(100, seed: 1), rate: rate).bytes).info.sampleRate == rate)
    }

    @Test func refusesALongSoundByItsHeader() throws {
        let sound = WaveFile(noise(22_050, seed: 1), rate: 22_050).bytes
        #expect(try failure(of: sound, longest: 0.9)?.reason == .outOfLimits)
        #expect(try failure(of: sound, longest: 1) == nil)
    }

    @Test func refusesWhatIsNotAudio() throws {
        #expect(
            try failure(of: Array("Four score and seven years ago our fathers brought".utf8))?.reason == .unknownFormat)
    }

    @Test func refusesAHeaderThatContradictsItself() throws {
        let sound = WaveFile(noise(100, seed: 1), rate: 44_100).bytes
        #expect(try failure(of: Array(sound.prefix(30)))?.reason == .damaged)
    }

    @Test func seesThatTheEndIsMissing() throws {
        let sound = WaveFile(noise(5000, seed: 1), rate: 22_050).bytes
        let (samples, info) = try read(Array(sound.prefix(4044)))
        #expect(samples.count == 2000)
        #expect(info.isIncomplete)
    }

    // What writers put who cannot go back: ffmpeg, SoX, arecord.
    @Test("Takes an unknown length for what it is", arguments: [UInt32.max, 0x7fff_f000, 0x8000_0000])
    func acceptsUnknownLengths(size: UInt32) throws {
        let (samples, info) = try read(WaveFile(noise(5000, seed: 1), rate: 22_050, promised: size).bytes)
        #expect(samples.count == 5000)
        #expect(!info.isIncomplete)
    }

    @Test func refusesADirectory() throws {
        let folder = try FileDescriptor.open(FilePath("/"), .readOnly)
        defer { #expect(throws: Never.self) { try folder.close() } }
        #expect { _ = try MonoSound(folder, longest: .infinity).info } throws: {
            ($0 as? ExtractionFailure)?.reason == .unknownFormat
        }
    }

    @Test func leavesTheOffsetOfTheDescriptorAlone() throws {
        let file = try TemporaryFile(WaveFile(noise(5000, seed: 1), rate: 44_100).bytes)
        try file.descriptor.seek(offset: 17, from: .start)
        var sound = try MonoSound(file.descriptor, longest: .infinity)
        var block: [Float] = []
        while try sound.read(into: &block) {}
        #expect(try file.descriptor.seek(offset: 0, from: .current) == 17)
    }
}

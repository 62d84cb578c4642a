import SoundFeatures
import TestSounds
import Testing

@testable import AudioDecoding

/// Streams that follow each other, lie beside each other, or in a wrapper.
struct ChainTests {
    static let sound = noise(44_100, seed: 4).map { $0 * 0.3 }

    @Test("Hears every link of a chain", arguments: [Format.vorbis, Format.opus, Format.flac])
    func hearsAll(format: Int) throws {
        let file = try encoded(Self.sound, rate: format == Format.opus ? 48_000 : 44_100, format: format)
        let one = try Heard(file)
        // The second has the first one's serial number, where there are any.
        let two = try Heard(file + file)
        #expect(two.info.frameCount == 2 * one.info.frameCount)
        #expect(!two.info.isIncomplete)
        #expect(two.samples.prefix(1000).elementsEqual(one.samples.prefix(1000)))
        let three = try Heard(file + Container.text("TAG") + [UInt8](repeating: 0, count: 125) + file + file)
        #expect(three.info.frameCount == 3 * one.info.frameCount)
    }

    @Test("Hears links of other rates and channels", arguments: [Format.vorbis, Format.flac])
    func hearsOtherRates(format: Int) throws {
        let first = try encoded(Self.sound, format: format)
        let second = try encoded(noise(44_100, seed: 5), rate: 22_050, channels: 2, format: format)
        let heard = try Heard(first + second)
        #expect(heard.info.frameCount == 88_200)
        #expect(abs(heard.samples.count - 44_100) <= 2)
        #expect(heard.info.sampleRate == 44_100)
        #expect(heard.info.channelCount == 1)
    }

    @Test func saysThatALinkIsLost() throws {
        let file = try encoded(Self.sound, format: Format.vorbis)
        let heard = try Heard(file + file.prefix(100))
        #expect(heard.info.frameCount == 44_100)
        #expect(heard.info.isIncomplete)
        #expect(heard.info.note?.contains("cannot be decoded") == true)
    }

    /// The pages of a file, one by one.
    private func pages(_ file: [UInt8]) throws -> [[UInt8]] {
        try withView(file) { view in
            var pages: [[UInt8]] = []
            while let page = OggPage(view, at: pages.reduce(0) { $0 + Int64($1.count) }) {
                pages.append(Array(file[Int(page.start)..<Int(page.end)]))
            }
            return pages
        }
    }

    @Test func hearsASoundBesideAFilm() throws {
        let file = try encoded(Self.sound, format: Format.vorbis)
        let theora: [UInt8] = [0x80] + Container.text("theora")
        let film = Container.page(theora, serial: 7, flags: 2)
        let skeleton = Container.page(Container.text("fishead\0"), serial: 8, flags: 2)
        let picture = Container.page([UInt8](repeating: 1, count: 700), serial: 7, flags: 0)
        let heard = try Heard(skeleton + film + (try pages(file)).flatMap { $0 + picture })
        #expect(heard.samples == (try Heard(file).samples))
    }

    @Test func hearsTheFirstOfSoundsBesideEachOther() throws {
        let file = try encoded(Self.sound, format: Format.vorbis)
        let other = try pages(try encoded(noise(30_000, seed: 9), rate: 22_050, format: Format.vorbis))
        let first = try pages(file)
        try #require(first[0][14..<18] != other[0][14..<18])
        let both = first[0] + other[0] + (first.dropFirst() + other.dropFirst()).flatMap { $0 }
        #expect(try Heard(both).samples == (try Heard(file).samples))
    }

    @Test func hearsFLACInOgg() throws {
        let file = try encoded(Self.sound, format: Format.flac)
        let first = Array(file[4..<42])
        let frames = Array(file[42...])
        let mapping: [UInt8] = [0x7f] + Container.text("FLAC") + [1, 0, 0, 1]
        let head = Container.page(mapping + Container.text("fLaC") + first, serial: 5, flags: 2)
        let body = stride(from: 0, to: frames.count, by: 3000).flatMap {
            Container.page(Array(frames[$0..<min($0 + 3000, frames.count)]), serial: 5, flags: 0)
        }
        #expect(try Heard(head + body).samples == (try Heard(file).samples))
    }

    @Test("Hears Ogg in a wave file, whatever its number", arguments: [0x674f, 0x6750, 0x6751, 0x676f, 0x6770, 0x6771])
    func hearsOggInWave(tag: UInt16) throws {
        let file = try encoded(Self.sound, format: Format.vorbis)
        #expect(try Heard(Container.wave(file, tag: tag)).samples == (try Heard(file).samples))
    }

    @Test("Hears as many samples as FLAC's frames have", arguments: [0, 1000, 44_100])
    func countsFLAC(claimed: UInt32) throws {
        var file = try encoded(Self.sound, format: Format.flac)
        file.replaceSubrange(22..<26, with: claimed.bigEndianBytes)
        let heard = try Heard(file)
        #expect(heard.info.frameCount == 44_100)
        #expect((heard.info.note != nil) == (claimed == 1000))
        #expect(!heard.info.isIncomplete)
    }

    @Test func aFLACThatClaimsMoreIsIncomplete() throws {
        var file = try encoded(Self.sound, format: Format.flac)
        file.replaceSubrange(22..<26, with: (90_000 as UInt32).bigEndianBytes)
        #expect(try Heard(file).info.isIncomplete)
        #expect(try failure(of: file, longest: 1.5) == nil)
    }

    @Test func namesDecideWhereNothingElseDoes() throws {
        let voice = noise(8000, seed: 6).map { $0 * 0.2 }
        let vox = try encoded(voice, rate: 8000, format: Format.vox)
        #expect(try Heard(vox, suffix: "vox").info.frameCount == 8000)
        #expect(try failure(of: vox)?.reason == .unknownFormat)
        let gsm = try encoded(voice, rate: 8000, format: Format.gsm)
        let heard = try Heard(gsm, suffix: "gsm")
        #expect(heard.info.frameCount == 8000)
        #expect(heard.info.format == "GSM 6.10, by its name")
        #expect(try failure(of: Array(repeating: 1, count: 3300), suffix: "gsm")?.reason == .unknownFormat)
        // A name that says what the bytes do not.
        #expect(try Heard(Container.wave(LyingHeaderTests.little), suffix: "vox").samples == LyingHeaderTests.samples)
    }
}

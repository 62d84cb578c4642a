import SoundFeatures
import TestSounds
import Testing

@testable import AudioDecoding

struct MPEGTests {
    struct Header {
        var bits: UInt32
        var rate: Int
        var samples: Int
        var length: Int?
    }

    // ISO/IEC 11172-3 and 13818-3, worked out by hand.
    static let headers = [
        Header(bits: 0xfffb_9064, rate: 44_100, samples: 1152, length: 417),
        Header(bits: 0xfffb_9264, rate: 44_100, samples: 1152, length: 418),
        Header(bits: 0xfffb_e464, rate: 48_000, samples: 1152, length: 960),
        Header(bits: 0xfffd_8404, rate: 48_000, samples: 1152, length: 384),
        Header(bits: 0xffff_c400, rate: 48_000, samples: 384, length: 384),
        Header(bits: 0xfff3_8064, rate: 22_050, samples: 576, length: 208),
        Header(bits: 0xffe3_8864, rate: 8000, samples: 576, length: 576),
        Header(bits: 0xfffb_0064, rate: 44_100, samples: 1152, length: nil),
    ]

    @Test("Reads what a header says", arguments: headers)
    func reads(header: Header) throws {
        let found = try #require(MPEGHeader(header.bits))
        #expect(found.sampleRate == header.rate)
        #expect(found.sampleCount == header.samples)
        #expect(found.length == header.length)
    }

    @Test(
        "Takes nothing else for a header", arguments: [0xffdb_9064, 0xffeb_9064, 0xfff9_9064, 0xfffb_f064, 0xfffb_9c64])
    func refuses(bits: UInt32) { #expect(MPEGHeader(bits) == nil) }

    /// A second of near silence and three of noise, whose bit rates differ.
    static let sound = noise(44_100, seed: 1).map { $0 * 1e-4 } + noise(132_300, seed: 2).map { $0 * 0.3 }

    private func file(isVariable: Bool = true) throws -> [UInt8] {
        try encoded(Self.sound, format: Format.mp3, isVariable: isVariable)
    }

    /// Where the encoder wrote how many frames follow, and the length of the frame in which it did.
    private func tag(_ file: [UInt8]) throws -> (count: Int, length: Int) {
        let tag = try withView(file) { view in
            MPEGHeader(file).flatMap { MPEGTag(in: view.bytes(from: 0, most: 200), $0) }
        }
        return (try #require(tag?.countPlace), try #require(tag?.length))
    }

    private func seconds(_ bytes: [UInt8], suffix: String = "") throws -> Double {
        try Heard(bytes, suffix: suffix).info.duration
    }

    @Test func hearsAllOfAChangingRateThatNobodyCounted() throws {
        let file = try file()
        let bare = Array(file.dropFirst(try tag(file).length))
        #expect(abs(try seconds(bare) - 4) < 0.1)
        // Nor is it refused by a guess.
        #expect(try failure(of: bare, longest: 4.2) == nil)
        #expect(try failure(of: bare, longest: 3)?.reason == .outOfLimits)
    }

    @Test("Counts for itself", arguments: [0.2, 0.9, 1.3, 50])
    func countsForItself(factor: Double) throws {
        var file = try file()
        let place = try tag(file).count
        let count = Double(file[place..<place + 4].bigEndianNumber)
        file.replaceSubrange(place..<place + 4, with: UInt32(count * factor).bigEndianBytes)
        let heard = try Heard(file)
        #expect(abs(heard.info.duration - 4) < 0.05)
        #expect(heard.info.note?.contains("header claims") == true)
    }

    @Test func hearsFilesThatWereJoined() throws {
        let file = try file(isVariable: false)
        let one = try Heard(file)
        #expect(one.info.note == nil)
        let tag = Container.text("TAG") + [UInt8](repeating: 0, count: 125)
        let two = try Heard(file + tag + Container.id3(90) + file)
        #expect(two.samples == one.samples + one.samples || two.info.frameCount == 2 * one.info.frameCount)
    }

    @Test func hearsRatesAndChannelsThatChange() throws {
        let first = try encoded(Self.sound, format: Format.mp3)
        let second = try encoded(noise(44_100, seed: 3), rate: 22_050, channels: 2, format: Format.mp3)
        let heard = try Heard(first + second)
        #expect(abs(heard.info.duration - 5) < 0.1)
        #expect(heard.info.sampleRate == 44_100)
        #expect(abs(heard.samples.count - 5 * 22_050) < 2205)
    }

    @Test("Finds a stream that begins later", arguments: [1, 4096, 100_003])
    func beginsLater(count: Int) throws {
        let file = try file()
        let expected = try Heard(file).samples
        for front in [
            [UInt8](repeating: 0, count: count), noise(count, seed: 8).map { UInt8(clamping: Int($0 * 100 + 100)) },
        ] {
            let heard = try Heard(front + file, suffix: "mp3")
            #expect(heard.samples == expected)
            #expect(heard.info.note?.contains("begins after") == true)
        }
    }

    @Test func hearsAllBehindATagThatIsFollowedByMore() throws {
        let bare = Array(try file().dropFirst(try tag(try file()).length))
        let zeros = [UInt8](repeating: 0, count: 500)
        #expect(abs(try seconds(Container.id3(50) + zeros + bare) - 4) < 0.1)
    }

    @Test func hearsWhatFollowsJunk() throws {
        let file = try file(isVariable: false)
        let whole = try seconds(file)
        let middle = try withView(file) {
            try #require(MPEGSearch.firstFrame(in: $0, from: 20_000, before: .max, inRow: 2))
        }
        let spoilt = Array(file[..<Int(middle)]) + [UInt8](repeating: 0xff, count: 5000) + file[Int(middle)...]
        #expect(abs(try seconds(spoilt) - whole) < 0.1)
    }

    @Test func findsNothingInNoise() throws {
        let junk = noise(200_000, seed: 21).map { UInt8(clamping: Int($0 * 128 + 128)) }
        #expect(try failure(of: junk)?.reason == .unknownFormat)
    }

    @Test func isHeardInAWave() throws {
        let file = try file()
        #expect(try Heard(Container.wave(file, tag: 0x55)).samples == (try Heard(file).samples))
    }
}

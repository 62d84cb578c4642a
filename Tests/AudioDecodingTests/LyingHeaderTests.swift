import SoundFeatures
import SystemPackage
import TestSounds
import Testing

@testable import AudioDecoding

/// Headers that claim another size than the file holds, and chunks that do not stand as they should.
struct LyingHeaderTests {
    struct File: CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        /// What is said of the header, or a part of it.
        var note: String?

        init(_ name: String, _ bytes: [UInt8], _ note: String? = nil) {
            (testDescription, self.bytes, self.note) = (name, bytes, note)
        }
    }

    static let samples = noise(20_000, seed: 5).map { Float(Int($0 * 20_000)) / 32_768 }
    static let little = samples.flatMap { Int16($0 * 32_768).littleEndianBytes }
    static let big = samples.flatMap { Int16($0 * 32_768).bigEndianBytes }

    /// Wave64's texts: none.
    static let summary: [UInt8] =
        [0xbc, 0x94, 0x5f, 0x92, 0x5a, 0x52, 0xd2, 0x11, 0x86, 0xdc, 0, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a]
        + (28 as UInt64).littleEndianBytes + [0, 0, 0, 0, 1, 1, 1, 1]
    static let list: [UInt8] =
        Container.text("list") + [0x2f, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 4, 0xc1, 0, 0]
        + (32 as UInt64).littleEndianBytes + Container.text("INFOIART")

    static let none = "header claims 0 bytes of sound, the file holds 40,000"
    static let some = "header claims 1,000 bytes of sound, the file holds 40,000"

    static let files = [
        File("WAV of no size", Container.wave(little, size: 0, whole: 0), none),
        File("WAV whose sound has no size", Container.wave(little, size: 0), none),
        File("WAV whose size has wrapped", Container.wave(little, size: 1000, whole: 1036), some),
        File("RIFX of no size", Container.rifx(big, size: 0), none),
        File("RIFX whose size has wrapped", Container.rifx(big, size: 1000), some),
        File("RF64 of no size", Container.longWave(little, name: "RF64", size: 0), none),
        File("BW64", Container.longWave(little, name: "BW64", size: 40_000)),
        File("BW64 whose size has wrapped", Container.longWave(little, name: "BW64", size: 1000), some),
        File("Wave64 of no size", Container.wave64(little, size: 0), none),
        File("Wave64 whose size has wrapped", Container.wave64(little, size: 1024), some),
        File("Wave64 with chunks behind", Container.wave64(little, size: 40_024) + summary + summary),
        File("Wave64 with a list behind", Container.wave64(little, size: 40_024) + list),
        File("AIFF of no size", Container.aiff(big, size: 8, frames: 0), none),
        File("AIFF whose size has wrapped", Container.aiff(big, size: 1008, frames: 500), some),
        File("AIFF of no frames", Container.aiff(big, size: 40_008, frames: 0)),
        File("AU of no size", Container.au(big, size: 0), none),
        File("AU of unknown size", Container.au(big, size: .max)),
        File("little-endian AU whose size has wrapped", Container.au(little, size: 1000, isBigEndian: false), some),
        File("CAF of unknown size", Container.caf(little, size: -1)),
        File("CAF of no size", Container.caf(little, size: 0), none),
        File("CAF whose size has wrapped", Container.caf(little, size: 1004), some),
        File(
            "sound before its format",
            Container.riff(Container.chunk("data", little), Container.chunk("fmt ", Container.format(22_050)))),
        File(
            "zeros between chunks",
            Container.riff(
                Container.chunk("fmt ", Container.format(22_050)), [UInt8](repeating: 0, count: 700),
                Container.chunk("data", little))),
        File(
            "a chunk of odd size without the byte that makes it even",
            Container.riff(
                Array(Container.chunk("note", [1, 2, 3]).dropLast()), Container.chunk("fmt ", Container.format(22_050)),
                Container.chunk("data", little))),
        File("zeros between AIFF's chunks", Container.aiff(big, size: 40_008, frames: 20_000, between: [0, 0, 0, 0])),
        File("a tag in front", Container.id3(100) + Container.wave(little)),
        File("a tag in front of a header of no size", Container.id3(100) + Container.wave(little, size: 0), none),
        File("a tag behind", Container.wave(little) + Container.text("TAG") + [UInt8](repeating: 1, count: 125)),
        File("remains of another program behind", Container.wave(little) + [UInt8](repeating: 7, count: 1000)),
        File(
            "a chunk behind what the header calls the whole",
            Container.wave(little) + Container.chunk("LIST", [UInt8](repeating: 9, count: 9000))),
        File("zeros behind", Container.wave(little) + [UInt8](repeating: 0, count: 9000)),
        File(
            "zeros in front", [UInt8](repeating: 0, count: 77) + Container.wave(little),
            "the sound begins after 77 bytes"),
    ]

    @Test("The file's own bytes decide", arguments: files)
    func hearsAll(file: File) throws {
        let heard = try Heard(file.bytes)
        #expect(heard.samples == Self.samples)
        #expect(!heard.info.isIncomplete)
        if let note = file.note {
            #expect(heard.info.note?.hasPrefix(note) == true)
        } else {
            #expect(heard.info.note == nil)
        }
    }

    @Test func aHeaderThatClaimsMoreIsThatOfAnUnfinishedFile() throws {
        for file in [Container.wave(Self.little, size: 90_000), Container.au(Self.big, size: 90_000)] {
            let heard = try Heard(file)
            #expect(heard.samples == Self.samples)
            #expect(heard.info.isIncomplete)
            #expect(heard.info.note != nil)
        }
    }

    /// A sound of more than 4 GiB, of which the header has what 32 bits can hold; most of it is a hole in the file.
    @Test("Finds a size that has wrapped", arguments: [0, 44, 70_000_000])
    func findsAWrappedSize(rest: Int64) throws {
        let whole = (1 << 32) + rest
        let head = Container.wave([], size: UInt32(rest), whole: UInt32(rest) + 36)
        let file = try TemporaryFile(head + [1, 2, 3])
        try file.descriptor.resize(to: 44 + whole)
        let view = ByteView(of: try InputReader(file.descriptor))
        let wave = try #require(RIFFFile.chunks(of: view))
        #expect(wave.extent.range == 44..<44 + whole)
        // What the decoder gets has the size in 64 bits.
        let corrected = try #require(RIFFFile.chunks(of: wave.corrected))
        #expect(wave.corrected.has("RF64"))
        #expect(corrected.extent.claimed == UInt64(whole))
        #expect(corrected.isRight)
        let list = Container.chunk("LIST", [1, 2, 3, 4])
        _ = try file.descriptor.writeAll(toAbsoluteOffset: 44 + whole, list)
        let longer = ByteView(of: try InputReader(file.descriptor))
        #expect(RIFFFile.chunks(of: longer)?.extent.range == 44..<44 + whole)
    }

    /// Numbers at which sums overflow, in each place of each header.
    @Test func numbersBeyondAllBoundsEndNothing() throws {
        let files = [
            Container.wave64(Self.little, size: 40_024), Container.longWave(Self.little, name: "BW64", size: 40_000),
            Container.caf(Self.little, size: 40_004), Container.aiff(Self.big, size: 40_008, frames: 20_000),
            Container.au(Self.big, size: 40_000), Container.rifx(Self.big),
        ]
        for file in files {
            for place in stride(from: 4, to: 110, by: 4) {
                for number in [UInt64.max, UInt64(Int64.max), 1 << 63, 0xffff_fff0] {
                    var file = file
                    file.replaceSubrange(place..<place + 8, with: number.bigEndianBytes)
                    _ = try failure(of: Array(file.prefix(2000)))
                    file.replaceSubrange(place..<place + 8, with: number.littleEndianBytes)
                    _ = try failure(of: Array(file.prefix(2000)))
                }
            }
        }
    }

    @Test func anEmptySoundStaysEmpty() throws {
        let list = Container.chunk("LIST", [1, 2, 3, 4])
        let file = Container.riff(
            Container.chunk("fmt ", Container.format(22_050)), Container.chunk("data", []), list)
        #expect(try failure(of: file)?.reason == .empty)
    }

    @Test func filesBehindEachOtherAreAllHeard() throws {
        let file = Container.wave(Self.little) + Container.aiff(Self.big, size: 40_008, frames: 20_000)
        #expect(try Heard(file).samples == Self.samples + Self.samples)
    }
}

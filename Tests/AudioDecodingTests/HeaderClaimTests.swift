import TestSounds
import Testing

@testable import AudioDecoding

struct HeaderClaimTests {
    private static func little(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) }
    }

    private static func big(_ number: UInt64, _ count: Int) -> [UInt8] { little(number, count).reversed() }

    private static func text(_ text: String) -> [UInt8] { Array(text.utf8) }

    struct Header: CustomTestStringConvertible {
        var testDescription: String
        var bytes: [UInt8]
        var end: Int64?
    }

    // Laid out by hand from the formats' definitions.
    static let headers = [
        Header(
            testDescription: "WAV with a chunk of odd size before its data",
            bytes: text("RIFF") + little(999, 4) + text("WAVEjunk") + little(3, 4) + [1, 2, 3, 0] + text("data")
                + little(1000, 4), end: 12 + 8 + 4 + 8 + 1000),
        Header(
            testDescription: "WAV of unknown length",
            bytes: text("RIFF") + little(0xffff_ffff, 4) + text("WAVEdata") + little(0xffff_ffff, 4), end: nil),
        Header(
            testDescription: "WAV without data", bytes: text("RIFF") + little(999, 4) + text("WAVE"), end: nil),
        Header(
            testDescription: "big-endian WAV", bytes: text("RIFX") + big(999, 4) + text("WAVEdata") + big(500, 4),
            end: 520),
        Header(
            testDescription: "RF64",
            bytes: text("RF64") + little(0xffff_ffff, 4) + text("WAVEds64") + little(28, 4) + little(5_000_000_072, 8)
                + little(5_000_000_000, 8) + little(0, 12) + text("data") + little(0xffff_ffff, 4),
            end: 56 + 5_000_000_000),
        Header(
            testDescription: "RF64 beyond all bounds",
            bytes: text("RF64") + little(0xffff_ffff, 4) + text("WAVEds64") + little(28, 4) + little(.max, 8)
                + little(.max, 8) + little(0, 12) + text("data") + little(0xffff_ffff, 4), end: .max),
        Header(
            testDescription: "AIFF", bytes: text("FORM") + big(999, 4) + text("AIFFSSND") + big(500, 4), end: 520),
        Header(testDescription: "AU", bytes: text(".snd") + big(24, 4) + big(1000, 4), end: 1024),
        Header(testDescription: "AU of unknown length", bytes: text(".snd") + big(24, 4) + big(.max, 4), end: nil),
        Header(testDescription: "Wave64", bytes: text("riff") + little(0, 12) + little(7000, 8), end: 7000),
        Header(
            testDescription: "Wave64 of unknown length", bytes: text("riff") + little(0, 12) + little(.max, 8), end: nil
        ),
        Header(
            testDescription: "CAF with a chunk before its data",
            bytes: text("caff") + big(1 << 16, 4) + text("desc") + big(2, 8) + [1, 2] + text("data") + big(1000, 8),
            end: 8 + 12 + 2 + 12 + 1000),
        Header(
            testDescription: "CAF of unknown length",
            bytes: text("caff") + big(1 << 16, 4) + text("data") + big(.max, 8) + big(0, 20), end: nil),
        Header(
            testDescription: "CAF beyond all bounds",
            bytes: text("caff") + big(1 << 16, 4) + text("data") + big(UInt64(Int64.max), 8) + big(0, 20), end: .max),
        Header(testDescription: "another format", bytes: text("fLaC") + little(7000, 8), end: nil),
        Header(
            testDescription: "nothing but chunks",
            bytes: text("RIFF") + little(0, 4) + text("WAVE") + (0..<9000).flatMap { _ in text("junk") + little(0, 4) },
            end: nil),
    ]

    @Test("Reads what a header claims", arguments: headers)
    func reads(header: Header) throws {
        let file = try TemporaryFile(header.bytes + Array(repeating: 0, count: 40))
        #expect(HeaderClaim(of: ByteView(of: try InputReader(file.descriptor)))?.end == header.end)
    }

    @Test func readsNothingFromAShortFile() throws {
        let file = try TemporaryFile(Self.text("RIFF"))
        #expect(HeaderClaim(of: ByteView(of: try InputReader(file.descriptor))) == nil)
    }
}

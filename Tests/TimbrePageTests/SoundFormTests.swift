import Testing

@testable import TimbrePage

struct SoundFormTests {
    /// The head of a WAV file.
    static func wave(_ magic: String, encoding: UInt16, bits: UInt16, isBig: Bool = false, before: [UInt8] = [])
        -> [UInt8]
    {
        func number<N: FixedWidthInteger>(_ value: N) -> [UInt8] {
            unsafe withUnsafeBytes(of: isBig ? value.bigEndian : value.littleEndian) { unsafe Array($0) }
        }
        let format =
            Array("fmt ".utf8) + number(UInt32(16)) + number(encoding) + number(UInt16(1)) + number(UInt32(44_100))
            + number(UInt32(88_200)) + number(UInt16(2)) + number(bits)
        return Array(magic.utf8) + number(UInt32(100)) + Array("WAVE".utf8) + before + format + [0, 0, 0, 0]
    }

    static let forms: [([UInt8], SoundForm)] = [
        (wave("RIFF", encoding: 1, bits: 16), .known("audio/wav")),
        (wave("RF64", encoding: 1, bits: 24), .known("audio/wav")),
        (wave("RIFX", encoding: 1, bits: 16, isBig: true), .known("audio/wav")),
        (wave("RIFF", encoding: 3, bits: 32), .known("audio/wav")),
        (wave("RIFF", encoding: 6, bits: 8), .known("audio/wav")),
        (wave("RIFF", encoding: 7, bits: 8), .known("audio/wav")),
        (wave("RIFF", encoding: 0xFFFE, bits: 24), .known("audio/wav")),
        // A chunk of odd length before the format.
        (
            wave("RIFF", encoding: 1, bits: 16, before: Array("junk".utf8) + [3, 0, 0, 0, 1, 2, 3, 0]),
            .known("audio/wav")
        ),
        (wave("RIFF", encoding: 3, bits: 64), .foreign), (wave("RIFF", encoding: 2, bits: 4), .foreign),
        (wave("RIFF", encoding: 0x11, bits: 4), .foreign), (Array("RIFF....AVI LIST".utf8), .foreign),
        (Array("RIFF".utf8), .foreign), (Array("fLaC....".utf8), .known("audio/flac")),
        (Array("OggS....".utf8), .known("audio/ogg")), (Array("ID3\u{3}....".utf8), .known("audio/mpeg")),
        ([0xFF, 0xFB, 0x90, 0x64], .known("audio/mpeg")), ([0xFF, 0xF3, 0x90], .known("audio/mpeg")),
        ([0xFF, 0xF1, 0x50], .foreign), ([0xFF, 0xFF], .known("audio/mpeg")), ([0xFF], .foreign), ([], .foreign),
        (Array("FORM....AIFF".utf8), .foreign), (Array("caff".utf8), .foreign), (Array(".snd".utf8), .foreign),
        (Array("riff".utf8), .foreign), (Array("wvpk".utf8), .foreign),
    ]

    @Test("What browsers decode is told by the first bytes", arguments: forms)
    func form(head: [UInt8], form: SoundForm) {
        #expect(SoundForm(head: head) == form)
    }

    @Test func nothingInAHeadLeadsOutOfIt() {
        var source = SystemRandomNumberGenerator()
        for _ in 0..<20_000 {
            let count = Int.random(in: 0...64, using: &source)
            var head = (0..<count).map { _ in UInt8.random(in: .min ... .max, using: &source) }
            head.replaceSubrange(0..<min(4, count), with: Array("RIFF".utf8).prefix(count))
            if count >= 12 { head.replaceSubrange(8..<12, with: Array("WAVE".utf8)) }
            _ = SoundForm(head: head)
        }
    }
}

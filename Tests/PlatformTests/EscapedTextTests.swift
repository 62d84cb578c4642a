import Platform
import SystemPackage
import Testing

struct EscapedTextTests {
    /// Bytes, and what they read as in each medium.
    struct Example {
        var bytes: [UInt8]
        var message: String
        var line: String
        var terminal: String

        init(_ bytes: [UInt8], message: String, line: String, terminal: String) {
            (self.bytes, self.message, self.line, self.terminal) = (bytes, message, line, terminal)
        }

        /// The same everywhere.
        init(_ bytes: [UInt8], _ text: String) { self.init(bytes, message: text, line: text, terminal: text) }

        init(_ text: String, line: String, terminal: String) {
            self.init(Array(text.utf8), message: text, line: line, terminal: terminal)
        }
    }

    static let examples = [
        Example([], ""), Example(Array("Glocke é 鐘 \\x41 e\u{301}".utf8), "Glocke é 鐘 \\x41 e\u{301}"),
        // Bytes that are no UTF-8: alone, in the middle, a sequence that breaks off, an overlong one and a surrogate.
        Example([0xFF], "\\xff"), Example([0x61, 0x80, 0xC3, 0xA9, 0x62], "a\\x80éb"),
        Example([0xE2, 0x82, 0x41], "\\xe2\\x82A"), Example([0xE2, 0x82], "\\xe2\\x82"),
        Example([0xC0, 0xAF], "\\xc0\\xaf"), Example([0xED, 0xA0, 0x80], "\\xed\\xa0\\x80"),
        Example("a\nb\tc", line: "a\\x0ab\\x09c", terminal: "a\\nb\\tc"),
        Example("\u{1B}[31m\u{7F}", line: "\\x1b[31m\\x7f", terminal: "\\x1b[31m\\x7f"),
        Example("\u{9B}", line: "\\xc2\\x9b", terminal: "\\x9b"),
        Example("\u{2028}\u{2029}", line: "\\xe2\\x80\\xa8\\xe2\\x80\\xa9", terminal: "\u{2028}\u{2029}"),
        Example("a\u{202E}b", line: "a\u{202E}b", terminal: "a\\u{202e}b"),
    ]

    @Test("Each medium has its own escapes", arguments: examples)
    func escapes(example: Example) {
        for (medium, text) in [
            (TextMedium.message, example.message), (.line, example.line), (.terminal, example.terminal),
        ] {
            let found = String(escaping: example.bytes, for: medium)
            #expect(Array(found.utf8) == Array(text.utf8), "\(medium)")
            #expect(Array(found.escaped(for: medium).utf8) == Array(text.utf8), "escaped twice, for \(medium)")
        }
    }

    @Test func aPathForPeopleIsOnOneLine() {
        #expect(FilePath(bytes: Array("/a\nb/é".utf8) + [0xFF]).humanReadable == "/a\\x0ab/é\\xff")
    }
}

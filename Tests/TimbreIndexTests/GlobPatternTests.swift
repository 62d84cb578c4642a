import Testing
import TimbreIndex

struct GlobPatternTests {
    // As fnmatch(3) of the GNU C library answers, with no flags.
    static let cases: [(pattern: String, name: String, matches: Bool)] = [
        ("", "", true), ("", "a", false), ("*", "", true), ("*", "anything", true), ("**", "", true),
        ("*.wav", "kick.wav", true), ("*.wav", "kick.WAV", false), ("*.wav", ".wav", true),
        ("*.wav", "kick.wave", false),
        ("k?ck*", "kick", true), ("k?ck*", "kck", false), ("?", "", false), ("a*b*c", "aXbXbXc", true),
        ("a*b*c", "aXbXbX", false), ("[abc]x", "bx", true), ("[abc]x", "dx", false), ("[a-c]x", "bx", true),
        ("[!a-c]x", "bx", false), ("[!a-c]x", "dx", true), ("[]a]", "]", true), ("[!]a]", "]", false),
        ("[a-]", "-", true), ("[a", "[a", true), ("[a", "a", false), ("\\*", "*", true), ("\\*", "x", false),
        ("a\\[b", "a[b", true), ("[0-9][0-9]*", "07 snare", true), ("[0-9][0-9]*", "7 snare", false),
        ("*aaaaaaaaaaaaaaaaaaaab", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
        ("*a*a*a*a*a*a*a*a*a*b", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", false),
    ]

    @Test("Answers as fnmatch does", arguments: cases)
    func agrees(pattern: String, name: String, matches: Bool) {
        #expect(GlobPattern(Array(pattern.utf8)).matches(Array(name.utf8)) == matches)
    }

    /// Bytes as letters of Latin-1.
    private func letters(_ bytes: [UInt8]) -> String {
        String(String.UnicodeScalarView(bytes.map { Unicode.Scalar($0) }))
    }

    // But for those with many stars, which Swift's expressions, unlike PostgreSQL's, take ages for.
    @Test("A regular expression answers the same", arguments: cases.filter { $0.pattern.count { $0 == "*" } < 4 })
    func asRegularExpression(pattern: String, name: String, matches: Bool) throws {
        // Where a point matches all, and letters are single, as PostgreSQL has it.
        let expression = try Regex("(?s)" + GlobPattern(Array(pattern.utf8)).regularExpression)
            .matchingSemantics(.unicodeScalar)
        #expect((letters(Array(name.utf8)).wholeMatch(of: expression) != nil) == matches)
    }

    @Test func aRegularExpressionNamesBytes() throws {
        #expect(GlobPattern([0xFF, 0x2A, 0x0A]).regularExpression == #"^\u00ff.*\u000a$"#)
        let expression = try Regex("(?s)" + GlobPattern(Array("ü?".utf8)).regularExpression)
            .matchingSemantics(.unicodeScalar)
        #expect(letters(Array("üx".utf8)).wholeMatch(of: expression) != nil)
        #expect(letters(Array("üü".utf8)).wholeMatch(of: expression) == nil)
    }

    @Test func comparesBytes() {
        #expect(GlobPattern([0xFF, UInt8(ascii: "?")]).matches([0xFF, 0x0A]))
        #expect(!GlobPattern(Array("?".utf8)).matches(Array("ü".utf8)))
        #expect(GlobPattern(Array("ü*".utf8)).matches(Array("übung".utf8)))
        #expect(!GlobPattern(Array("u\u{308}".utf8)).matches(Array("ü".utf8)))
    }

    // As fnmatch(3) answers with FNM_CASEFOLD.
    @Test(
        "Answers as fnmatch does where case does not matter",
        arguments: [
            ("*KICK*", "my kick.wav", true), ("*kick*", "My Kick.WAV", true), ("[a-c]x", "BX", true),
            ("@*", "`a", false),
            ("?[!b]", "xC", true), ("snare", "SNARES", false),
        ])
    func ignoresCase(pattern: String, name: String, matches: Bool) {
        #expect(GlobPattern(Array(pattern.utf8)).ignoringCase.matches(Array(name.utf8)) == matches)
    }
}

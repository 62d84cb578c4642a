import CommandOutput
import Testing

@testable import timbrectl

struct VerbSuggestionTests {
    @Test(
        "A verb that is written wrongly is recognised",
        arguments: [
            ("simlar kick.wav", "similar"), ("similiar a --json", "similar"), ("stauts", "status"), ("dupes", nil),
            ("dup", "duplicates"), ("serach", nil), ("simlar", "similar"), ("ls", nil), ("lits", "list"),
            ("model lst", "model list"),
            ("watch rm x", nil), ("watch ad x", "watch add"), ("favorite list", "favourite"), ("similar kick", nil),
            ("-x", nil), ("", nil), ("help simlar", nil), ("compare a b c", nil), ("explan a b", "explain"),
        ] as [(String, String?)])
    func recognised(line: String, verb: String?) {
        let arguments = line.split(separator: " ").map(String.init)
        #expect(VerbSuggestion(Timbrectl.self).verb(meantBy: arguments)?.verb == verb)
    }

    @Test(
        "Mistakes are counted",
        arguments: [
            ("", "", 0), ("abc", "abc", 0), ("abc", "", 3), ("abc", "acb", 1), ("abc", "axc", 1), ("abc", "abxc", 1),
            ("similar", "simlar", 1), ("ca", "abc", 3), ("status", "stauts", 1),
        ])
    func counted(a: String, b: String, mistakes: Int) {
        #expect(VerbSuggestion.mistakes(from: a, to: b) == mistakes)
        #expect(VerbSuggestion.mistakes(from: b, to: a) == mistakes)
    }

    @Test func theComplaintIsOneLine() {
        let failure = Failure(usage: "Error: x", meant: .init(written: "simlar", verb: "similar"))
        #expect(failure.code == .usage)
        #expect(failure.line == "timbrectl: usage: there is no verb 'simlar'; did you mean 'similar'?")
    }
}

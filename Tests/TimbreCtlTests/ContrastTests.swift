import ArgumentParser
import Testing
import TimbreWire

@testable import timbrectl

/// How contrasts are asked for.
struct ContrastTests {
    private func contrasts(_ line: String) throws -> [Contrast]? {
        let arguments = ContrastOptions.joined(line.split(separator: " ").map(String.init))
        let command = try #require(try Timbrectl.parseAsRoot(arguments) as? SimilarCommand)
        return command.contrast.contrasts
    }

    @Test func amountsAreReadAsTheyAreWritten() throws {
        #expect(try contrasts("similar a") == nil)
        #expect(try contrasts("similar a --darker --same-key") == [Contrast(.darker), Contrast(.sameKey)])
        #expect(try contrasts("similar a --darker=20%") == [Contrast(.darker, amount: 1.25)])
        #expect(try contrasts("similar a --brighter=20%") == [Contrast(.brighter, amount: 1.2)])
        #expect(try contrasts("similar a --shorter=2x") == [Contrast(.shorter, amount: 2)])
        #expect(try contrasts("similar a --harder-attack=50%") == [Contrast(.harderAttack, amount: 2)])
        #expect(try contrasts("similar a --noisier=10%") == [Contrast(.noisier, amount: 0.1)])
        #expect(try contrasts("similar a --lower=3") == [Contrast(.lower, amount: 3)])
        // Whatever follows.
        let both = [Contrast(.darker, amount: 2), Contrast(.shorter, amount: 3)]
        #expect(try contrasts("similar a --shorter=3x --darker 50% -n 3") == both)
        #expect(
            try contrasts("similar --shorter --darker=50% a --self") == [
                Contrast(.darker, amount: 2), Contrast(.shorter),
            ])
    }

    @Test func noFileIsTakenForAnAmount() throws {
        #expect(
            ContrastOptions.joined(["similar", "--darker", "kick.wav"]) == ["similar", "--darker=noticed", "kick.wav"])
        #expect(ContrastOptions.joined(["similar", "--darker", "20%", "a"]) == ["similar", "--darker=20%", "a"])
        #expect(ContrastOptions.joined(["similar", "a", "--lower", "3"]) == ["similar", "a", "--lower=3"])
        #expect(ContrastOptions.joined(["similar", "--lower"]) == ["similar", "--lower=noticed"])
        #expect(ContrastOptions.joined(["similar", "--", "--darker", "2x"]) == ["similar", "--", "--darker", "2x"])
        #expect(ContrastOptions.joined(["list", "."]) == ["list", "."])
        #expect(try contrasts("similar --longer 2x a --darker b") == [Contrast(.darker), Contrast(.longer, amount: 2)])
    }

    @Test(
        "Refuses",
        arguments: [
            "similar a --darker --brighter", "similar a --lower --higher", "similar a --darker=3",
            "similar a --darker=-1%",
            "similar a --darker=100%", "similar a --lower=20%", "similar a --noisier=2x", "similar a --noisier=101%",
            "similar a --shorter=1x", "similar a --darker=much", "similar a --darker --segments",
            "similar --code AAAAAAAAAAAAAAAAAAAAAA== --darker", "similar a --same-key=C",
        ])
    func refuses(line: String) { #expect(throws: (any Error).self) { try contrasts(line) } }

    @Test func aMistakeIsSaidInOneLine() {
        let error = #expect(throws: (any Error).self) { try contrasts("similar a --lower=20%") }
        let text = error.map { Timbrectl.message(for: $0) } ?? ""
        #expect(text.contains("--lower=20% is no amount: write a number of semitones, such as 3"), "\(text)")
    }
}

import CommandOutput
import Testing
import TimbreWire

@testable import LibraryReports

struct ContrastWordsTests {
    @Test func resultsSayByHowMuchTheyDiffer() throws {
        let query = Figures(
            brightness: 1000, noisiness: 0.2, attack: 0.02, length: 0.8, decay: 0.3, pitch: 65.4,
            pitchConfidence: 0.9, note: "C2")
        let reply = Similar.Reply(
            query: [QueryEcho(path: nil, inLibrary: true, duration: 1, figures: query)], metric: .timbre, model: "m",
            complete: true,
            results: [
                SimilarResult(
                    rank: 1, path: WirePath("/a".utf8), distance: 1, score: 0.5, hamming: 1, start: 0, end: 1,
                    duration: 1)
            ])
        let figures = Figures(
            brightness: 620, noisiness: 0.32, attack: 0.035, length: 0.21, decay: 0.1, pitch: 32.7,
            pitchConfidence: 0.9, note: "C1")
        func words(_ directions: Contrast.Direction...) -> String? {
            ContrastWords(directions.map { Contrast($0) }, reply)?.words(for: figures)
        }
        #expect(words(.darker, .shorter, .sameKey) == "-38 % bright, 0.21 s, C1")
        #expect(words(.noisier, .softerAttack) == "+12 % noise, attack 35 ms")
        #expect(words(.lower, .sameKey) == "C1")
        #expect(ContrastWords(nil, reply) == nil)
        var plain = SimilarOutput(reply: reply, segments: false)
        #expect(!plain.table.text(width: nil).contains("differs"))
        plain.contrast = ContrastWords([Contrast(.darker)], reply)
        #expect(plain.table.text(width: nil).contains("differs"))
    }

    @Test func informationHasFigures() {
        let figures = Figures(brightness: 812.4, noisiness: 0.06, attack: 0.012, length: 0.42, decay: 0.1)
        #expect(
            figures.lines.map(\.value) == ["812 Hz", "6 %", "12 ms", "0.42 s", "0.10 s for 20 dB", "none that is sure"])
    }
}

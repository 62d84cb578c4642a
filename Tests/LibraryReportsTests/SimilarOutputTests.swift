import CommandOutput
import Testing
import TimbreWire

@testable import LibraryReports

struct SimilarOutputTests {
    @Test func bitsAreShownOnlyForCodes() {
        let result = SimilarResult(
            rank: 1, path: WirePath("/a".utf8), distance: 0.25, score: 0.75, hamming: 3, start: 0, end: 1, duration: 1)
        func head(_ metric: Metric) -> String {
            SimilarOutput(
                reply: Similar.Reply(query: [], metric: metric, model: "", complete: true, results: [result]),
                segments: false
            ).table.text(width: nil)
        }
        #expect(head(.timbre) == "score  distance  length  file\n0.750     0.250  1.00 s  /a\n")
        #expect(head(.codes) == "score  distance  bits  length  file\n0.750     0.250     3  1.00 s  /a\n")
    }

    @Test(
        "Nothing is said to be near or not against the scores", arguments: [(0.49, true), (0.5, false), (0.97, false)])
    func nothingNear(score: Double, isSaid: Bool) {
        func output(near: Bool) -> SimilarOutput {
            let results = [score, 0.1].map {
                SimilarResult(
                    rank: 1, path: WirePath("/a".utf8), distance: 1, score: $0, hamming: 0, start: 0, end: 1,
                    duration: 1)
            }
            return SimilarOutput(
                reply: Similar.Reply(
                    query: [], metric: .timbre, model: "", complete: true, near: near, results: results),
                segments: false)
        }
        #expect(output(near: false).saysNothingNear == isSaid)
        #expect(!output(near: true).saysNothingNear)
    }

    @Test func aPlaceInALongRecordingIsATimeOfItsClock() {
        func result(_ rank: Int, _ path: String, start: Double, inside: Bool) -> SimilarResult {
            SimilarResult(
                rank: rank, path: WirePath(path.utf8), distance: 0.5, score: 0.9, hamming: 2, start: start,
                end: start + 0.5, duration: 6000, inside: inside)
        }
        let results = [
            result(1, "/tape", start: 5647.2, inside: true), result(2, "/b", start: 1.25, inside: false),
            result(3, "/c", start: 1.25, inside: true),
        ]
        let reply = Similar.Reply(query: [], metric: .timbre, model: "", complete: true, results: results)
        #expect(
            SimilarOutput(reply: reply, segments: false).table.text(width: nil) == """
                score  distance      length         place  file
                0.900     0.500  1 h 40 min  at 1:34:07.2  /tape
                0.900     0.500  1 h 40 min                /b
                0.900     0.500  1 h 40 min      at 1.3 s  /c

                """)
        #expect(
            SimilarOutput(reply: reply, segments: true).table.text(width: nil) == """
                score  distance                  place  file
                0.900     0.500  1:34:07.20–1:34:07.70  /tape
                0.900     0.500            1.25–1.75 s  /b
                0.900     0.500            1.25–1.75 s  /c

                """)
    }

    @Test(
        "How many places are likely is said",
        arguments: [
            (nil, 0, false, "nothing is found"), (nil, 0, true, "nothing is likely"),
            (0, 2, false, "no place is likely"),
            (0, 0, true, "no place is likely"), (1, 1, false, "1 place is likely"), (2, 2, true, "2 places are likely"),
            (7, 2, false, "7 places are likely; the best 2 are listed"),
        ] as [(Int?, Int, Bool, String?)])
    func likelyPlaces(places: Int?, listed: Int, likely: Bool, remark: String?) {
        let results = (0..<listed).map { rank in
            SimilarResult(
                rank: rank + 1, path: WirePath("/a".utf8), distance: 1, score: places == 0 ? 0.2 : 0.7, hamming: 0,
                start: 0, end: 1, duration: 1)
        }
        let reply = Similar.Reply(
            query: [], metric: .timbre, model: "", complete: true, near: places != 0, likelyPlaces: places,
            results: results)
        let output = SimilarOutput(reply: reply, segments: places != nil, likely: likely)
        #expect(output.remark(isTable: true) == remark)
        #expect(output.remark(isTable: false) == (places ?? 0 > 0 ? nil : remark))
    }
}

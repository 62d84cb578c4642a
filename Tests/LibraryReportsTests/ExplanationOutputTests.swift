import TestLibrary
import Testing
import TimbreWire

@testable import LibraryReports

struct ExplanationOutputTests {
    @Test func theDistanceComesWithWhatItIsMadeOf() {
        #expect(
            ExplanationOutput(reply: FakeLibrary.explanation).text(width: nil) == """
                A       /s/a, 0.50 s
                B       /s/b\\n, 1.00 s, not in the library
                timbre  3.250, score 0.250: probably another kind of sound

                share of distance  difference (1.4 usual)           descriptors, and how B differs
                           80.0 %                    2.00  far      times: in no way that has a plain name
                           25.0 %                    1.00  between  course: varies more
                           -5.0 %                    0.50  near     ripple: hardly any difference

                codes          2.500 bits, score 0.998: nearer than 99.8 % of random pairs
                nearest spans  0.00–0.50 s of A, 0.25–0.75 s of B: 2 bits differ, 3 shared

                shared code    of A    from    of B    from   files           at  listen to
                          7  60.0 %  0.00 s  11.1 %  0.50 s   1.2 %  0.10–0.40 s  /s/c
                          1  10.0 %  0.25 s  33.3 %  0.00 s  50.0 %               no other file has it

                only A  1 code, 30.0 % of it: 3 (30.0 %)
                only B  no code

                """)
    }

    @Test func wordsComeFirst() {
        var reply = FakeLibrary.explanation
        reply.words = "alike: attack; B is 3.3 × shorter"
        #expect(
            ExplanationOutput(reply: reply).text(width: nil).hasPrefix(
                "alike: attack; B is 3.3 × shorter\n\nA       /s/a, 0.50 s\n"))
    }

    @Test func thePartThatWasComparedIsSaid() {
        let output = ExplanationOutput(reply: FakeLibrary.explanation, at: TimeSpan(start: 0.5, end: 0.75))
        #expect(output.text(width: nil).contains("\nB       /s/b\\n, 1.00 s, not in the library, 0.50–0.75 s of it\n"))
        let ofA = ExplanationOutput(reply: FakeLibrary.explanation, atA: TimeSpan(start: 0.1, end: 0.2))
        #expect(ofA.text(width: nil).hasPrefix("A       /s/a, 0.50 s, 0.10–0.20 s of it\nB       /s/b\\n, 1.00 s, not"))
    }

    @Test func whereThereAreNoVectorsTheReasonStandsInTheirPlace() {
        var reply = FakeLibrary.explanation
        (reply.timbre, reply.obstacle, reply.shared) = (nil, "the model makes none", [])
        reply.codes.hamming = 1
        let text = ExplanationOutput(reply: reply).text(width: nil)
        #expect(text.contains("\ntimbre  not compared: the model makes none\n\ncodes  "))
        #expect(text.contains(" of B: 1 bit differs, 3 shared\n"))
        #expect(text.contains("\nNo code is heard in both.\n"))
    }

    @Test func elevenCodesAreTooManyToTell() {
        var reply = FakeLibrary.explanation
        reply.onlyB = (0..<11).map { CodeCount(code: 100 + $0, frames: $0 == 0 ? 3 : 0) }
        let text = ExplanationOutput(reply: reply).text(width: nil)
        #expect(text.contains("\nonly B  11 codes, 33.3 % of it: 100 (33.3 %), 101 (0.0 %),"))
        #expect(text.hasSuffix("109 (0.0 %), …\n"))
    }

    @Test(
        "A probability in words",
        arguments: [
            (1.0, "the same kind of sound"), (0.8, "the same kind of sound"), (0.79, "probably the same kind of sound"),
            (0.49, "probably the same kind of sound"), (0.48, "probably another kind of sound"),
            (0.09, "another kind of sound"),
        ])
    func words(probability: Double, word: String) {
        #expect(ExplanationOutput.word(ofProbability: probability) == word)
    }

    @Test(
        "A score in words",
        arguments: [
            (1.0, "nearer than almost all random pairs"), (0.9996, "nearer than almost all random pairs"),
            (0.9, "nearer than 90.0 % of random pairs"), (0.5, "nearer than 50.0 % of random pairs"),
            (0.123, "farther apart than 87.7 % of random pairs"),
            (0.0, "farther apart than almost all random pairs"),
        ])
    func words(score: Double, word: String) { #expect(ExplanationOutput.word(ofShare: score) == word) }

    @Test(
        "A difference in words",
        arguments: [(0, "near"), (0.7, "near"), (0.71, "between"), (1.41, "between"), (1.42, "far")])
    func words(difference: Double, word: String) {
        #expect(ExplanationOutput.word(ofDifference: difference) == word)
    }
}

import TestLibrary
import Testing
import TimbreWire

@testable import LibraryReports

struct EvaluationOutputTests {
    @Test func theFiguresComeWithWhatTheyMean() {
        let output = EvaluationOutput(outcome: FakeLibrary.evaluation, excluded: [.pitch, .folder], isComplete: false)
        #expect(
            output.text(width: nil) == """
                Of the ten nearest files 50.0 % (95 %: 25.0–75.0 %) have the query's label; by chance 12.5 % would, \
                at best 87.5 %.
                3 searches by 1 label among 4 files, metric codes
                files of the query's own folder or pitch do not count
                1 left out: no other file of their label counts
                2 labelled files are not in the library, such as /s/u

                             P@1    P@5   P@10    mAP    MRR  NDCG@10
                mean       0.500  0.500  0.500  0.500  0.500    0.500
                95 % from  0.250  0.250  0.250  0.250  0.250    0.250
                to         0.750  0.750  0.750  0.750  0.750    0.750
                by chance  0.125  0.125  0.125      –      –        –
                at best    1.000  1.000  0.875      –      –        –

                The labels, worst first:
                  P@1    P@5   P@10    mAP    MRR  NDCG@10  searches  label
                0.500  0.500  0.500  0.500  0.500    0.500         3  kick

                """)
    }

    @Test func elevenLabelsAreTooManyUnlessAllAreAskedFor() throws {
        var outcome = FakeLibrary.evaluation
        let one = try #require(outcome.perLabel.first)
        outcome.perLabel = (0..<11).map { number in
            var figures = one
            figures.label = "label \(number)\n"
            return figures
        }
        let some = EvaluationOutput(outcome: outcome, isComplete: false).text(width: nil)
        #expect(some.contains("The 10 worst labels:\n") && some.hasSuffix("  label 9\\n\n"))
        let all = EvaluationOutput(outcome: outcome, isComplete: true).text(width: nil)
        #expect(all.contains("The labels, worst first:\n") && all.hasSuffix("  label 10\\n\n"))
    }
}

import Testing
import TimbreCodes

struct CodeComparisonTests {
    private func spans(_ codes: [[Int]]) -> [TimbreSpan] {
        codes.enumerated().map { TimbreSpan(number: $0, code: TimbreCode(bits: $1)) }
    }

    @Test func findsTheNearestPairAmongAll() {
        var generator = SeededGenerator(seed: 3)
        for _ in 0..<200 {
            // With so few timbres ties are the rule, and some spans are empty.
            let random = {
                (0...generator.index(below: 6)).map { _ in
                    (0..<generator.index(below: 4)).map { _ in generator.index(below: 6) * 23 }
                }
            }
            let (a, b) = (spans(random()), spans(random()))
            let pairs = a.filter { !$0.isEmpty }.flatMap { one in b.filter { !$0.isEmpty }.map { (one, $0) } }
            let plain = pairs.min { first, second in
                let keys = [first, second].map { a, b in
                    (a.code.distance(to: b.code), -a.code.sharedBits(with: b.code), a.number, b.number)
                }
                return keys[0] < keys[1]
            }
            let comparison = CodeComparison(from: a, to: b)
            #expect(comparison?.first == plain?.0 && comparison?.second == plain?.1)
            #expect(comparison?.distance == CodeDistance.mean(from: a.map(\.code), to: b.map(\.code)))
        }
    }

    @Test func aSpanThatOccursTwiceCountsTwice() {
        let comparison = CodeComparison(from: spans([[1], [1], [2]]), to: spans([[2]]))
        #expect(comparison?.distance == 4.0 / 3)
        #expect(comparison?.first.number == 2)
    }

    @Test func silenceHasNoDistance() {
        #expect(CodeComparison(from: spans([[]]), to: spans([[1]])) == nil)
        #expect(CodeComparison(from: spans([[1]]), to: []) == nil)
    }
}

import Testing

@testable import TimbreCodes

struct CodePlacesTests {
    private typealias Place = CodePlaces.Place

    @Test func findsTheFirstOfTheLongestStretches() {
        let silent = SpanPooling.silent
        let places = CodePlaces(of: [silent, 5, 5, 0, 5, 5, silent, 127, 127, 127]).places
        #expect(
            places == [
                0: Place(count: 1, first: 3, longest: 3..<4), 5: Place(count: 4, first: 1, longest: 1..<3),
                127: Place(count: 3, first: 7, longest: 7..<10),
            ])
        #expect(CodePlaces(of: []).places.isEmpty)
        #expect(CodePlaces(of: [silent, silent]).places.isEmpty)
    }

    @Test func agreesWithLookingForEachCodeAlone() {
        var generator = SeededGenerator(seed: 9)
        for _ in 0..<100 {
            let codes = (0..<generator.index(below: 60)).map { _ in
                [0, 1, 2, 127, SpanPooling.silent][generator.index(below: 5)]
            }
            let places = CodePlaces(of: codes).places
            #expect(Set(places.keys) == Set(codes.filter { $0 != SpanPooling.silent }.map(Int.init)))
            for (code, place) in places {
                let frames = codes.indices.filter { Int(codes[$0]) == code }
                #expect(place.count == frames.count && place.first == frames.first)
                let stretches = frames.map { start in
                    start..<(codes[start...].firstIndex { Int($0) != code } ?? codes.count)
                }
                let length = stretches.map(\.count).max() ?? 0
                #expect(place.longest == stretches.first { $0.count == length })
            }
        }
    }

    @Test func framesHaveTheTimesOfTheirSpans() {
        let span = TimbreSpan(number: 2, code: .empty)
        #expect(SpanPooling.start(ofFrame: 60) == span.start)
        #expect(SpanPooling.end(ofFrame: 89, sampleCount: 1_000_000) == span.end(sampleCount: 1_000_000))
        #expect(SpanPooling.end(ofFrame: 0, sampleCount: 441) == 0.02)
    }

    @Test func bitsComeInTheirOrder() {
        var code = TimbreCode(bits: [0, 63, 64, 100, 127])
        var bits: [Int] = []
        code.forEachBit { bits.append($0) }
        #expect(bits == [0, 63, 64, 100, 127])
        #expect(code.intersection(TimbreCode(bits: [1, 63, 127])).bits == [63, 127])
        code.formUnion(TimbreCode(bits: [1, 127]))
        #expect(code.bits == [0, 1, 63, 64, 100, 127])
    }
}

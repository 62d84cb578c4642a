import Testing
import TimbreCodes

struct SpanPoolingTests {
    @Test func poolsThirtyFramesAndKeepsTheRest() {
        let codes =
            Array(repeating: UInt8(1), count: 29) + [7] + Array(repeating: SpanPooling.silent, count: 30) + [127]
        let spans = SpanPooling.pool(codes)
        #expect(spans.map(\.number) == [0, 1, 2])
        #expect(spans.map(\.code.bits) == [[1, 7], [], [127]])
        #expect(spans.map(\.isEmpty) == [false, true, false])
        #expect(SpanPooling.pool([]).isEmpty)
    }

    struct Times {
        var samples: Int
        var spans: Int
        var times: [(Double, Double)]
    }

    // `span_times` of the code's definition, run for these sounds.
    static let times = [
        Times(samples: 31232, spans: 2, times: [(0, 0.719818594104), (0.696598639456, 1.416417233560)]),
        Times(samples: 22050, spans: 2, times: [(0, 0.719818594104), (0.696598639456, 1)]),
        Times(samples: 1, spans: 1, times: [(0, 4.5351473923e-05)]),
    ]

    @Test("Agrees with the definition's times", arguments: times)
    func agrees(expected: Times) {
        for (number, times) in expected.times.enumerated() {
            let span = TimbreSpan(number: number, code: .empty)
            #expect(abs(span.start - times.0) < 1e-9)
            #expect(abs(span.end(sampleCount: expected.samples) - times.1) < 1e-9)
        }
    }

    @Test func aPartHasTheFramesThatStartInIt() {
        // Frame 43 starts at 0.99846 s, frame 44 at 1.02168 s, frame 86 at 1.99692 s.
        #expect(SpanPooling.frames(from: 1, to: 2, of: 200) == 44..<87)
        #expect(SpanPooling.frames(from: 0, to: 512 / 22050.0, of: 200) == 0..<1)
        #expect(SpanPooling.frames(from: -1, to: .infinity, of: 200) == 0..<200)
        #expect(SpanPooling.frames(from: 3, to: 1, of: 200).isEmpty)
        #expect(SpanPooling.frames(from: 9, to: 10, of: 200) == 200..<200)
        let codes = (0..<100).map { UInt8($0) }
        let spans = SpanPooling.pool(codes, from: 1, to: 2)
        #expect(spans.map(\.number) == [0, 1])
        #expect(spans.map(\.code.bits) == [Array(44..<74), Array(74..<87)])
    }
}

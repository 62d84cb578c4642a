import Testing

@testable import TimbrePictures

struct TimeAxisTests {
    struct Case: CustomTestStringConvertible {
        var start: Double
        var end: Double
        var most: Int
        var words: [String]
        var testDescription: String { "\(start) to \(end), at most \(most)" }
    }

    static let cases = [
        Case(start: 0, end: 1, most: 6, words: ["0.0 s", "0.2 s", "0.4 s", "0.6 s", "0.8 s", "1.0 s"]),
        Case(start: 0, end: 0.042, most: 5, words: ["0.00 s", "0.02 s", "0.04 s"]),
        Case(start: 0, end: 0.009, most: 6, words: ["0.000 s", "0.002 s", "0.004 s", "0.006 s", "0.008 s"]),
        Case(start: 12.3, end: 15, most: 4, words: ["13 s", "14 s", "15 s"]),
        Case(start: 0, end: 600, most: 6, words: ["0:00", "2:00", "4:00", "6:00", "8:00", "10:00"]),
        Case(start: 59.5, end: 61.5, most: 5, words: ["0:59.5", "1:00.0", "1:00.5", "1:01.0", "1:01.5"]),
        Case(start: 5647, end: 5651, most: 4, words: ["1:34:08", "1:34:10"]),
    ]

    @Test("Names round moments", arguments: cases)
    func ticks(of example: Case) {
        let axis = TimeAxis(from: example.start, to: example.end)
        #expect(axis.ticks(most: example.most).map(\.words) == example.words)
    }

    @Test func thereAreNeverMoreThanThereIsRoomForAndAllAreInside() {
        for exponent in -20...50 {
            for most in [2, 3, 7, 20] {
                for start in [0.0, 0.0123, 17.77, 4000] {
                    let axis = TimeAxis(from: start, to: start + exp2(Double(exponent) / 3))
                    let ticks = axis.ticks(most: most)
                    #expect(ticks.count <= most)
                    #expect(ticks.allSatisfy { (-0.001...1.001).contains(axis.place(of: $0.time)) })
                }
            }
        }
    }

    private func exp2(_ exponent: Double) -> Double {
        let whole = Int(exponent.rounded(.down))
        return (0..<abs(whole)).reduce(1.0) { value, _ in whole < 0 ? value / 2 : value * 2 }
            * (1 + exponent - Double(whole))
    }
}

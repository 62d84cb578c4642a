import Testing

@testable import TimbreTraining

struct RetrievalScoresTests {
    struct List {
        /// 1 stands for a relevant file.
        var places: String
        var relevant: Int
        var expected: [Double]
    }

    // By hand; 1.630930 is 1 + 1/log2(3), 3.637999 the sum of 1/log2(k) from 2 to 8.
    static let lists = [
        List(places: "", relevant: 3, expected: [0, 0, 0, 0, 0, 0]),
        List(places: "000", relevant: 3, expected: [0, 0, 0, 0, 0, 0]),
        List(places: "1", relevant: 1, expected: [1, 0.2, 0.1, 1, 1, 1]),
        List(places: "01", relevant: 1, expected: [0, 0.2, 0.1, 0.5, 0.5, 0.630930]),
        List(places: "110", relevant: 2, expected: [1, 0.4, 0.2, 1, 1, 1]),
        // A short list can hold no more than it has places.
        List(places: "11", relevant: 7, expected: [1, 0.4, 0.2, 1, 1, 1.630930 / 3.637999]),
        List(places: "0010100000", relevant: 3, expected: [0, 0.4, 0.2, (1.0 / 3 + 2.0 / 5) / 3, 1.0 / 3, 0.416181]),
        List(places: "00000000001", relevant: 1, expected: [0, 0, 0, 1.0 / 11, 1.0 / 11, 0]),
        List(places: "1111111111", relevant: 40, expected: [1, 1, 1, 1, 1, 1]),
    ]

    @Test("Scores a list as its definition says", arguments: lists)
    func scores(list: List) {
        let scores = RetrievalScores(relevance: list.places.map { $0 == "1" }, relevantCount: list.relevant)
        for measure in RetrievalMeasure.allCases {
            #expect(abs(scores[measure] - list.expected[measure.rawValue]) < 1e-6, "\(measure)")
        }
    }
}

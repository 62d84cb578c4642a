@testable import TimbreTraining

/// A linear congruential generator, so simple that any language can repeat what it gives. Source of its numbers:
/// D. Knuth, *The Art of Computer Programming*, volume 2, 3.3.4.
struct PlainGenerator {
    var state: UInt64

    mutating func number(below count: UInt64) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 32) % count)
    }
}

/// Labelled files, and an answer to each query.
struct Answers {
    var labelled: [LabelledFile] = []
    var rankings: [Int64: [Int64]] = [:]

    /// What some of the traits (group, then pitch) leave of it.
    func results(_ traits: [Int]) -> (LabelledFiles, [QueryResult?]) {
        let files = LabelledFiles(
            labelled.map { file in
                LabelledFile(id: file.id, label: file.label, traits: traits.map { file.traits[$0] })
            })
        return (files, files.ids.map { files.result(of: $0, ranking: rankings[$0] ?? []) })
    }

    func evaluation(_ traits: [Int] = [], rounds: Int = 100) -> Evaluation? {
        let (files, results) = results(traits)
        return Evaluation(of: files, results: results, rounds: rounds)
    }

    /// Eight files, with answers of several lengths.
    static let few = Answers(
        labelled: [
            ("bell", "x", "60"), ("bell", "x", "62"), ("bell", "y", "60"), ("drum", "x", ""), ("drum", "y", ""),
            ("drum", "y", "60"), ("voice", "", ""), ("drum", "", ""),
        ].enumerated().map { id, file in
            LabelledFile(id: Int64(id), label: file.0, traits: [Array(file.1.utf8), Array(file.2.utf8)])
        },
        rankings: [
            0: [1, 3, 2, 4, 5, 6, 7], 1: [3, 4, 0, 2, 5], 2: [5, 6, 7, 0, 1, 3, 4], 3: [0, 1, 2, 6],
            4: [5, 3, 7, 0, 1, 2, 6], 6: [0, 1, 2, 3, 4, 5, 7], 7: [],
        ])

    /// 240 files of twelve labels, some of them rare, with answers in which files of the query's label tend to come
    /// first; every eleventh or so is missing, and every thirty-seventh query has no answer.
    static let many: Answers = {
        var generator = PlainGenerator(state: 1)
        var answers = Answers()
        for id in 0..<240 {
            let label = min(generator.number(below: 12), generator.number(below: 12))
            let (group, pitch) = (generator.number(below: 9), generator.number(below: 24))
            answers.labelled.append(
                LabelledFile(
                    id: Int64(id), label: (label < 10 ? "0" : "") + "\(label)",
                    traits: [Array((group == 0 ? "" : "g\(group)").utf8), Array((pitch == 0 ? "" : "\(pitch)").utf8)]))
        }
        answers.rank(attraction: 120, &generator)
        for id in stride(from: Int64(0), to: 240, by: 37) { answers.rankings[id] = nil }
        return answers
    }()

    /// The same files, with other, worse answers.
    static let worse: Answers = {
        var generator = PlainGenerator(state: 2)
        var answers = many
        answers.rank(attraction: 80, &generator)
        return answers
    }()

    private mutating func rank(attraction: Int, _ generator: inout PlainGenerator) {
        for query in labelled {
            var keys: [(key: Int, id: Int64)] = []
            for other in labelled {
                let key = generator.number(below: 1000) - (other.label == query.label ? attraction : 0)
                if generator.number(below: 11) != 0, other.id != query.id { keys.append((key, other.id)) }
            }
            rankings[query.id] = keys.sorted { ($0.key, $0.id) < ($1.key, $1.id) }.map(\.id)
        }
    }
}

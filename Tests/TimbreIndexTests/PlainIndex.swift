import Glibc
import TimbreCodes
import TimbreDescriptors
import TimbreIndex

/// A library that is searched plainly: everything is computed, everything is sorted.
struct PlainIndex {
    var files: [Int64: IndexedFile] = [:]
    var directories: [Int64: [UInt8]] = [:]

    var sorted: [IndexedFile] { files.values.sorted { $0.id < $1.id } }

    func nearestSpans(
        to queries: [TimbreCode], count: Int, excluding: Set<Int64> = [], where admits: (IndexedFile) -> Bool
    ) -> [SpanMatch] {
        var matches: [SpanMatch] = []
        for file in sorted where admits(file) && !excluding.contains(file.id) {
            for span in file.spans where !span.isEmpty { matches.append(match(span, of: file, to: queries)) }
        }
        return Array(
            matches.sorted {
                ($0.distance, -$0.sharedBits, $0.file, $0.span) < ($1.distance, -$1.sharedBits, $1.file, $1.span)
            }.prefix(count))
    }

    func nearestFiles(
        to queries: [TimbreCode], count: Int, excluding: Set<Int64> = [], where admits: (IndexedFile) -> Bool
    ) -> [FileMatch] {
        var matches: [FileMatch] = []
        for file in sorted where admits(file) && !excluding.contains(file.id) {
            guard let distance = CodeDistance.mean(from: queries, to: file.spans.map(\.code)) else { continue }
            let spans = file.spans.filter { !$0.isEmpty }.map { match($0, of: file, to: queries) }
            let best = spans.sorted { ($0.distance, -$0.sharedBits, $0.span) < ($1.distance, -$1.sharedBits, $1.span) }
            matches.append(FileMatch(file: file.id, distance: distance, best: best[0]))
        }
        return Array(
            matches.sorted {
                ($0.distance, $0.best.distance, -$0.best.sharedBits, $0.file)
                    < ($1.distance, $1.best.distance, -$1.best.sharedBits, $1.file)
            }.prefix(count))
    }

    func match(_ span: IndexedSpan, of file: IndexedFile, to queries: [TimbreCode]) -> SpanMatch {
        let codes = queries.contains { !$0.isEmpty } ? queries.filter { !$0.isEmpty } : [.empty]
        let ranks = codes.map { ($0.distance(to: span.code), -$0.sharedBits(with: span.code)) }
        let best = ranks.dropFirst().reduce(ranks[0]) { $1 < $0 ? $1 : $0 }
        let time = TimbreSpan(number: span.number, code: span.code)
        return SpanMatch(
            file: file.id, span: span.number, distance: best.0, sharedBits: -best.1, start: time.start,
            end: time.end(sampleCount: file.sampleCount))
    }
}

/// A library of made-up files.
struct RandomLibrary {
    var generator: SeededGenerator
    /// How many bits codes have at most; few make many ties.
    var bits: Int
    /// Draws vectors, and nothing else.
    var vectors: RandomVectors

    init(seed: UInt64, bits: Int, vectors: RandomVectors) {
        generator = SeededGenerator(seed: seed)
        self.bits = bits
        self.vectors = vectors
    }

    /// A code like those of real libraries: few bits, some of them much more frequent than others.
    mutating func code() -> TimbreCode {
        TimbreCode(
            bits: (0..<1 + generator.index(below: bits)).map { _ in
                let share = generator.fraction()
                return Int(128 * share * share)
            })
    }

    /// Every seventh file has none, and every fifth no pitch.
    static func figures(of id: Int64) -> SoundFigures? {
        guard id % 7 != 0 else { return nil }
        let pitch = id % 5 == 0 ? nil : Pitch(hertz: 110 * exp2(Double(id % 24) / 12), confidence: 0.9)
        return SoundFigures(
            brightness: Double(200 + id % 50 * 40), noisiness: Double(id % 10) / 10, attack: 0.01 * Double(1 + id % 9),
            length: 0.1 * Double(1 + id % 31), decay: 0.1, pitch: pitch)
    }

    mutating func file(_ id: Int64) -> IndexedFile {
        let count = [0, 1, 1, 1, 2, 3, 9][generator.index(below: 7)]
        var spans = (0..<count).map { IndexedSpan(number: $0, code: code(), vector: vectors.nextOrNone()) }
        if count == 3 { spans[1].code = .empty }
        let vector = vectors.nextOrNone()
        // So it is with short sounds; and with some whose other spans are empty.
        if id % 2 == 0 && count == 1 { spans[0].vector = vector }
        if id % 4 == 0 && count == 2 { (spans[0].code, spans[1].vector) = (.empty, vector) }
        return IndexedFile(
            id: id, directory: Int64(generator.index(below: 5)), name: Array("sound \(id % 100).wav".utf8),
            duration: Double(generator.index(below: 1000)) / 10, channelCount: 1 + generator.index(below: 2),
            sampleCount: max(1, count * 15360 - 100), added: Double(generator.index(below: 1000)),
            isOffline: generator.index(below: 20) == 0, spans: spans, vector: vector, figures: Self.figures(of: id))
    }
}

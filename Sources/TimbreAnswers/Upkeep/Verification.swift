import Platform
import SystemPackage
import TimbreCodes
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

/// Compares the answers of the live index with the database.
struct Verification: Sendable {
    let ingest: Ingest
    let stop: StopFlag

    /// Compares answers of the live index with those of a plain search in the database, both of the same moment.
    func verify(_ parameters: Verify.Parameters, for peer: Peer) throws -> Verify.Reply {
        let start = ContinuousClock.now
        defer { FreedMemory.giveBack() }
        let count = parameters.queries ?? 100
        // Between two turns of ingest, index and database agree.
        let (snapshot, stored) = try translatingFailures { try ingest.moment() }
        var generator = SeededGenerator(
            seed: parameters.seed.map { UInt64(bitPattern: Int64($0)) } ?? UInt64.random(in: 0 ... .max))
        let drawn = snapshot.index.random(count, using: &generator)
        var answers = drawn.compactMap { snapshot.index.file($0) }.filter { !$0.spans.isEmpty }.map(PlainAnswer.init)
        var differences: [VerifyDifference] = []
        // A million files at once would take more memory than everything else.
        for range in snapshot.index.ranges(ofFiles: Self.batch) {
            try stop.goOn(for: peer)
            let plain = try stored.read { try PlainSearch(model: snapshot.generation.id, of: range, $0) }
            if differences.count < Self.mostDifferences {
                differences += plain.differences(from: snapshot.index).map { path in
                    VerifyDifference(query: WirePath(path), rank: 1, expected: nil, found: nil)
                }
            }
            for place in answers.indices {
                answers[place].add(plain, count: Self.length)
            }
        }
        for answer in answers {
            try stop.goOn(for: peer)
            let (file, codes) = (answer.file, answer.file.spans.map(\.code))
            differences += compare(
                snapshot.index.nearestFiles(to: codes, count: Self.length), answer.byCodes, of: file.id, snapshot.index)
            guard let vector = file.vector else { continue }
            differences += compare(
                snapshot.index.nearestFiles(toVectors: [(vector, 1)], codes: codes, count: Self.length),
                answer.byVector, of: file.id, snapshot.index)
        }
        let events = EventVerification(snapshot: snapshot, stored: stored) { try stop.goOn(for: peer) }
        differences += try events.differences(queries: Array(drawn.prefix(Self.placeQueries)), using: &generator).map {
            VerifyDifference(
                query: WirePath(snapshot.index.path(of: $0.file) ?? []), rank: $0.rank, expected: nil, found: nil)
        }
        return Verify.Reply(
            queries: drawn.count, differences: Array(differences.prefix(Self.mostDifferences)),
            seconds: (ContinuousClock.now - start).inSeconds)
    }

    /// Files that are also looked for inside recordings.
    private static let placeQueries = 5
    /// Files that are compared at a time.
    private static let batch = 4096
    /// The most differences that are reported.
    private static let mostDifferences = 100
    /// How many nearest files are compared.
    private static let length = 20

    /// The first place where two answers to a query differ.
    private func compare(
        _ live: [FileMatch], _ expected: [PlainSearch.Match], of id: Int64, _ index: TimbreIndex
    ) -> [VerifyDifference] {
        for place in 0..<max(live.count, expected.count) {
            let found = place < live.count ? live[place] : nil
            let wanted = place < expected.count ? expected[place] : nil
            if let found, let wanted, (found.file, found.distance) == (wanted.file, wanted.distance) { continue }
            return [
                VerifyDifference(
                    query: WirePath(index.path(of: id) ?? []), rank: place + 1,
                    expected: wanted.map { WirePath($0.path) },
                    found: found.flatMap { index.path(of: $0.file) }.map { WirePath($0) })
            ]
        }
        return []
    }
}

/// The plain search's answer for one file, merged from parts of the library.
private struct PlainAnswer {
    let file: IndexedFile
    private(set) var byCodes: [PlainSearch.Match] = []
    private(set) var byVector: [PlainSearch.Match] = []

    init(_ file: IndexedFile) { self.file = file }

    mutating func add(_ part: PlainSearch, count: Int) {
        byCodes = Array((byCodes + part.nearest(to: file.spans.map(\.code), count: count)).sorted().prefix(count))
        guard let vector = file.vector else { return }
        byVector = Array((byVector + part.nearest(to: vector, count: count)).sorted().prefix(count))
    }
}

import SystemPackage
import TimbreCoding
import TimbreIndex
import TimbreStore
import TimbreWire

extension Responder {
    /// Compares answers of the live index with plain ones from the database, both of the same moment.
    package func verify(_ parameters: Verify.Parameters, from peer: Peer) throws -> Verify.Reply {
        let start = ContinuousClock.now
        let count = parameters.queries ?? 100
        guard count > 0 else { throw LibraryError.invalidParameter("queries") }
        // Between two turns of ingest nothing is on its way from the one to the other.
        let (snapshot, stored) = try answering {
            try ingest.perform { loop in (loop.library.snapshot, try loop.catalog.snapshot()) }
        }
        let plain = try stored.read { try PlainSearch(model: snapshot.generation.id, $0) }
        var generator = SeededGenerator(
            seed: parameters.seed.map { UInt64(bitPattern: Int64($0)) } ?? UInt64.random(in: 0 ... .max))
        var differences = plain.differences(from: snapshot.index).map { path in
            VerifyDifference(query: WirePath(path), rank: 1, expected: nil, found: nil)
        }
        let drawn = snapshot.index.random(count, using: &generator)
        for id in drawn {
            try goOn(for: peer)
            guard let file = snapshot.index.file(id), !file.spans.isEmpty else { continue }
            let codes = file.spans.map(\.code)
            differences += compare(
                snapshot.index.nearestFiles(to: codes, count: Self.length),
                plain.nearest(to: codes, count: Self.length), of: id, snapshot.index, plain)
            guard let vector = file.vector else { continue }
            differences += compare(
                snapshot.index.nearestFiles(toVectors: [(vector, 1)], codes: codes, count: Self.length),
                plain.nearest(to: vector, count: Self.length), of: id, snapshot.index, plain)
        }
        return Verify.Reply(
            queries: drawn.count, differences: Array(differences.prefix(100)),
            seconds: (ContinuousClock.now - start).inSeconds)
    }

    /// How many nearest files are compared.
    private static let length = 20

    /// The first place where two answers to a query differ.
    private func compare(
        _ live: [FileMatch], _ expected: [(Int64, Double)], of id: Int64, _ index: TimbreIndex, _ plain: PlainSearch
    ) -> [VerifyDifference] {
        let live = live.map { ($0.file, $0.distance) }
        for place in 0..<max(live.count, expected.count) {
            let found = place < live.count ? live[place] : nil
            let wanted = place < expected.count ? expected[place] : nil
            if let found, let wanted, found == wanted { continue }
            return [
                VerifyDifference(
                    query: WirePath(index.path(of: id) ?? []), rank: place + 1,
                    expected: wanted.flatMap { plain.path(of: $0.0) }.map { WirePath($0) },
                    found: found.flatMap { index.path(of: $0.0) }.map { WirePath($0) })
            ]
        }
        return []
    }
}

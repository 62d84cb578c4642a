import CTimbreKernels
import Testing
import TimbreCodes

@testable import TimbreIndex

struct CodeQueryTests {
    struct Found: Equatable {
        var place: Int
        var rank: UInt16
    }

    /// The codes whose rank beside the nearest of some is below a limit, one after the other.
    func plain(_ queries: [TimbreCode], _ codes: [TimbreCode], in places: Range<Int>, below limit: UInt16) -> [Found] {
        places.compactMap { place in
            let ranks = queries.map { query in
                SpanRank.rank(
                    distance: codes[place].distance(to: query), sharedBits: codes[place].sharedBits(with: query))
            }
            guard let rank = ranks.min(), rank < limit else { return nil }
            return Found(place: place, rank: rank)
        }
    }

    @Test(
        "Finds what a plain search finds, below each limit", arguments: VectorQueryTests.variants,
        [[0], [1], [2], [3], [4], [0, 1, 2, 3]])
    func agrees(variant: timbre_variant, places: [Int]) {
        let codes = CodePlanesTests.codes(5200)
        let planes = CodePlanesTests.planes(codes)
        let queries = places.map { CodePlanesTests.queries[$0] }
        var query = CodeQuery(queries, variant: variant)
        let ranks = plain(queries, codes, in: 0..<5200, below: .max).map(\.rank).sorted()
        let some = [0, 1, 20, 700, 2000, 5000].map { ranks[$0] }
        for limit in some + some.map({ $0 + 1 }) + [0, 1, 256, 129 << 8, .max] {
            for range in [0..<5200, 0..<1, 3..<512, 511..<514, 700..<4700] {
                var found: [Found] = []
                let count = places.count
                query.forEach(in: range, of: planes, below: limit, with: count) {
                    found.append(Found(place: $0, rank: $1))
                    #expect($2 == count)
                    return limit
                }
                #expect(found == plain(queries, codes, in: range, below: limit))
            }
        }
    }

    @Test func theLimitMayFall() {
        let codes = CodePlanesTests.codes(9000)
        let queries = [CodePlanesTests.queries[2]]
        var query = CodeQuery(queries)
        // As a search for the nearest one does.
        var best = Found(place: -1, rank: .max)
        query.forEach(in: 0..<9000, of: CodePlanesTests.planes(codes), below: .max, with: ()) { place, rank, _ in
            if rank < best.rank { best = Found(place: place, rank: rank) }
            return best.rank
        }
        let all = plain(queries, codes, in: 0..<9000, below: .max)
        #expect(best.rank == all.map(\.rank).min())
        #expect(best == all.first(where: { $0.rank == best.rank }))
    }
}

import CTimbreKernels
import Testing
import TimbreCodes

@testable import TimbreIndex

struct VectorQueryTests {
    /// All that this processor can run.
    static let variants = (0...timbre_best_variant().rawValue).compactMap(timbre_variant.init(rawValue:))

    struct Found: Equatable {
        var place: UInt32
        var distance: UInt64
    }

    /// What a plain search finds: all is computed, one number after the other.
    func plain(
        _ queries: [(vector: TimbreVector, weight: Int)], _ rule: VectorQuery.Rule,
        in vectors: ArraySlice<TimbreVector?>
    ) -> [Found] {
        var found: [Found] = []
        for (place, vector) in vectors.enumerated() {
            guard let vector else { continue }
            let distances = queries.map { vector.squaredDistance(to: $0.vector) }
            let sum = zip(distances, queries).reduce(0) { $0 + $1.0 * $1.1.weight }
            found.append(Found(place: UInt32(place), distance: UInt64(rule == .sum ? sum : distances.min() ?? 0)))
        }
        return found
    }

    /// Expects that a query finds in a block what a plain search finds, for limits around the distances there are.
    func expectSame(
        _ query: VectorQuery, _ plain: [Found], in block: Range<Int>, of columns: VectorColumns,
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let sorted = plain.map(\.distance).sorted()
        let some = [0, 1, sorted.count / 9, sorted.count / 2, sorted.count - 1].filter(sorted.indices.contains)
        let limits = [0, query.limit(maxDistance: nil)] + some.map { sorted[$0] } + some.map { sorted[$0] + 1 }
        for limit in limits {
            var room = VectorQuery.Room()
            let count = query.find(nearerThan: limit, in: block, of: columns, into: &room)
            let found = zip(room.places[..<count], room.distances).map { Found(place: $0, distance: $1) }
                .filter { columns.isPresent(block.lowerBound + Int($0.place)) }
            #expect(found == plain.filter { $0.distance < limit }, sourceLocation: sourceLocation)
            #expect(room.bounds[block.count...].allSatisfy { $0 == 0 }, sourceLocation: sourceLocation)
        }
    }

    @Test("Finds the extremes, in blocks of all sizes", arguments: variants, [VectorQuery.Rule.least, .sum])
    func extremes(variant: timbre_variant, rule: VectorQuery.Rule) {
        let vectors = VectorColumnsTests.vectors(90)
        let columns = VectorColumnsTests.columns(vectors)
        for queries in [[(vectors[0]!, 1)], [(vectors[1]!, 3)], [(vectors[0]!, 5), (vectors[1]!, 2)]] {
            let query = VectorQuery(queries, rule: rule, variant: variant)
            for start in 0..<5 {
                for count in Array(1..<10) + Array(60..<72) {
                    let block = start..<start + count
                    expectSame(query, plain(queries, rule, in: vectors[block]), in: block, of: columns)
                }
            }
        }
    }

    @Test(
        "Finds what a plain search finds", arguments: variants,
        [RandomVectors.few, .heads, .tails, .all, .falling])
    func agrees(variant: timbre_variant, random: RandomVectors) {
        var random = random
        let vectors = (0..<1500).map { _ in random.nextOrNone() }
        let columns = VectorColumnsTests.columns(vectors)
        let own = vectors.compactMap { $0 }
        for weights in [[1], [7], [1, 2, 3], [1 << 20, 1]] {
            let queries = zip(own + [random.next()], weights).map { ($0, $1) }
            for rule in [VectorQuery.Rule.least, .sum] {
                let query = VectorQuery(queries, rule: rule, variant: variant)
                for block in [0..<1024, 476..<1500] {
                    expectSame(query, plain(queries, rule, in: vectors[block]), in: block, of: columns)
                }
            }
        }
    }

    // 128 · 254².
    @Test("The greatest distance is exact", arguments: variants)
    func greatest(variant: timbre_variant) {
        let (most, least) = (SIMD64<Int8>(repeating: 127), SIMD64<Int8>(repeating: -127))
        let columns = VectorColumnsTests.columns([TimbreVector(first: least, last: least), nil])
        for rule in [VectorQuery.Rule.least, .sum] {
            let query = VectorQuery([(TimbreVector(first: most, last: most), 1)], rule: rule, variant: variant)
            expectSame(query, [Found(place: 0, distance: 8_258_048)], in: 0..<2, of: columns)
        }
    }

    // 4 · 10⁶, and as a mean of three parts.
    @Test func aLimitIsTheFirstDistanceThatIsTooFar() {
        let vector = TimbreVector(first: SIMD64())
        let one = VectorQuery([(vector, 1)], rule: .sum)
        #expect([-1, 0, 2.5, 3].map { one.limit(maxDistance: $0) } == [0, 1, 3, 4])
        let three = VectorQuery([(vector, 3)], rule: .sum)
        #expect([-1, 0, 2.5, 3].map { three.limit(maxDistance: $0) } == [0, 1, 8, 10])
        #expect(three.limit(maxDistance: 1.0 / 3) == 2)
        #expect(three.limit(maxDistance: nil) > 3 * 8_258_048)
        #expect(three.limit(maxDistance: 1e300) == three.limit(maxDistance: nil))
    }

    @Test func weightsAreNotNegative() async {
        await #expect(processExitsWith: .failure) {
            _ = VectorQuery([(TimbreVector(first: SIMD64()), -1)], rule: .sum)
        }
        await #expect(processExitsWith: .failure) {
            let vectors = (0..<2).map { TimbreVector(first: SIMD64(repeating: $0)) }
            _ = VectorQuery(vectors.map { ($0, 1 << 29) }, rule: .sum)
        }
    }
}

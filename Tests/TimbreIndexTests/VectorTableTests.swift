import Testing
import TimbreCodes

@testable import TimbreIndex

struct VectorTableTests {
    @Test("Finds what the plain definition finds", arguments: [RandomVectors.few, .tails, .heads, .falling, .all])
    func plain(random: RandomVectors) {
        var random = random
        let vectors = (0..<700).map { _ in random.next() }
        let table = VectorTable(vectors)
        #expect(table.count == 700 && table[699] == vectors[699])
        for (number, count) in [(0, 1), (5, 60), (699, 700)] {
            let found = table.nearest(to: vectors[number], count: count, excluding: number)
            let plain = vectors.indices.filter { $0 != number }
                .map {
                    VectorTable.Neighbour(place: $0, squaredDistance: vectors[$0].squaredDistance(to: vectors[number]))
                }
                .sorted { ($0.squaredDistance, $0.place) < ($1.squaredDistance, $1.place) }
            #expect(found == Array(plain.prefix(count)))
        }
    }

    @Test func nothingIsNearInAnEmptyTable() {
        #expect(VectorTable().nearest(to: TimbreVector(first: SIMD64()), count: 3).isEmpty)
    }
}

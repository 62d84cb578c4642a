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

    @Test(
        "The most isolated are those of the plain definition",
        arguments: [RandomVectors.few, .tails, .heads, .falling, .all])
    func isolated(random: RandomVectors) {
        var random = random
        let vectors = (0..<700).map { _ in random.next() }
        let plain = vectors.indices.map { place in
            let nearest = vectors.indices.filter { $0 != place }
                .map { (vectors[$0].squaredDistance(to: vectors[place]), $0) }.min { $0 < $1 }!
            return VectorTable.Isolated(
                place: place, nearest: VectorTable.Neighbour(place: nearest.1, squaredDistance: nearest.0))
        }.sorted { ($1.nearest.squaredDistance, $0.place) < ($0.nearest.squaredDistance, $1.place) }
        for count in [1, 7, 700, 900] {
            let found = VectorTable(vectors).mostIsolated(count) { _ in }
            #expect(found == Array(plain.prefix(count)))
        }
    }

    @Test func aVectorAloneIsNotCompared() {
        for table in [VectorTable([TimbreVector(first: SIMD64())]), VectorTable()] {
            let found = table.mostIsolated(3) { _ in }
            #expect(found.isEmpty)
        }
    }

    @Test func aSearchForIsolatedOnesEndsWhenItIsToldTo() {
        struct Enough: Error {}
        let table = VectorTable((0..<200).map { TimbreVector(first: SIMD64(repeating: Int8($0 % 100))) })
        var told: [Int] = []
        #expect(throws: Enough.self) {
            try table.mostIsolated(3) { done in
                told.append(done)
                if done == 128 { throw Enough() }
            }
        }
        #expect(told == [0, 64, 128])
    }
}

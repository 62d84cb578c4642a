import CTimbreKernels
import Testing
import TimbreCodes

@testable import TimbreIndex

struct CodePlanesTests {
    /// Codes of few bits, of all bits and of none, and random ones.
    static func codes(_ count: Int) -> [TimbreCode] {
        var library = RandomLibrary(seed: 41, bits: 12, vectors: .few)
        return (0..<count).map { place in
            switch place % 7 {
            case 0: TimbreCode(bits: [place % 128])
            case 1: TimbreCode(high: .max, low: .max)
            case 2: TimbreCode(high: library.generator.next(), low: library.generator.next())
            case 3: .empty
            default: library.code()
            }
        }
    }

    static func planes(_ codes: [TimbreCode]) -> CodePlanes {
        var planes = CodePlanes()
        for code in codes { planes.append(code) }
        return planes
    }

    @Test("Gives back what it took", arguments: [1, 63, 512, 513, 1700])
    func givesBack(count: Int) {
        let codes = Self.codes(count)
        var planes = Self.planes(codes)
        planes.trim()
        #expect(planes.count == count)
        #expect((0..<count).map { planes[$0] } == codes)
        #expect((0..<count).map(planes.bitCount) == codes.map(\.bitCount))
        for bit in [0, 1, 63, 64, 100, 127] {
            var places: [Int] = []
            planes.forEachPlace(having: bit) { places.append($0) }
            #expect(places == codes.indices.filter { codes[$0].contains(bit) })
        }
    }

    static let queries = [
        TimbreCode(bits: [127]), TimbreCode(bits: [0, 5, 64]), TimbreCode(bits: 0..<10), TimbreCode(bits: 30..<77),
        TimbreCode(high: .max, low: .max),
    ]

    @Test("Measures as one code after the other", arguments: VectorQueryTests.variants, queries)
    func distances(variant: timbre_variant, query: TimbreCode) {
        let codes = Self.codes(1300)
        let planes = Self.planes(codes)
        let bits = query.bits.map { UInt8($0) }
        for count in [1, 64, 511, 512, 1300] {
            var distances = [UInt8](repeating: 0, count: 1536)
            unsafe planes.withBlocks(from: 0) { blocks in
                unsafe timbre_plane_distances(variant, blocks, count, bits, bits.count, &distances)
            }
            #expect(distances[..<count].map { Int($0) } == codes[..<count].map { $0.distance(to: query) })
        }
    }

    // By hand: owners of one, three, none and twenty elements, and of one each.
    @Test("Adds the least of each owner's", arguments: VectorQueryTests.variants)
    func leasts(variant: timbre_variant) {
        let distances = [7, 9, 4, 8] + (0..<20).map { UInt8(120 - $0) } + Array(repeating: 0, count: 16)
        var sums: [UInt32] = [1, 2, 3, 4]
        unsafe timbre_add_least(variant, distances, [1, 4, 4, 24], 4, 10, &sums)
        #expect(sums == [71, 42, 3, 1014])
        unsafe timbre_add_least(variant, distances, [1, 2, 3, 4], 4, 2, &sums)
        #expect(sums == [85, 60, 11, 1030])
        // As many elements as owners, and yet not one each.
        unsafe timbre_add_least(variant, distances, [1, 1, 3, 4], 4, 1, &sums)
        #expect(sums == [92, 60, 15, 1038])
    }

    @Test("Finds the least of any number", arguments: VectorQueryTests.variants)
    func leastOfMany(variant: timbre_variant) {
        for count in 1..<70 {
            for least in 0..<count {
                var distances = [UInt8](repeating: 200, count: count + 16)
                for place in count..<count + 16 { distances[place] = 0 }
                distances[least] = 9
                var sums: [UInt32] = [1]
                unsafe timbre_add_least(variant, distances, [UInt32(count)], 1, 3, &sums)
                #expect(sums == [28])
            }
        }
    }

    @Test func aPlainReadSeesEveryByte() {
        for place in 0..<300 {
            var bytes = [UInt8](repeating: 0, count: 300)
            #expect(bytes.read() == 0)
            bytes[place] = 4
            #expect(bytes.read() != 0)
            #expect(bytes.read(place) == 0)
        }
    }
}

import Testing
import TimbreCodes

@testable import TimbreIndex

struct VectorColumnsTests {
    /// Vectors of the least and greatest values, and random ones, some absent.
    static func vectors(_ count: Int) -> [TimbreVector?] {
        var random = RandomVectors.all
        return (0..<count).map { place in
            switch place % 5 {
            case 0: TimbreVector(first: SIMD64(repeating: 127), last: SIMD64(repeating: 127))
            case 1: TimbreVector(first: SIMD64(repeating: -127), last: SIMD64(repeating: -127))
            default: random.nextOrNone()
            }
        }
    }

    static func columns(_ vectors: [TimbreVector?]) -> VectorColumns {
        var columns = VectorColumns()
        for vector in vectors { columns.append(vector) }
        return columns
    }

    @Test func givesBackWhatItTook() {
        let vectors = Self.vectors(100)
        var columns = Self.columns(vectors)
        columns.trim()
        #expect(columns.count == 100)
        #expect(vectors.indices.allSatisfy { columns[$0] == vectors[$0] })
        #expect(vectors.contains(nil))
    }

    @Test func aVectorWhoseFirstByteIsLeastIsAbsent() {
        let absent = TimbreVector(bytes: [0x80] + [UInt8](repeating: 5, count: 127))
        let present = TimbreVector(bytes: [0x81, 0x80] + [UInt8](repeating: 5, count: 126))
        let columns = Self.columns([absent, present, nil])
        #expect((0..<3).map(columns.isPresent) == [false, true, false])
        #expect((0..<3).map { columns[$0] } == [nil, present, nil])
    }
}

import Testing
import TimbreCodes

@testable import TimbreIndex

struct SegmentTests {
    static func file(_ id: Int64, sampleCount: Int = 22050, spans: [IndexedSpan], vector: TimbreVector?) -> IndexedFile
    {
        IndexedFile(
            id: id, directory: 1, name: Array("a".utf8), duration: 1, channelCount: 65_535, sampleCount: sampleCount,
            added: 0.5, isOffline: id % 2 == 0, spans: spans, vector: vector)
    }

    static func vector(_ value: Int8) -> TimbreVector { TimbreVector(first: SIMD64(repeating: value)) }

    @Test func aVectorThatAFileAndItsOnlySpanHaveInCommonIsKeptOnce() {
        let code = TimbreCode(bits: [1])
        let span = IndexedSpan(number: 0, code: code, vector: Self.vector(3))
        let other = IndexedSpan(number: 1, code: code, vector: Self.vector(4))
        let files = [
            Self.file(1, spans: [span], vector: span.vector),
            Self.file(2, spans: [other], vector: span.vector),
            Self.file(3, spans: [span, other], vector: span.vector),
            Self.file(4, spans: [IndexedSpan(number: 0, code: .empty), other], vector: other.vector),
            Self.file(5, spans: [], vector: span.vector),
            Self.file(6, spans: [IndexedSpan(number: 0, code: code)], vector: nil),
            Self.file(7, spans: [IndexedSpan(number: 0, code: code)], vector: span.vector),
            Self.file(8, spans: [span], vector: nil),
        ]
        var segment = Segment()
        for file in files { segment.append(file, directory: 0) }
        var copy = Segment()
        for row in files.indices { copy.append(row, of: segment) }
        for segment in [segment, copy] {
            #expect(segment.spans.ownPlaces == [1, 2, 3, 6, 7])
            #expect(files.indices.filter(segment.hasSharedVector) == [0, 3, 5])
            let values: [Int8?] = [3, 4, 3, 4, 4, nil, nil, 3]
            #expect((0..<8).map(segment.vector) == values.map { $0.map(Self.vector) })
        }
    }

    @Test func aSpanKnowsItsFile() {
        var segment = Segment()
        let counts = [0, 2, 0, 0, 1, 9, 1, 1, 0, 40, 0, 3, 0]
        for (id, count) in counts.enumerated() {
            let spans = (0..<count).map { IndexedSpan(number: $0, code: TimbreCode(bits: [$0])) }
            segment.append(Self.file(Int64(id), spans: spans, vector: nil), directory: 0)
        }
        let owners = counts.enumerated().flatMap { row, count in Array(repeating: row, count: count) }
        #expect(owners.indices.map { segment.files.row(ofSpan: $0) } == owners)
        for first in counts.indices {
            for (place, owner) in owners.enumerated() where owner >= first {
                #expect(segment.files.row(ofSpan: place, from: first) == owner)
            }
        }
    }

    @Test func greatNumbersAreKept() {
        let numbers = [3, 65_535, 65_536, 7, 4_000_000_000]
        let spans = numbers.map { IndexedSpan(number: $0, code: TimbreCode(bits: [5])) }
        let ids: [Int64] = [.min, -5, 0, 4_294_967_290, 4_294_967_291, 9_000_000_000, .max]
        var files = ids.map { id in Self.file(id, sampleCount: 1 << 46 - 1, spans: spans, vector: nil) }
        files[3].isOffline = true
        var index = TimbreIndex()
        index.insert(files)
        #expect(index.ids == ids)
        #expect(index.segments.map(\.fileCount) == [1, 3, 1, 1, 1])
        for file in files { #expect(index.file(file.id) == file) }
        // Made anew, segments are as far apart.
        index.insert([Self.file(-4, spans: [], vector: nil)])
        index.setOffline([4_294_967_290], false)
        #expect(index.file(4_294_967_290)?.isOffline == false)
        #expect(index.file(-5)?.channelCount == 65_535 && index.file(-5)?.sampleCount == 1 << 46 - 1)
        index.remove([-5, 0])
        #expect(index.ids == [.min, -4, 4_294_967_290, 4_294_967_291, 9_000_000_000, .max])
    }
}

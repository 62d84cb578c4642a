import Testing
import TimbreCodes

@testable import TimbreIndex

struct TimbreIndexTests {
    static let paths = ["/a", "/a/b", "/a/bc", "/d", "/"]

    /// The same files in a live index and in a plain one.
    func library(
        _ count: Int, seed: UInt64, bits: Int, vectors: RandomVectors = RandomVectors()
    ) -> (index: TimbreIndex, plain: PlainIndex, RandomLibrary) {
        var random = RandomLibrary(seed: seed, bits: bits, vectors: vectors)
        var (index, plain) = (TimbreIndex(), PlainIndex())
        let files = (0..<count).map { random.file(Int64($0) * 3) }
        index.insert(files)
        for file in files { plain.files[file.id] = file }
        for (directory, path) in Self.paths.enumerated() {
            index.setDirectory(Int64(directory), path: Array(path.utf8))
            plain.directories[Int64(directory)] = Array(path.utf8)
        }
        return (index, plain, random)
    }

    func expectSame(
        _ index: TimbreIndex, _ plain: PlainIndex, _ queries: [TimbreCode], excluding: Set<Int64> = [],
        filter: IndexFilter = IndexFilter(), where admits: (IndexedFile) -> Bool = { !$0.isOffline },
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        var spans = plain.nearestSpans(to: queries, count: .max, excluding: excluding, where: admits)
        var files = plain.nearestFiles(to: queries, count: .max, excluding: excluding, where: admits)
        if let farthest = filter.maxDistance {
            spans.removeAll { Double($0.distance) > farthest }
            files.removeAll { $0.distance > farthest }
        }
        for count in [1, 10, 77, 100_000] {
            #expect(
                index.nearestSpans(to: queries, count: count, filter: filter, excluding: excluding)
                    == Array(spans.prefix(count)), sourceLocation: sourceLocation)
            #expect(
                index.nearestFiles(to: queries, count: count, filter: filter, excluding: excluding)
                    == Array(files.prefix(count)), sourceLocation: sourceLocation)
        }
    }

    @Test("Agrees with a plain search", arguments: [(3, 1), (7, 1), (128, 1), (3, 2), (7, 3), (5, 40)])
    func agrees(bits: Int, queryCount: Int) {
        var (index, plain, random) = library(1200, seed: UInt64(bits * queryCount), bits: bits)
        for _ in 0..<2 {
            let queries = (0..<queryCount).map { _ in random.code() }
            expectSame(index, plain, queries)
        }
    }

    @Test func findsAcrossSegments() {
        var (index, plain, random) = library(9500, seed: 1, bits: 4)
        #expect(index.segments.map(\.fileCount) == [4096, 4096, 1308])
        #expect(index.ids == plain.sorted.map(\.id))
        expectSame(index, plain, [random.code(), random.code()])
    }

    @Test func segmentsAreSplitAndJoinedOnlyWhenTheyMust() {
        var (index, plain, random) = library(9000, seed: 9, bits: 4)
        // One file less is no reason to split, nor is one that takes the place of another.
        index.remove([30])
        index.insert([random.file(30)])
        index.insert([random.file(33)])
        #expect(index.segments.map(\.fileCount) == [4096, 4096, 808])
        index.insert([random.file(31)])
        #expect(index.segments.map(\.fileCount) == [3072, 1025, 4096, 808])
        index.remove(Array(plain.sorted.map(\.id)[100..<8000]))
        index.remove([0])
        #expect(index.segments.count < 4)
        index.remove([3])
        index.remove([6])
        #expect(index.segments.map(\.fileCount) == [1098])
    }

    @Test func codesThatOccurTwiceCountTwiceAndEmptyOnesNotAtAll() {
        var (index, plain, random) = library(500, seed: 2, bits: 5)
        let (a, b) = (random.code(), random.code())
        expectSame(index, plain, [a, a, .empty, b])
        #expect(index.nearestFiles(to: [a, b], count: 20) != index.nearestFiles(to: [a, a, a, b], count: 20))
        #expect(index.nearestSpans(to: [.empty], count: 5).isEmpty)
        #expect(index.nearestFiles(to: [], count: 5).isEmpty)
        #expect(index.nearestFiles(to: [a], count: 0).isEmpty)
    }

    // D14 of the code's definition: distance, then shared bits, then age. Here the query is 1111, and the codes are
    // 1100 (distance 2, two shared), 111111 (2, four), 1111 (0), 1100 again, and one that shares nothing.
    @Test func equallyNearSpansComeBySharedBitsThenByAge() {
        var index = TimbreIndex()
        let codes = [[0, 1], [0, 1, 2, 3, 4, 5], [0, 1, 2, 3], [0, 1], [100, 101]]
        for (id, bits) in codes.enumerated() {
            let spans = [TimbreSpan(number: 0, code: .empty), TimbreSpan(number: 1, code: TimbreCode(bits: bits))]
            index.insert([
                IndexedFile(
                    id: Int64(id), directory: 1, name: [], duration: 1, channelCount: 1, sampleCount: 22050, added: 0,
                    spans: spans)
            ])
        }
        let query = TimbreCode(bits: 0..<4)
        let matches = index.nearestSpans(to: [query], count: 10)
        #expect(matches.map(\.file) == [2, 1, 0, 3, 4])
        #expect(matches.map(\.distance) == [0, 2, 2, 2, 6])
        #expect(matches.map(\.sharedBits) == [4, 4, 2, 2, 0])
        #expect(matches.allSatisfy { $0.span == 1 && $0.end == 1 })
        #expect(index.nearestFiles(to: [query], count: 10).map(\.file) == [2, 1, 0, 3, 4])
        #expect(index.spanCount == 5)
    }

    @Test func staysRightThroughManyChanges() {
        var (index, plain, random) = library(6000, seed: 3, bits: 4)
        for round in 0..<60 {
            switch round % 6 {
            case 0:
                let gone = (0..<300).map { _ in Int64(random.generator.index(below: 20_000)) }
                index.remove(gone)
                for id in gone { plain.files[id] = nil }
            case 1, 2:
                let come = (0..<(round == 1 ? 3000 : 80)).map { _ in
                    random.file(Int64(random.generator.index(below: 22_000)))
                }
                index.insert(come)
                for file in come { plain.files[file.id] = file }
            case 3:
                for file in plain.sorted.prefix(40) {
                    let name = Array(String(repeating: "n", count: random.generator.index(below: 40)).utf8)
                    index.rename(file.id, directory: 77, name: name)
                    plain.files[file.id]?.name = name
                    plain.files[file.id]?.directory = 77
                }
            case 4:
                let away = plain.sorted.map(\.id).filter { $0 % 7 == Int64(round % 7) }
                index.setOffline(away + [-5, 1_000_000], round % 4 == 0)
                for id in away { plain.files[id]?.isOffline = round % 4 == 0 }
            default:
                // All of the first thousand, so that segments become small and are joined.
                let gone = plain.sorted.prefix(1000).map(\.id)
                if round > 40 {
                    index.remove(gone)
                    for id in gone { plain.files[id] = nil }
                }
            }
            #expect(index.ids == plain.sorted.map(\.id))
            #expect(index.segments.allSatisfy { (1...Segment.fileLimit).contains($0.fileCount) })
        }
        for var file in plain.sorted {
            file.spans.removeAll(where: \.isEmpty)
            #expect(index.file(file.id) == file)
        }
        #expect(index.fileCount == plain.files.count)
        #expect(index.spanCount == plain.sorted.reduce(0) { $0 + $1.spans.count { !$0.isEmpty } })
        expectSame(index, plain, [random.code()])
        expectSame(index, plain, (0..<5).map { _ in random.code() })
        index.remove(index.ids)
        #expect(index.segments.isEmpty && index.file(3) == nil)
    }

    @Test func aSnapshotDoesNotChange() {
        var (index, plain, random) = library(5000, seed: 4, bits: 4)
        let (snapshot, before) = (index, plain)
        index.remove(index.ids.filter { $0 % 2 == 0 })
        index.insert((0..<100).map { random.file($0 * 3 + 1) })
        index.rename(3, directory: 1, name: [1, 2, 3])
        index.setOffline(index.ids.filter { $0 % 5 == 0 }, true)
        index.setDirectory(1, path: [UInt8](("/elsewhere").utf8))
        expectSame(snapshot, before, [random.code(), random.code()])
        #expect(snapshot.ids == before.sorted.map(\.id))
        for var file in before.sorted.prefix(300) {
            file.spans.removeAll(where: \.isEmpty)
            #expect(snapshot.file(file.id) == file)
        }
        #expect(snapshot.ids.filter { snapshot.path(of: $0)?.starts(with: Array("/elsewhere".utf8)) ?? false } == [])
    }
}

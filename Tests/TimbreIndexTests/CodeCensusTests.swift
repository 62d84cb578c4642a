import Testing
import TimbreCodes

@testable import TimbreIndex

struct CodeCensusTests {
    @Test func agreesWithPlainCounting() throws {
        var random = RandomLibrary(seed: 11, bits: 6, vectors: .few)
        // More than a segment holds.
        let files = (1...5000).map { random.file(Int64($0)) }
        var index = TimbreIndex()
        index.insert(files)
        let found = files.filter { file in !file.isOffline && file.spans.contains { !$0.isEmpty } }
        let codes = TimbreCode(bits: [0, 1, 2, 9, 40, 77, 126, 127])
        let excluded: Set<Int64> = [1, 2, 3, 50, 4999]
        for count in [1, 7, 10_000] {
            let census = index.census(of: codes, naming: count, excluding: excluded)
            #expect(census.fileCount == found.count)
            #expect(Set(census.uses.keys) == Set(codes.bits))
            for (code, use) in census.uses {
                let having = found.filter { file in file.spans.contains { $0.code.contains(code) } }
                #expect(use.fileCount == having.count)
                let purity = { (file: IndexedFile) in
                    file.spans.filter { $0.code.contains(code) }.map(\.code.bitCount).min() ?? 0
                }
                let purest = having.filter { !excluded.contains($0.id) }
                    .sorted { (purity($0), $0.id) < (purity($1), $1.id) }
                #expect(use.purest == purest.prefix(count).map(\.id))
            }
        }
    }

    @Test func anEmptyLibraryHasNoFiles() {
        let census = TimbreIndex().census(of: TimbreCode(bits: [3]), naming: 1)
        #expect(census == CodeCensus(fileCount: 0, uses: [3: CodeCensus.Use(fileCount: 0, purest: [])]))
    }
}

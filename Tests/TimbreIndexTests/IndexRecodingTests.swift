import Testing
import TimbreCodes

@testable import TimbreIndex

struct IndexRecodingTests {
    private func file(_ id: Int64, _ spans: [(Int, Int)]) -> IndexedFile {
        IndexedFile(
            id: id, directory: 1, name: Array("\(id)".utf8), duration: 1, channelCount: 1, sampleCount: 100, added: 0,
            isOffline: id % 3 == 0,
            spans: spans.map { number, bit in
                var code = TimbreCode.empty
                code.insert(bit)
                return IndexedSpan(number: number, code: code, vector: nil)
            }, vector: nil)
    }

    /// So many files of no, one or two spans each, with a bit that depends on `shift`.
    private func files(_ count: Int64, shift: Int) -> [IndexedFile] {
        (1...count).map { id in file(id * 2, (0..<Int(id % 3)).map { ($0 * 2, (Int(id) + $0 + shift) % 128) }) }
    }

    private func index(_ files: [IndexedFile]) -> TimbreIndex {
        var index = TimbreIndex()
        index.insert(files)
        return index
    }

    private func described(_ index: TimbreIndex) -> [IndexedFile?] { index.ids.map { index.file($0) } }

    @Test func theSameFilesGetOtherCodes() throws {
        // More than one segment of them.
        let (old, new) = (files(5000, shift: 0), files(5000, shift: 7))
        let before = index(old)
        var recoding = IndexRecoding(before)
        for file in new { recoding.append(file.id, file.spans) }
        let recoded = try #require(recoding.finish())
        #expect(described(recoded) == described(index(new)))
        #expect(described(before) == described(index(old)))
        var code = TimbreCode.empty
        code.insert(9)
        #expect(
            recoded.nearestFiles(to: [code], count: 20).map(\.file)
                == index(new).nearestFiles(to: [code], count: 20).map(\.file))
    }

    @Test func otherFilesOrOtherSpansDoNotFit() {
        let old = index(files(10, shift: 0))
        let changes: [([IndexedFile]) -> [IndexedFile]] = [
            { Array($0.dropLast()) }, { Array($0.dropFirst()) }, { $0 + [self.file(99, [])] },
            { $0.map { $0.id == 4 ? self.file(4, [(0, 1)]) : $0 } },
            { $0.map { $0.id == 2 ? self.file(2, [(1, 1)]) : $0 } },
            { $0.map { $0.id == 6 ? self.file(7, []) : $0 } },
        ]
        for change in changes {
            var recoding = IndexRecoding(old)
            for file in change(files(10, shift: 1)) { recoding.append(file.id, file.spans) }
            #expect(recoding.finish() == nil)
        }
        #expect(IndexRecoding(TimbreIndex()).finish()?.fileCount == 0)
    }
}

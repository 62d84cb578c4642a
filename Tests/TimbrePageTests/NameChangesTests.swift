import Testing
import TimbreWire

@testable import TimbrePage

/// What becomes of names when the library changes, held against a listing of what is there then.
struct NameChangesTests {
    private func item(_ number: Int, _ path: String, added: Double = 0) -> FileItem {
        FileItem(path: WirePath(path.utf8), id: number, state: .indexed, duration: 1, channels: 2, added: added)
    }

    private func table(_ files: [FileItem]) -> NameTable {
        var table = NameTable()
        for file in files { table.append(file) }
        table.finish()
        return table
    }

    private func paths(_ table: NameTable, _ query: NameQuery = NameQuery(count: 10_000)) -> [String] {
        table.find(query).files.map { $0.path.shown }.sorted()
    }

    @Test func newFilesAreFoundAndOldOnesReplaced() {
        var table = table([item(3, "/s/c"), item(7, "/s/g")])
        let areNew = [item(9, "/t/i"), item(5, "/s/e"), item(7, "/s/h")].map { table.insert($0) }
        #expect(areNew == [true, true, false])
        #expect(paths(table) == ["/s/c", "/s/e", "/s/h", "/t/i"])
        #expect(table.file(numbered: 5)?.path.shown == "/s/e" && table.file(numbered: 4) == nil)
        #expect(table.count == 4)
    }

    @Test func whatIsHiddenComesBackAsItWas() {
        var table = table([item(1, "/s/a"), item(2, "/s/b")])
        table.hide(1)
        #expect(paths(table) == ["/s/b"] && table.file(numbered: 1) == nil)
        table.hide(1, false)
        #expect(paths(table) == ["/s/a", "/s/b"])
        table.remove(2)
        table.remove(2)
        table.hide(2, false)
        #expect(paths(table) == ["/s/a"] && table.count == 1)
    }

    @Test func whatIsOfflineAtTheStartCanComeBack() {
        var table = table([FileItem(path: WirePath("/s/a".utf8), id: 1, state: .offline, duration: 3)])
        #expect(paths(table) == [])
        table.hide(1, false)
        #expect(table.file(numbered: 1)?.duration == 3)
    }

    @Test func filesAndFoldersAreRenamed() {
        var table = table([item(1, "/s/a/x"), item(2, "/s/a/b/y"), item(3, "/s/ab/z")])
        table.rename(3, to: WirePath("/s/c/Z".utf8))
        table.renameFolder(WirePath("/s/a".utf8), to: WirePath("/t".utf8))
        #expect(paths(table) == ["/s/c/Z", "/t/b/y", "/t/x"])
        table.insert(item(4, "/s/a/new"))
        #expect(paths(table, NameQuery(words: ["/t"])) == ["/t/b/y", "/t/x"])
        #expect(table.files(at: [WirePath("/t/x".utf8), WirePath("/s/a/x".utf8)]).map { $0?.number } == [1, nil])
    }

    @Test func whenAFileCameIsAFilter() {
        let table = table([item(1, "/s/a", added: 100), item(2, "/s/b", added: 200)])
        #expect(paths(table, NameQuery(filter: FileFilter(since: 150))) == ["/s/b"])
        #expect(table.numbers(NameQuery(filter: FileFilter(since: 100), count: 0)).sorted() == [1, 2])
    }

    /// As a plain dictionary has it, over so many changes that rows are tidied up.
    @Test func manyChangesAreFollowed() {
        var random = SystemRandomNumberGenerator()
        var (table, plain, next) = (table([]), [Int: String](), 1)
        for _ in 0..<40_000 {
            if plain.isEmpty || Bool.random(using: &random) {
                plain[next] = "/s/\(next % 20)/\(next)"
                table.insert(item(next, "/s/\(next % 20)/\(next)"))
                next += 1
            } else if let number = plain.keys.first {
                plain[number] = nil
                table.remove(number)
            }
        }
        #expect(table.count == plain.count)
        #expect(table.numbers(NameQuery(count: 0)).sorted() == plain.keys.sorted())
        #expect(plain.allSatisfy { table.file(numbered: $0.key)?.path.shown == $0.value })
    }
}

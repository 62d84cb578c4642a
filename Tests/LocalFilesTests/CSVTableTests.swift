import Testing

@testable import LocalFiles

struct CSVTableTests {
    struct Case {
        var text: String
        /// The rows, the names of the columns first.
        var fields: [[String]]
    }

    // What Python's csv module makes of the same texts, but for empty lines, which are no rows here either.
    static let cases = [
        Case(text: "a", fields: [["a"]]),
        Case(text: "a,b\n1,2\n3,4\n", fields: [["a", "b"], ["1", "2"], ["3", "4"]]),
        Case(text: "a,b\r\n1,2\r\n3,4", fields: [["a", "b"], ["1", "2"], ["3", "4"]]),
        Case(text: "a,b\r1,2\r", fields: [["a", "b"], ["1", "2"]]),
        Case(text: "\u{FEFF}a,b\n,\n", fields: [["a", "b"], ["", ""]]),
        Case(text: "a\n\n\r\n1\n", fields: [["a"], ["1"]]),
        Case(text: "a,b\n\"1,\n2\",\"say \"\"x\"\"\"\n", fields: [["a", "b"], ["1,\n2", "say \"x\""]]),
        Case(text: "a,b\n\"\",x\"y\n", fields: [["a", "b"], ["", "x\"y"]]),
        Case(text: "\"a\",\"b\"\r\n\"1\",\"2\"", fields: [["a", "b"], ["1", "2"]]),
    ]

    @Test("Takes a text apart", arguments: cases)
    func reads(example: Case) throws {
        let table = try CSVTable(Array(example.text.utf8))
        let found = ([table.columns] + table.rows.map(\.fields)).map { $0.map { String(decoding: $0, as: UTF8.self) } }
        #expect(found == example.fields)
    }

    @Test func rowsKnowTheirLines() throws {
        let table = try CSVTable(Array("a,b\n\n\"1\n\n\",2\r\n3,4\r5,6".utf8))
        #expect(table.rows.map(\.line) == [3, 6, 7])
    }

    @Test func namesAreBytes() throws {
        let table = try CSVTable(Array("path\n".utf8) + [0x80, 0x2C - 1, 0xFF])
        #expect(table.rows.map(\.fields) == [[[0x80, 0x2B, 0xFF]]])
        #expect(table.column("path") == 0 && table.column("label") == nil)
    }

    struct Wrong {
        var text: String
        var line: Int
    }

    static let wrong = [
        Wrong(text: "", line: 1), Wrong(text: "\n\n", line: 1), Wrong(text: "a,b\n1\n", line: 2),
        Wrong(text: "a\n1\n1,2", line: 3), Wrong(text: "a\n\"\n\"\n\"b\n\n", line: 4),
        Wrong(text: "a\n\"b\"c", line: 2),
    ]

    @Test("Names the line that is wrong", arguments: wrong)
    func complains(example: Wrong) {
        let mistake = #expect(throws: CSVTable.Mistake.self) { try CSVTable(Array(example.text.utf8)) }
        #expect(mistake?.line == example.line)
    }
}

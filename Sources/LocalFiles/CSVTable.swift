/// A table in comma-separated values, as RFC 4180 describes it, whose first line names the columns.
///
/// Fields are bytes. A line may end in LF, CR LF or CR, the text may begin with a byte order mark, and empty lines
/// are skipped.
struct CSVTable: Hashable {
    struct Row: Hashable {
        /// The line of the text in which the row begins, from 1.
        var line: Int
        var fields: [[UInt8]]
    }

    /// What is wrong with a text, and in which line.
    struct Mistake: Error, Hashable {
        var line: Int
        var reason: String
    }

    let columns: [[UInt8]]
    /// The rows below the names, each with as many fields as there are columns.
    let rows: [Row]

    init(_ text: [UInt8]) throws(Mistake) {
        var reader = CSVReader(text)
        guard let head = try reader.next() else { throw Mistake(line: 1, reason: "there is nothing in it") }
        var rows: [Row] = []
        while let row = try reader.next() {
            guard row.fields.count == head.fields.count else {
                throw Mistake(
                    line: row.line,
                    reason: "\(row.fields.count) values, where the first line names \(head.fields.count)")
            }
            rows.append(row)
        }
        columns = head.fields
        self.rows = rows
    }

    /// The place of a column; nil if there is none of this name.
    func column(_ name: String) -> Int? { columns.firstIndex { $0.elementsEqual(name.utf8) } }
}

/// Parses comma-separated values, row by row.
private struct CSVReader {
    private var rest: ArraySlice<UInt8>
    private var line = 1

    init(_ text: [UInt8]) {
        rest = text[...]
        if rest.starts(with: [0xEF, 0xBB, 0xBF]) { rest = rest.dropFirst(3) }
    }

    /// The next row that has anything in it; nil at the end.
    mutating func next() throws(CSVTable.Mistake) -> CSVTable.Row? {
        while !rest.isEmpty {
            var row = CSVTable.Row(line: line, fields: [])
            repeat { row.fields.append(try field()) } while take(",")
            endLine()
            if row.fields != [[]] { return row }
        }
        return nil
    }

    private mutating func field() throws(CSVTable.Mistake) -> [UInt8] {
        let start = line
        guard take("\"") else {
            let field = rest.prefix { ![UInt8(ascii: ","), 0x0A, 0x0D].contains($0) }
            rest = rest[field.endIndex...]
            return Array(field)
        }
        var field: [UInt8] = []
        while true {
            let part = rest.prefix { $0 != UInt8(ascii: "\"") }
            field += part
            line += part.count { $0 == 0x0A }
            rest = rest[part.endIndex...]
            guard take("\"") else {
                throw CSVTable.Mistake(line: start, reason: "the quotation mark is not closed")
            }
            // Two quotation marks within a quoted field are one.
            guard take("\"") else { break }
            field.append(UInt8(ascii: "\""))
        }
        guard let next = rest.first, ![UInt8(ascii: ","), 0x0A, 0x0D].contains(next) else { return field }
        throw CSVTable.Mistake(line: line, reason: "there is something behind the closing quotation mark")
    }

    private mutating func endLine() {
        let hasReturn = take("\r")
        if take("\n") || hasReturn { line += 1 }
    }

    private mutating func take(_ character: Unicode.Scalar) -> Bool {
        guard rest.first == UInt8(ascii: character) else { return false }
        rest.removeFirst()
        return true
    }
}

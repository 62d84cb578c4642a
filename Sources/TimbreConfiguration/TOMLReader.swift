/// Reads TOML 1.0, except for arrays of tables (`[[…]]`), and without parsing dates and times.
///
/// Strict, and safe with any input: the existing TOML library for Swift ends the process over a misplaced bracket.
/// Source: <https://toml.io/en/v1.0.0>.
struct TOMLReader {
    /// How deep lists and tables may be nested.
    private static let deepest = 32

    private var cursor: TOMLCursor

    /// Reads a text without NULs.
    ///
    /// - Throws: ``TOMLError`` with the line of the first mistake.
    static func read(_ text: String) throws(TOMLError) -> TOMLTable {
        let (table, mistake) = readToMistake(text)
        if let mistake { throw mistake }
        return table
    }

    /// Reads a text without NULs up to its first mistake.
    ///
    /// - Returns: What stands before the mistake, and the mistake with its line; nil if there is none.
    static func readToMistake(_ text: String) -> (table: TOMLTable, mistake: TOMLError?) {
        var (reader, table) = (TOMLReader(cursor: TOMLCursor(text)), TOMLTable())
        do throws(TOMLError) {
            try reader.readStatements(into: &table)
            return (table, nil)
        } catch { return (table, error) }
    }

    private mutating func readStatements(into table: inout TOMLTable) throws(TOMLError) {
        var header = [String]()
        while try cursor.skipLines() {
            let start = cursor.line
            if cursor.take("[") {
                guard cursor.next != UInt8(ascii: "[") else {
                    throw cursor.error("there are no lists of tables in this file")
                }
                header = try takeKey()
                guard cursor.take("]") else { throw cursor.error("the table's name must end with ]") }
                try table.open(header[...], line: start)
            } else {
                let key = try takeKey()
                guard cursor.take("=") else { throw cursor.error("a key must be followed by = and a value") }
                cursor.skipBlanks()
                let content = try takeValue(depth: 0)
                try table.add(key[...], under: header[...], TOMLValue(content: content, line: start))
            }
            cursor.skipBlanks()
            try cursor.skipComment()
            guard cursor.next == nil || cursor.takeNewline() else {
                throw cursor.error("there is more on the line than belongs there")
            }
        }
    }

    /// Takes a key, name by name, and the blanks around it.
    private mutating func takeKey() throws(TOMLError) -> [String] {
        var names: [String] = []
        repeat {
            cursor.skipBlanks()
            names.append(try takeName())
            cursor.skipBlanks()
        } while cursor.take(".")
        return names
    }

    private mutating func takeName() throws(TOMLError) -> String {
        if cursor.next == UInt8(ascii: "\"") || cursor.next == UInt8(ascii: "'") {
            return try TOMLString.takeLine(from: &cursor)
        }
        let name = cursor.take { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        guard !name.isEmpty else {
            throw cursor.error("a name is missing here, of letters, digits, - and _, or in quotes")
        }
        return name
    }

    /// Takes a value, which begins here.
    ///
    /// - Parameter depth: How many lists and tables it is nested in.
    private mutating func takeValue(depth: Int) throws(TOMLError) -> TOMLValue.Content {
        guard depth < Self.deepest else { throw cursor.error("lists and tables lie too deep in each other") }
        switch cursor.next {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try TOMLString.take(from: &cursor))
        case UInt8(ascii: "["): return .array(try takeArray(depth: depth))
        case UInt8(ascii: "{"): return .table(try takeTable(depth: depth))
        default: return try TOMLWord.take(from: &cursor)
        }
    }

    private mutating func takeArray(depth: Int) throws(TOMLError) -> [TOMLValue] {
        var items: [TOMLValue] = []
        _ = cursor.take("[")
        while try cursor.skipLines() {
            if cursor.take("]") { return items }
            items.append(TOMLValue(content: try takeValue(depth: depth + 1), line: cursor.line))
            try cursor.skipLines()
            if cursor.take(",") { continue }
            guard cursor.next == UInt8(ascii: "]") else { break }
        }
        throw cursor.error("a list must end with ], with commas between what is in it")
    }

    private mutating func takeTable(depth: Int) throws(TOMLError) -> TOMLTable {
        var table = TOMLTable(.braces)
        _ = cursor.take("{")
        cursor.skipBlanks()
        if cursor.take("}") { return table }
        while true {
            let (start, key) = (cursor.line, try takeKey())
            guard cursor.take("=") else { throw cursor.error("a key must be followed by = and a value") }
            cursor.skipBlanks()
            let content = try takeValue(depth: depth + 1)
            try table.add(key[...], under: [], TOMLValue(content: content, line: start))
            cursor.skipBlanks()
            if cursor.take("}") { return table }
            guard cursor.take(",") else {
                throw cursor.error("a table in braces must end with }, with commas between what is in it")
            }
        }
    }
}

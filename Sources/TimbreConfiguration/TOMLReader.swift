/// Reads TOML 1.0, but for lists of tables (`[[…]]`), and without looking into dates and times.
///
/// Strict, and safe with any bytes: of libraries that read TOML, the one for Swift ends the process over a bracket in
/// the wrong place. Source: <https://toml.io/en/v1.0.0>.
struct TOMLReader {
    /// How deep lists and tables may lie in each other.
    static let deepest = 32

    let bytes: [UInt8]
    var index = 0
    var line = 1

    /// Reads a text that holds no NUL.
    ///
    /// - Throws: ``TOMLError`` with the line of the first mistake.
    static func read(_ text: String) throws(TOMLError) -> TOMLTable {
        var reader = TOMLReader(bytes: Array(text.utf8))
        // A byte order mark may stand first.
        if reader.bytes.starts(with: [0xef, 0xbb, 0xbf]) { reader.index = 3 }
        return try reader.readStatements()
    }

    private init(bytes: [UInt8]) { self.bytes = bytes }

    private mutating func readStatements() throws(TOMLError) -> TOMLTable {
        var (table, header) = (TOMLTable(), [String]())
        while try skipLines() {
            let start = line
            if take("[") {
                guard next != UInt8(ascii: "[") else { throw error("there are no lists of tables in this file") }
                header = try takeKey()
                guard take("]") else { throw error("the table's name must end with ]") }
                try table.open(header[...], line: start)
            } else {
                let key = try takeKey()
                guard take("=") else { throw error("a key must be followed by = and a value") }
                skipBlanks()
                let content = try takeValue(depth: 0)
                try table.add(key[...], under: header[...], TOMLValue(content: content, line: start))
            }
            skipBlanks()
            try skipComment()
            guard next == nil || takeNewline() else { throw error("there is more on the line than belongs there") }
        }
        return table
    }

    /// Takes a key, name by name, and the blanks around it.
    mutating func takeKey() throws(TOMLError) -> [String] {
        var names: [String] = []
        repeat {
            skipBlanks()
            names.append(try takeName())
            skipBlanks()
        } while take(".")
        return names
    }

    private mutating func takeName() throws(TOMLError) -> String {
        if next == UInt8(ascii: "\"") || next == UInt8(ascii: "'") { return try takeLine() }
        let name = bytes[index...].prefix { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "_") }
        guard !name.isEmpty else { throw error("a name is missing here, of letters, digits, - and _, or in quotes") }
        index += name.count
        return String(decoding: name, as: UTF8.self)
    }

    // Bytes.

    /// The byte that comes next; nil at the end.
    var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    func error(_ problem: String) -> TOMLError { TOMLError(line, problem) }

    /// Takes a text if it comes next.
    mutating func take(_ text: StaticString) -> Bool {
        let taken = text.utf8CodeUnitCount
        let isNext = unsafe bytes[index...].starts(
            with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        if isNext { index += taken }
        return isNext
    }

    mutating func skipBlanks() {
        while next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") { index += 1 }
    }

    /// Takes the end of a line.
    mutating func takeNewline() -> Bool {
        guard take("\n") || take("\r\n") else { return false }
        line += 1
        return true
    }

    mutating func skipComment() throws(TOMLError) {
        guard next == UInt8(ascii: "#") else { return }
        while let byte = next, byte != UInt8(ascii: "\n"), !bytes[index...].starts(with: [13, 10]) {
            guard !byte.isControl else { throw error("a control character") }
            index += 1
        }
    }

    /// Passes over blanks, comments and ends of lines; false if the text ends there.
    @discardableResult mutating func skipLines() throws(TOMLError) -> Bool {
        repeat {
            skipBlanks()
            try skipComment()
        } while takeNewline()
        return next != nil
    }
}

extension UInt8 {
    var isDigit: Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(self) }
    var isLetterOrDigit: Bool { isDigit || (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(self | 0x20) }
    /// Whether it is a control character of ASCII other than a tab.
    var isControl: Bool { (self < 0x20 && self != 9) || self == 0x7f }
}

/// Where each key of a TOML text stands.
///
/// The TOML library tells the place of a syntax error but not that of a value, so that the text is looked through once
/// more. It is taken to be correct TOML, since the library has read it by then.
struct KeyLines {
    private var lines: [String: Int] = [:]

    /// The line of a key, from 1; of a key inside an inline table, the line of that table.
    ///
    /// - Parameter key: A key with the tables it lies in, as in `retrain.seed`.
    subscript(key: String) -> Int? {
        if let line = lines[key] { return line }
        return key.lastIndex(of: ".").flatMap { self[String(key[..<$0])] }
    }

    init(of text: String) {
        var scanner = TOMLScanner(bytes: Array(text.utf8))
        var table = ""
        while let statement = scanner.nextStatement() {
            switch statement {
            case .table(let name, let line):
                table = name
                note(name, line)
            case .key(let name, let line):
                note(table.isEmpty ? name : "\(table).\(name)", line)
            }
        }
    }

    private mutating func note(_ key: String, _ line: Int) {
        if lines[key] == nil { lines[key] = line }
    }
}

/// Walks over the statements of a TOML text: table headers, and keys with their values passed over.
private struct TOMLScanner {
    enum Statement {
        case table(String, line: Int)
        case key(String, line: Int)
    }

    let bytes: [UInt8]
    private var index = 0
    private var line = 1

    init(bytes: [UInt8]) { self.bytes = bytes }

    mutating func nextStatement() -> Statement? {
        skipSpace()
        guard index < bytes.count else { return nil }
        let start = line
        if bytes[index] == UInt8(ascii: "[") {
            index += 1
            if index < bytes.count, bytes[index] == UInt8(ascii: "[") { index += 1 }
            let name = takeKey(until: UInt8(ascii: "]"))
            skipValue()
            return .table(name, line: start)
        }
        let name = takeKey(until: UInt8(ascii: "="))
        skipValue()
        return .key(name, line: start)
    }

    /// Takes a key, without the quotes and blanks in it, and the byte that ends it.
    private mutating func takeKey(until end: UInt8) -> String {
        var key: [UInt8] = []
        var quote: UInt8?
        while index < bytes.count {
            let byte = bytes[index]
            index += 1
            if let open = quote {
                if byte == open { quote = nil } else { key.append(byte) }
            } else if byte == end {
                break
            } else if byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") {
                quote = byte
            } else if byte > UInt8(ascii: " ") {
                key.append(byte)
            }
        }
        return String(decoding: key, as: UTF8.self)
    }

    /// Passes over a value, or what is left of a header: up to the end of a line outside of brackets and strings.
    private mutating func skipValue() {
        var depth = 0
        while index < bytes.count {
            switch bytes[index] {
            case UInt8(ascii: "\n"):
                line += 1
                index += 1
                if depth <= 0 { return }
                continue
            case UInt8(ascii: "#"):
                skipComment()
                continue
            case UInt8(ascii: "["), UInt8(ascii: "{"): depth += 1
            case UInt8(ascii: "]"), UInt8(ascii: "}"): depth -= 1
            case UInt8(ascii: "\""), UInt8(ascii: "'"):
                skipString()
                continue
            default: break
            }
            index += 1
        }
    }

    private mutating func skipString() {
        let quote = bytes[index]
        let long = bytes[index...].starts(with: [quote, quote, quote])
        let end = Array(repeating: quote, count: long ? 3 : 1)
        index += end.count
        while index < bytes.count, !bytes[index...].starts(with: end) {
            if bytes[index] == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") { index += 1 }
            if index < bytes.count, bytes[index] == UInt8(ascii: "\n") { line += 1 }
            index += 1
        }
        index = min(index + end.count, bytes.count)
    }

    private mutating func skipComment() {
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") { index += 1 }
    }

    private mutating func skipSpace() {
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "#") {
                skipComment()
            } else if bytes[index] <= UInt8(ascii: " ") {
                if bytes[index] == UInt8(ascii: "\n") { line += 1 }
                index += 1
            } else {
                return
            }
        }
    }
}

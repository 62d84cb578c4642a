extension TOMLReader {
    /// Takes a value, which begins here.
    ///
    /// - Parameter depth: In how many lists and tables it lies.
    mutating func takeValue(depth: Int) throws(TOMLError) -> TOMLValue.Content {
        guard depth < Self.deepest else { throw error("lists and tables lie too deep in each other") }
        switch next {
        case UInt8(ascii: "\""), UInt8(ascii: "'"): return .string(try takeString())
        case UInt8(ascii: "["): return .array(try takeArray(depth: depth))
        case UInt8(ascii: "{"): return .table(try takeTable(depth: depth))
        default: return try takeWord()
        }
    }

    private mutating func takeArray(depth: Int) throws(TOMLError) -> [TOMLValue] {
        var items: [TOMLValue] = []
        _ = take("[")
        while try skipLines() {
            if take("]") { return items }
            items.append(TOMLValue(content: try takeValue(depth: depth + 1), line: line))
            try skipLines()
            if take(",") { continue }
            guard next == UInt8(ascii: "]") else { break }
        }
        throw error("a list must end with ], with commas between what is in it")
    }

    private mutating func takeTable(depth: Int) throws(TOMLError) -> TOMLTable {
        var table = TOMLTable(.braces)
        _ = take("{")
        skipBlanks()
        if take("}") { return table }
        while true {
            let (start, key) = (line, try takeKey())
            guard take("=") else { throw error("a key must be followed by = and a value") }
            skipBlanks()
            let content = try takeValue(depth: depth + 1)
            try table.add(key[...], under: [], TOMLValue(content: content, line: start))
            skipBlanks()
            if take("}") { return table }
            guard take(",") else { throw error("a table in braces must end with }, with commas between what is in it") }
        }
    }

    /// Takes what is written without quotes: a number, a switch, a date or a time.
    private mutating func takeWord() throws(TOMLError) -> TOMLValue.Content {
        let start = index
        while let byte = next, byte.isLetterOrDigit || "+-_.:".utf8.contains(byte) { index += 1 }
        let word = String(decoding: bytes[start..<index], as: UTF8.self)
        switch word {
        case "": throw error("a value is missing here")
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "inf", "+inf": return .number(.infinity)
        case "-inf": return .number(-.infinity)
        case "nan", "+nan", "-nan": return .number(.nan)
        default: break
        }
        // No number that fits is as long.
        guard word.utf8.count <= 100 else { throw error("a word of \(word.utf8.count) letters is no value") }
        if word.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9].*)?|[0-9]{2}:.*/) != nil {
            // Between date and time there may be a blank.
            if next == UInt8(ascii: " "), bytes[(index + 1)...].first?.isDigit ?? false {
                index += 1
                _ = try takeWord()
            }
            return .time
        }
        if let number = try number(word) { return number }
        throw error("\"\(word)\" is no value; a text must be in quotes")
    }

    private func number(_ word: String) throws(TOMLError) -> TOMLValue.Content? {
        let digits = String(word.filter { $0 != "_" })
        let integer: Int?
        if word.wholeMatch(of: /[+-]?(0|[1-9](_?[0-9])*)/) != nil {
            integer = Int(digits)
        } else if let match = word.wholeMatch(of: /0(x[0-9A-Fa-f](_?[0-9A-Fa-f])*|o[0-7](_?[0-7])*|b[01](_?[01])*)/) {
            let radix = ["x": 16, "o": 8, "b": 2][match.1.prefix(1)] ?? 10
            integer = Int(digits.dropFirst(2), radix: radix)
        } else if word.wholeMatch(
            of: /[+-]?(0|[1-9](_?[0-9])*)(\.[0-9](_?[0-9])*)?([eE][+-]?[0-9](_?[0-9])*)?/) != nil
        {
            return Double(digits).map { .number($0) }
        } else {
            return nil
        }
        guard let integer else { throw error("\(word) is too great a number") }
        return .integer(integer)
    }
}

extension TOMLReader {
    /// Takes a string of any of the four kinds.
    mutating func takeString() throws(TOMLError) -> String {
        if take("\"\"\"") { return try takeLong(quote: UInt8(ascii: "\"")) }
        if take("'''") { return try takeLong(quote: UInt8(ascii: "'")) }
        return try takeLine()
    }

    /// Takes a string of one line.
    mutating func takeLine() throws(TOMLError) -> String {
        guard let quote = next else { throw error("a string is missing here") }
        var text: [UInt8] = []
        index += 1
        while let byte = next, !byte.isControl {
            index += 1
            if byte == quote { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                text += try takeEscape()
            } else {
                text.append(byte)
            }
        }
        throw error("a string must end on its line, with the quote that it began with")
    }

    /// Takes what follows three quotes, up to three more.
    private mutating func takeLong(quote: UInt8) throws(TOMLError) -> String {
        let start = line
        var text: [UInt8] = []
        // A line that ends where the string begins is not part of it.
        _ = takeNewline()
        while let byte = next {
            if bytes[index...].starts(with: [quote, quote, quote]) {
                // One or two quotes before the three that end it belong to the string.
                let count = min(5, bytes[index...].prefix { $0 == quote }.count)
                text += Array(repeating: quote, count: count - 3)
                index += count
                return String(decoding: text, as: UTF8.self)
            }
            if takeNewline() {
                text.append(UInt8(ascii: "\n"))
            } else if byte.isControl {
                throw error("a control character")
            } else {
                index += 1
                if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                    text += takeLineEnd() ? [] : try takeEscape()
                } else {
                    text.append(byte)
                }
            }
        }
        throw TOMLError(start, "a string begins here that never ends")
    }

    /// Takes blanks and ends of lines after a backslash that is the last of its line; false if it is not.
    private mutating func takeLineEnd() -> Bool {
        let start = index
        skipBlanks()
        guard takeNewline() else {
            index = start
            return false
        }
        repeat { skipBlanks() } while takeNewline()
        return true
    }

    /// Takes what follows a backslash, and gives what it stands for.
    private mutating func takeEscape() throws(TOMLError) -> [UInt8] {
        defer { index += 1 }
        switch next {
        case UInt8(ascii: "b"): return [8]
        case UInt8(ascii: "t"): return [9]
        case UInt8(ascii: "n"): return [10]
        case UInt8(ascii: "f"): return [12]
        case UInt8(ascii: "r"): return [13]
        case UInt8(ascii: "\""), UInt8(ascii: "\\"): return [bytes[index]]
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let count = next == UInt8(ascii: "u") ? 4 : 8
            let digits = bytes[(index + 1)...].prefix(count)
            guard digits.count == count, digits.allSatisfy(\.isLetterOrDigit),
                let scalar = UInt32(String(decoding: digits, as: UTF8.self), radix: 16).flatMap(Unicode.Scalar.init)
            else { throw error("\\u and \\U are followed by the four or eight digits of a character") }
            index += count
            return Array(String(scalar).utf8)
        default: throw error("a backslash that stands for nothing; write \\\\, or put the text in single quotes")
        }
    }
}

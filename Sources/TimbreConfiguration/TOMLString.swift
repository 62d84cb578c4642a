/// The strings of TOML, of which there are four kinds: on one line or on several, with escapes or without.
enum TOMLString {
    /// Takes a string of any kind.
    static func take(from cursor: inout TOMLCursor) throws(TOMLError) -> String {
        if cursor.take("\"\"\"") { return try takeLong(from: &cursor, quote: UInt8(ascii: "\"")) }
        if cursor.take("'''") { return try takeLong(from: &cursor, quote: UInt8(ascii: "'")) }
        return try takeLine(from: &cursor)
    }

    /// Takes a string of one line.
    static func takeLine(from cursor: inout TOMLCursor) throws(TOMLError) -> String {
        guard let quote = cursor.next else { throw cursor.error("a string is missing here") }
        var text: [UInt8] = []
        cursor.advance()
        while let byte = cursor.next, !byte.isControl {
            cursor.advance()
            if byte == quote { return String(decoding: text, as: UTF8.self) }
            if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                text += try takeEscape(from: &cursor)
            } else {
                text.append(byte)
            }
        }
        throw cursor.error("a string must end on its line, with the quote that it began with")
    }

    /// Takes what follows three quotes, up to the closing three.
    private static func takeLong(from cursor: inout TOMLCursor, quote: UInt8) throws(TOMLError) -> String {
        let start = cursor.line
        var text: [UInt8] = []
        // A newline right after the opening quotes is not part of the string.
        _ = cursor.takeNewline()
        while let byte = cursor.next {
            if cursor.rest.starts(with: [quote, quote, quote]) {
                // One or two quotes before the closing three belong to the string.
                let count = min(5, cursor.rest.prefix { $0 == quote }.count)
                text += Array(repeating: quote, count: count - 3)
                cursor.advance(by: count)
                return String(decoding: text, as: UTF8.self)
            }
            if cursor.takeNewline() {
                text.append(UInt8(ascii: "\n"))
            } else if byte.isControl {
                throw cursor.error("a control character")
            } else {
                cursor.advance()
                if byte == UInt8(ascii: "\\"), quote == UInt8(ascii: "\"") {
                    // A backslash at the end of a line joins it with what follows the blanks.
                    text += cursor.takeBlankLines() ? [] : try takeEscape(from: &cursor)
                } else {
                    text.append(byte)
                }
            }
        }
        throw TOMLError(start, "a string begins here that never ends")
    }

    /// Takes what follows a backslash, and gives what it stands for.
    private static func takeEscape(from cursor: inout TOMLCursor) throws(TOMLError) -> [UInt8] {
        let letter = cursor.next
        guard let letter else { throw noEscape(cursor) }
        switch letter {
        case UInt8(ascii: "u"), UInt8(ascii: "U"):
            let count = letter == UInt8(ascii: "u") ? 4 : 8
            let digits = cursor.rest.dropFirst().prefix(count)
            guard digits.count == count, digits.allSatisfy(\.isLetterOrDigit),
                let scalar = UInt32(String(decoding: digits, as: UTF8.self), radix: 16).flatMap(Unicode.Scalar.init)
            else { throw cursor.error("\\u and \\U are followed by the four or eight digits of a character") }
            cursor.advance(by: 1 + count)
            return Array(String(scalar).utf8)
        default:
            guard let byte = escapes[letter] else { throw noEscape(cursor) }
            cursor.advance()
            return [byte]
        }
    }

    private static func noEscape(_ cursor: TOMLCursor) -> TOMLError {
        cursor.error("a backslash that stands for nothing; write \\\\, or put the text in single quotes")
    }

    private static let escapes: [UInt8: UInt8] = [
        UInt8(ascii: "b"): 8, UInt8(ascii: "t"): 9, UInt8(ascii: "n"): 10, UInt8(ascii: "f"): 12,
        UInt8(ascii: "r"): 13, UInt8(ascii: "\""): UInt8(ascii: "\""), UInt8(ascii: "\\"): UInt8(ascii: "\\"),
    ]
}

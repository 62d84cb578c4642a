/// A value without quotes in TOML: a number, a boolean, a date or a time.
enum TOMLWord {
    /// Takes a word, which begins here.
    static func take(from cursor: inout TOMLCursor) throws(TOMLError) -> TOMLValue.Content {
        let word = cursor.take { $0.isLetterOrDigit || "+-_.:".utf8.contains($0) }
        switch word {
        case "": throw cursor.error("a value is missing here")
        case "true": return .bool(true)
        case "false": return .bool(false)
        case "inf", "+inf": return .number(.infinity)
        case "-inf": return .number(-.infinity)
        case "nan", "+nan", "-nan": return .number(.nan)
        default: break
        }
        // No valid number is that long.
        guard word.utf8.count <= 100 else { throw cursor.error("a word of \(word.utf8.count) letters is no value") }
        if word.wholeMatch(of: /[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt][0-9].*)?|[0-9]{2}:.*/) != nil {
            // Between date and time there may be a blank.
            if cursor.next == UInt8(ascii: " "), cursor.rest.dropFirst().first?.isDigit ?? false {
                cursor.advance()
                _ = try take(from: &cursor)
            }
            return .time
        }
        switch number(word) {
        case .fits(let number)?: return number
        case .isTooGreat?: throw cursor.error("\(word) is too great a number")
        case nil: break
        }
        throw cursor.error("\"\(word)\" is no value; a text must be in quotes")
    }

    private enum Number {
        case fits(TOMLValue.Content)
        case isTooGreat
    }

    /// Reads a word as a number; nil if it is none.
    private static func number(_ word: String) -> Number? {
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
            return Double(digits).map { .fits(.number($0)) }
        } else {
            return nil
        }
        return integer.map { .fits(.integer($0)) } ?? .isTooGreat
    }
}

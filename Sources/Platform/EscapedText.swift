/// Where a text is read, and so what must not stand there as it is.
///
/// Text from outside, such as a file's name, may hold bytes that are no UTF-8, and characters that do more than show
/// themselves: those that break a line, move a terminal's cursor or turn the direction of reading.
package enum TextMedium: Sendable {
    /// A message of a protocol: only bytes that are no UTF-8 are escaped.
    case message
    /// A line of a log: control characters, and all that separates lines, too.
    case line
    /// A terminal: control characters, and those that change the direction of text, too.
    case terminal

    /// Whether a character is escaped.
    fileprivate func escapes(_ scalar: Unicode.Scalar) -> Bool {
        switch self {
        case .message: false
        case .line: scalar.properties.generalCategory == .control || scalar.value == 0x2028 || scalar.value == 0x2029
        case .terminal: scalar.properties.generalCategory == .control || scalar.properties.isBidiControl
        }
    }
}

extension String {
    /// Decodes bytes as UTF-8, with escapes in place of what must not stand as it is.
    ///
    /// A byte that is no part of UTF-8 reads `\xNN`. So does each byte of an escaped character on a line; on a terminal that
    /// reads `\n`, `\t`, or `\xNN` and `\u{NNNN}` with the character's number.
    package init(escaping bytes: some Collection<UInt8>, for medium: TextMedium) {
        if medium == .message, let text = String(validating: bytes, as: UTF8.self) {
            self = text
            return
        }
        self = ""
        var rest = bytes[...]
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                switch medium {
                case _ where !medium.escapes(scalar): unicodeScalars.append(scalar)
                case .terminal: self += scalar.numericEscape
                default: self += String.escapes(of: encoded)
                }
                rest = rest.dropFirst(encoded.count)
            case .error(let length):
                self += String.escapes(of: rest.prefix(length))
                rest = rest.dropFirst(length)
            case .emptyInput:
                return
            }
        }
    }

    /// The text with escapes in place of what must not stand as it is.
    package func escaped(for medium: TextMedium) -> String { String(escaping: utf8, for: medium) }

    private static func escapes(of bytes: some Sequence<UInt8>) -> String { bytes.map(\.hexEscape).joined() }
}

extension UInt8 {
    fileprivate var hexEscape: String { (self < 16 ? "\\x0" : "\\x") + String(self, radix: 16) }
}

extension Unicode.Scalar {
    /// The character's number, as in many programming languages.
    fileprivate var numericEscape: String {
        switch self {
        case "\n": "\\n"
        case "\t": "\\t"
        default: UInt8(exactly: value).map(\.hexEscape) ?? "\\u{\(String(value, radix: 16))}"
        }
    }
}

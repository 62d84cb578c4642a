extension String {
    /// The text with everything that would break a line, or play with a terminal, written as `\xNN`.
    package var onOneLine: String { String(escaping: utf8) }

    /// Decodes bytes as text on one line: what is not UTF-8, or is a control character, is written as `\xNN`.
    package init(escaping bytes: some Collection<UInt8>) {
        self = ""
        var rest = bytes[...]
        var parser = Unicode.UTF8.ForwardParser()
        var iterator = bytes.makeIterator()
        while true {
            switch parser.parseScalar(from: &iterator) {
            case .valid(let encoded):
                let scalar = Unicode.UTF8.decode(encoded)
                if scalar.breaksLine {
                    append(escaping: rest.prefix(encoded.count))
                } else {
                    unicodeScalars.append(scalar)
                }
                rest = rest.dropFirst(encoded.count)
            case .error(let length):
                append(escaping: rest.prefix(length))
                rest = rest.dropFirst(length)
            case .emptyInput:
                return
            }
        }
    }

    private mutating func append(escaping bytes: some Collection<UInt8>) {
        for byte in bytes { append((byte < 16 ? "\\x0" : "\\x") + Swift.String(byte, radix: 16)) }
    }
}

extension Unicode.Scalar {
    /// Whether this is a control character, or separates lines or paragraphs.
    fileprivate var breaksLine: Bool {
        properties.generalCategory == .control || value == 0x2028 || value == 0x2029
    }
}

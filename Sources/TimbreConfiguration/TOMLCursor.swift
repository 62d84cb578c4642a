/// A place in a TOML text, and what is taken from there.
struct TOMLCursor {
    private let bytes: [UInt8]
    private var index = 0
    /// The line of the place, from 1.
    private(set) var line = 1

    /// Skips a byte order mark.
    init(_ text: String) {
        bytes = Array(text.utf8)
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { index = 3 }
    }

    /// The byte that comes next; nil at the end.
    var next: UInt8? { index < bytes.count ? bytes[index] : nil }

    /// The bytes from here to the end.
    var rest: ArraySlice<UInt8> { bytes[index...] }

    /// An error in the line of the place.
    func error(_ problem: String) -> TOMLError { TOMLError(line, problem) }

    /// Advances over bytes, none of which may end a line.
    mutating func advance(by count: Int = 1) { index += count }

    /// Takes the next bytes as long as they fit. None of them may end a line.
    mutating func take(while fits: (UInt8) -> Bool) -> String {
        let taken = rest.prefix(while: fits)
        index += taken.count
        return String(decoding: taken, as: UTF8.self)
    }

    /// Takes a text if it comes next.
    mutating func take(_ text: StaticString) -> Bool {
        let isNext = unsafe rest.starts(
            with: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
        if isNext { index += text.utf8CodeUnitCount }
        return isNext
    }

    /// Takes the end of a line.
    mutating func takeNewline() -> Bool {
        guard take("\n") || take("\r\n") else { return false }
        line += 1
        return true
    }

    /// Takes blanks and the ends of lines; false, and nothing is taken, if the line does not end here.
    mutating func takeBlankLines() -> Bool {
        let start = index
        skipBlanks()
        guard takeNewline() else {
            index = start
            return false
        }
        repeat { skipBlanks() } while takeNewline()
        return true
    }

    mutating func skipBlanks() {
        while next == UInt8(ascii: " ") || next == UInt8(ascii: "\t") { index += 1 }
    }

    mutating func skipComment() throws(TOMLError) {
        guard next == UInt8(ascii: "#") else { return }
        while let byte = next, byte != UInt8(ascii: "\n"), !rest.starts(with: [13, 10]) {
            guard !byte.isControl else { throw error("a control character") }
            index += 1
        }
    }

    /// Skips blanks, comments and ends of lines; false at the end of the text.
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

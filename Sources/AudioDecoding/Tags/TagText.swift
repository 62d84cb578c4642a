/// Texts of tags, in the encodings that there are.
enum TagText {
    /// Bytes that are looked at of one text.
    static let mostBytes = 8192

    /// Windows-1252, where it differs from Latin-1: 0x80 to 0x9f. What it leaves free is as in Latin-1.
    private static let windows: [UInt16] = [
        0x20ac, 0x81, 0x201a, 0x192, 0x201e, 0x2026, 0x2020, 0x2021, 0x2c6, 0x2030, 0x160, 0x2039, 0x152, 0x8d, 0x17d,
        0x8f,
        0x90, 0x2018, 0x2019, 0x201c, 0x201d, 0x2022, 0x2013, 0x2014, 0x2dc, 0x2122, 0x161, 0x203a, 0x153, 0x9d, 0x17e,
        0x178,
    ]

    /// Windows-1252, which also stands where Latin-1 is written: of 0x80 to 0x9f that has control characters alone.
    static func windows1252(_ bytes: some Sequence<UInt8>) -> String {
        String(
            decoding: bytes.map { (0x80...0x9f).contains($0) ? windows[Int($0) - 0x80] : UInt16($0) }, as: UTF16.self)
    }

    /// A text up to the first zero, of which nothing says how it is written: UTF-8 if it can be that, else Windows-1252.
    ///
    /// Fields of a fixed size may end within a letter.
    static func unmarked(_ bytes: [UInt8]) -> String {
        let bytes = bytes.prefix { $0 != 0 }
        if let text = String(validating: bytes, as: UTF8.self) { return text }
        for cut in 1...3 where bytes.suffix(cut).allSatisfy({ $0 >= 0x80 }) {
            let rest = bytes.dropLast(cut)
            if rest.contains(where: { $0 >= 0x80 }), let text = String(validating: rest, as: UTF8.self) { return text }
        }
        return windows1252(bytes)
    }

    static func utf8(_ bytes: some Collection<UInt8>) -> String { String(decoding: bytes, as: UTF8.self) }

    /// UTF-16; a mark at its beginning says in which order its bytes are.
    ///
    /// - Parameter isBigEndian: The order without a mark.
    static func utf16(_ bytes: ArraySlice<UInt8>, isBigEndian: Bool) -> String {
        let mark = Array(bytes.prefix(2))
        let isMarked = mark == [0xff, 0xfe] || mark == [0xfe, 0xff]
        let isBig = isMarked ? mark[0] == 0xfe : isBigEndian
        let rest = isMarked ? bytes.dropFirst(2) : bytes
        let units = stride(from: rest.startIndex, to: rest.endIndex - 1, by: 2).map { place in
            let (first, second) = (UInt16(rest[place]), UInt16(rest[place + 1]))
            return isBig ? first << 8 | second : second << 8 | first
        }
        return String(decoding: units, as: UTF16.self)
    }
}

import Glibc

/// A word that is looked for in names, whatever the case of its letters.
struct NameWord {
    /// Where a word stands in a name, the best first.
    enum Place: Int {
        case start, word, inside, folder
    }

    private let letters: [UInt8]

    /// - Returns: Nil if there are no letters.
    init?(_ text: String) {
        letters = Self.folded(Array(text.utf8)[...])
        if letters.isEmpty { return nil }
    }

    /// The letters of a name in lower case; of one that is no UTF-8, those of ASCII.
    static func folded(_ name: ArraySlice<UInt8>) -> [UInt8] {
        if name.contains(where: { $0 > 0x7F }), let text = String(validating: name, as: UTF8.self) {
            return Array(text.lowercased().utf8)
        }
        return name.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 + 32 : $0 }
    }

    /// Whether the word is in a text, which is folded.
    func isIn(_ text: [UInt8]) -> Bool { unsafe text.withUnsafeBytes { unsafe offset(in: $0) != nil } }

    /// Where the word stands in a name, which is folded; nil if it is not there.
    func place(in name: UnsafeRawBufferPointer) -> Place? {
        guard let offset = unsafe offset(in: name) else { return nil }
        return unsafe offset == 0 ? .start : Self.beginsWord(name, offset) ? .word : .inside
    }

    /// Where the word begins in a text, which is folded; nil if it is not there.
    func offset(in text: UnsafeRawBufferPointer) -> Int? {
        guard let first = letters.first, let start = text.baseAddress else { return nil }
        var place = 0
        while place + letters.count <= text.count,
            let found = unsafe memchr(start + place, Int32(first), text.count - letters.count - place + 1)
        {
            if unsafe memcmp(found, letters, letters.count) == 0 { return unsafe UnsafeRawPointer(found) - start }
            place = unsafe UnsafeRawPointer(found) - start + 1
        }
        return nil
    }

    /// Whether what is before a place in a name is no letter and no digit.
    private static func beginsWord(_ name: UnsafeRawBufferPointer, _ offset: Int) -> Bool {
        let before = unsafe name[offset - 1]
        return before < 0x80 && !(UInt8(ascii: "a")...UInt8(ascii: "z")).contains(before)
            && !(UInt8(ascii: "0")...UInt8(ascii: "9")).contains(before)
    }
}

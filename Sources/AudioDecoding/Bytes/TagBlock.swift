/// Tags that stand in front of a sound or behind it, and are no part of it.
///
/// Sources: the definitions of ID3v2.4 (section 3.1), ID3v1, APEv2 and Lyrics3v2.
enum TagBlock {
    /// Bytes of the ID3v2 tags with which a view begins; a tag that claims more than the file holds counts as none.
    static func lengthInFront(of view: ByteView) -> Int64 {
        var place: Int64 = 0
        for _ in 0..<16 {
            guard view.has("ID3", at: place), let length = length(in: view, at: place), place + length < view.size
            else {
                break
            }
            place += length
        }
        return place
    }

    /// Bytes of the tags with which a view ends: ID3v1 and its extension, APEv2, Lyrics3v2, and an ID3v2 that is appended.
    static func lengthBehind(_ view: ByteView) -> Int64 {
        view.size - (rangesBehind(view).last?.lowerBound ?? view.size)
    }

    /// Where each of the tags lies with which a view ends, the last one first; at most 16.
    static func rangesBehind(_ view: ByteView) -> [Range<Int64>] {
        var ranges: [Range<Int64>] = []
        var end = view.size
        while ranges.count < 16, let length = lengthBefore(end, in: view), length > 0, length <= end {
            ranges.append(end - length..<end)
            end -= length
        }
        return ranges
    }

    /// Bytes of the tag that ends at a place; nil if there is none.
    private static func lengthBefore(_ end: Int64, in view: ByteView) -> Int64? {
        if view.has("TAG", at: end - 128) { return view.has("TAG+", at: end - 128 - 227) ? 128 + 227 : 128 }
        if view.has("APETAGEX", at: end - 32), let footer = view.bytes(at: end - 32, count: 32) {
            // The size counts the footer, not the header, of which bit 31 tells.
            let size = Int64(footer[12..<16].reversed().bigEndianNumber)
            return size < 32 ? nil : size + (footer[23] & 0x80 == 0 ? 0 : 32)
        }
        if view.has("LYRICS200", at: end - 9), let digits = view.bytes(at: end - 15, count: 6) {
            // Six digits: a sign in front of fewer is none.
            guard digits.allSatisfy({ (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }) else { return nil }
            return digits.reduce(0) { $0 * 10 + Int64($1 - UInt8(ascii: "0")) } + 15
        }
        if view.has("3DI", at: end - 10), let footer = view.bytes(at: end - 10, count: 10) {
            return 20 + footer[6..<10].reduce(0) { $0 << 7 | Int64($1 & 0x7f) }
        }
        return nil
    }

    /// Bytes of the tag at a place; nil if there is none.
    static func length(in view: ByteView, at place: Int64) -> Int64? {
        switch view.name(at: place) {
        case let name where name.hasPrefix("ID3"):
            guard let header = view.bytes(at: place, count: 10), header[6..<10].allSatisfy({ $0 < 0x80 }) else {
                return nil
            }
            let size = header[6..<10].reduce(0) { $0 << 7 | Int64($1) }
            return 10 + size + (header[5] & 0x10 == 0 ? 0 : 10)
        case let name where name.hasPrefix("TAG"): return 128
        case "APET":
            guard view.has("APETAGEX", at: place), let header = view.bytes(at: place, count: 32) else { return nil }
            // The size counts the footer; a header, which bit 29 says this is, stands before it.
            let size = Int64(header[12..<16].reversed().bigEndianNumber)
            return header[23] & 0x20 == 0 ? 32 : 32 + size
        default: return nil
        }
    }

    /// Whether a tag begins at a place.
    static func begins(in view: ByteView, at place: Int64) -> Bool {
        length(in: view, at: place) != nil || view.has("LYRICSBEGIN", at: place)
    }
}

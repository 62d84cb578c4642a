import SoundFeatures

/// Tags behind a sound: ID3v1 and APEv2.
///
/// Sources: the definitions of ID3v1.1 and of APEv2 (wiki.hydrogenaud.io).
enum TrailingTags {
    /// Items of an APE tag that are looked at.
    private static let mostItems = 500

    /// Reads the tags with which a view ends; those of APE count more, as ID3v1 cuts texts.
    static func tags(in view: ByteView) -> SoundTags {
        let isShort = view.has("TAG", at: view.size - 128)
        var tags = ape(in: view, before: view.size - (isShort ? 128 : 0)) ?? SoundTags()
        if isShort, let block = view.bytes(at: view.size - 128, count: 128) { tags.fill(from: short(block)) }
        return tags
    }

    private static func short(_ block: [UInt8]) -> SoundTags {
        var found = TagCollector()
        func add(_ field: TagField, _ range: Range<Int>) { found.add(field, TagText.unmarked(Array(block[range]))) }
        add(.title, 3..<33)
        add(.artist, 33..<63)
        add(.album, 63..<93)
        // The last two bytes of a comment may be a zero and the number of a track.
        add(.comment, block[125] == 0 && block[126] != 0 ? 97..<125 : 97..<127)
        return found.tags
    }

    private static func ape(in view: ByteView, before end: Int64) -> SoundTags? {
        guard view.has("APETAGEX", at: end - 32), let footer = view.bytes(at: end - 32, count: 32) else { return nil }
        var place = end - Int64(footer[12..<16].reversed().bigEndianNumber)
        var found = TagCollector()
        for _ in 0..<mostItems where place >= 0 && place < end - 32 {
            guard let size = view.number(at: place, bytes: 4, isBigEndian: false),
                let flags = view.number(at: place + 4, bytes: 4, isBigEndian: false)
            else { break }
            // A key has up to 255 bytes and a zero behind it.
            let key = view.bytes(from: place + 8, most: 256).prefix { $0 != 0 }
            let value = place + 8 + Int64(key.count) + 1
            // Other items than texts are pictures, or links.
            if flags & 6 == 0, let field = TagField(named: TagText.utf8(key)) {
                let bytes = view.bytes(from: value, most: Int(min(size, UInt64(TagText.mostBytes))))
                for text in bytes.split(separator: 0) { found.add(field, TagText.utf8(text)) }
            }
            place = value + Int64(size)
        }
        return found.tags
    }
}

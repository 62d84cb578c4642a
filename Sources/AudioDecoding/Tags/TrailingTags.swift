import SoundFeatures

/// Tags behind a sound: APE tags of both versions, as Monkey's Audio, Musepack, WavPack, TAK and others write them, ID3v1, and
/// an ID3v2 tag that is appended.
///
/// Sources: the definitions of ID3v1.1, of ID3v2.4 (section 3.4) and of APEv1 and APEv2 (wiki.hydrogenaud.io).
enum TrailingTags {
    /// Items of an APE tag that are looked at.
    private static let mostItems = 500
    /// Bytes of an item's key, and the zero behind it.
    private static let longestKey: Int64 = 256
    /// Bytes of an APE tag's footer, and of an ID3v1 tag.
    private static let (footer, short): (Int64, Int64) = (32, 128)

    /// Reads the tags with which a view ends, in whatever order they stand there; those of ID3v1 count least, as it cuts texts.
    static func tags(in view: ByteView) -> SoundTags {
        var (tags, cut) = (SoundTags(), SoundTags())
        for range in TagBlock.rangesBehind(view) {
            if view.has("TAG", at: range.upperBound - short) {
                cut.fill(from: shortTexts(in: view, at: range.upperBound - short))
            } else if view.has("APETAGEX", at: range.upperBound - footer) {
                tags.fill(from: items(of: view, in: range.lowerBound..<range.upperBound - footer))
            } else if let appended = ID3v2Tag.tags(in: view, at: range.lowerBound) {
                tags.fill(from: appended)
            }
        }
        tags.fill(from: cut)
        return tags
    }

    private static func shortTexts(in view: ByteView, at place: Int64) -> SoundTags {
        var found = TagCollector()
        guard let block = view.bytes(at: place, count: Int(short)) else { return found.tags }
        func add(_ field: TagField, _ range: Range<Int>) { found.add(field, TagText.unmarked(Array(block[range]))) }
        add(.title, 3..<33)
        add(.artist, 33..<63)
        add(.album, 63..<93)
        // The last two bytes of a comment may be a zero and the number of a track.
        add(.comment, block[125] == 0 && block[126] != 0 ? 97..<125 : 97..<127)
        return found.tags
    }

    /// Reads the items of an APE tag: the size of a value, flags, a key ended by a zero, and the value.
    ///
    /// Version 2 has its texts in UTF-8. Version 1 does not say how they are written, and nor do writers who have only changed
    /// the number.
    ///
    /// - Parameter range: What lies in front of the footer; a header may be the first thing in it.
    private static func items(of view: ByteView, in range: Range<Int64>) -> SoundTags {
        var found = TagCollector()
        var place = range.lowerBound + (view.has("APETAGEX", at: range.lowerBound) ? footer : 0)
        for _ in 0..<mostItems where place + 8 < range.upperBound {
            guard let size = view.number(at: place, bytes: 4, isBigEndian: false),
                let flags = view.number(at: place + 4, bytes: 4, isBigEndian: false)
            else { break }
            let most = Int(min(longestKey, range.upperBound - place - 8))
            let key = view.bytes(from: place + 8, most: most).prefix { $0 != 0 }
            let value = place + 8 + Int64(key.count) + 1
            // What reaches beyond the tag is none of it, and nor is what follows.
            guard key.count < most, Int64(size) <= range.upperBound - value else { break }
            // Other items than texts are pictures, or links.
            if flags & 6 == 0, let field = TagField(named: TagText.utf8(key)) {
                let bytes = view.bytes(from: value, most: Int(min(size, UInt64(TagText.mostBytes))))
                for text in bytes.split(separator: 0) { found.add(field, TagText.unmarked(Array(text))) }
            }
            place = value + Int64(size)
        }
        return found.tags
    }
}

import SoundFeatures

/// The comments of FLAC, Vorbis, Opus and Speex: names and values in UTF-8.
///
/// Source: Vorbis I, section 5.
enum VorbisComments {
    /// Comments that are looked at, and bytes of a name at the most.
    private static let most = 1000
    private static let longestName = 32

    /// Reads comments.
    ///
    /// - Parameter view: Begins with the length of the vendor's name, behind whatever the codec has in front of that.
    static func tags(in view: ByteView) -> SoundTags {
        var found = TagCollector()
        guard let vendor = view.number(at: 0, bytes: 4, isBigEndian: false),
            let count = view.number(at: 4 + Int64(vendor), bytes: 4, isBigEndian: false)
        else { return SoundTags() }
        var place = 8 + Int64(vendor)
        for _ in 0..<min(count, UInt64(most)) {
            guard let size = view.number(at: place, bytes: 4, isBigEndian: false) else { break }
            let start = view.bytes(from: place + 4, most: Int(min(size, UInt64(longestName))))
            // Most of the others are pictures.
            if let sign = start.firstIndex(of: UInt8(ascii: "=")),
                let field = TagField(named: TagText.utf8(start[..<sign]))
            {
                let text = view.bytes(from: place + 4, most: Int(min(size, UInt64(TagText.mostBytes)))).dropFirst(
                    sign + 1)
                found.add(field, TagText.utf8(text))
            }
            place += 4 + Int64(size)
        }
        return found.tags
    }
}

import SoundFeatures

/// The tags of a Core Audio file: names and values in its chunk `info`.
///
/// Source: Apple, *Core Audio Format Specification 1.0*, "Information Chunk".
enum CAFTags {
    private static let mostChunks = 4096
    /// Bytes of the chunk that are looked at.
    private static let mostBytes: Int64 = 1 << 16

    static func tags(in view: ByteView) -> SoundTags {
        var place: Int64 = 8
        for _ in 0..<mostChunks {
            // A sound that goes on to the end may have a size of −1.
            guard let size = view.number(at: place + 4, bytes: 8, isBigEndian: true).flatMap({ Int64(exactly: $0) })
            else { break }
            if view.name(at: place) == "info" {
                return texts(view.bytes(from: place + 12, most: Int(min(size, mostBytes))))
            }
            let (next, overflows) = (place + 12).addingReportingOverflow(size)
            guard !overflows, next < view.size else { break }
            place = next
        }
        return SoundTags()
    }

    /// A count, then names and values, each ended by a zero.
    private static func texts(_ chunk: [UInt8]) -> SoundTags {
        var found = TagCollector()
        let texts = chunk.dropFirst(4).split(separator: 0, omittingEmptySubsequences: false)
        for place in stride(from: 0, to: texts.count - 1, by: 2) {
            guard let field = TagField(named: TagText.utf8(texts[place])) else { continue }
            found.add(field, TagText.utf8(texts[place + 1].prefix(TagText.mostBytes)))
        }
        return found.tags
    }
}

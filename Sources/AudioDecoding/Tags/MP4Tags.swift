import SoundFeatures

/// The tags of an MP4 file, as iTunes writes them: items of `moov.udta.meta.ilst`.
///
/// Source: Apple, *QuickTime File Format*, "Metadata".
enum MP4Tags {
    private static let fields: [[UInt8]: TagField] = [
        [0xa9] + Array("nam".utf8): .title, [0xa9] + Array("ART".utf8): .artist, [0xa9] + Array("alb".utf8): .album,
        [0xa9] + Array("cmt".utf8): .comment, Array("tmpo".utf8): .bpm,
    ]
    private static let text: UInt64 = 1

    static func tags(in view: ByteView) -> SoundTags {
        var found = TagCollector()
        var steps = 0
        MP4File.forEachBox(in: view, 0..<view.size, inside: ["moov", "udta", "meta"], &steps) { name, list in
            guard name == Array("ilst".utf8) else { return }
            var items = 0
            MP4File.forEachBox(in: view, list, inside: [], &items) { name, item in
                read(name, item, of: view, into: &found)
            }
        }
        return found.tags
    }

    private static func read(_ name: [UInt8], _ item: Range<Int64>, of view: ByteView, into found: inout TagCollector) {
        var (field, steps) = (fields[name], 0)
        MP4File.forEachBox(in: view, item, inside: [], &steps) { part, range in
            // Four bytes of version stand before a name of one's own, and eight of kind and language before a value.
            if name == Array("----".utf8), part == Array("name".utf8) {
                field = TagField(named: string(range.lowerBound + 4..<range.upperBound, of: view))
            }
            guard let field, part == Array("data".utf8),
                let kind = view.number(at: range.lowerBound, bytes: 4, isBigEndian: true)
            else { return }
            let value = range.lowerBound + 8..<max(range.lowerBound + 8, range.upperBound)
            if kind == text {
                found.add(field, string(value, of: view))
            } else if field == .bpm, value.count <= 8,
                let number = view.number(at: value.lowerBound, bytes: value.count, isBigEndian: true)
            {
                found.add(field, "\(number)")
            }
        }
    }

    private static func string(_ range: Range<Int64>, of view: ByteView) -> String {
        guard !range.isEmpty else { return "" }
        return TagText.utf8(view.bytes(from: range.lowerBound, most: min(range.count, TagText.mostBytes)))
    }
}

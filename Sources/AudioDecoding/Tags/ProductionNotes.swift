import SoundFeatures

/// The notes of a film's sound recordist, in XML: iXML.
enum ProductionNotes {
    private static let most = 1 << 16

    static func tags(in view: ByteView) -> SoundTags {
        let bytes = view.bytes(from: 0, most: most)
        let isWide = bytes.starts(with: [0xff, 0xfe]) || bytes.starts(with: [0xfe, 0xff])
        let text = isWide ? TagText.utf16(bytes[...], isBigEndian: false) : TagText.unmarked(bytes)
        var found = TagCollector()
        if let scene = element("SCENE", in: text) {
            found.add(.title, scene + (element("TAKE", in: text).map { ", take \($0)" } ?? ""))
        }
        if let project = element("PROJECT", in: text) { found.add(.album, project) }
        if let note = element("NOTE", in: text) { found.add(.comment, note) }
        return found.tags
    }

    /// The text of the first element of a name that has no others in it; nil if it is blank.
    private static func element(_ name: String, in text: String) -> String? {
        let bytes = Array(text.utf8)
        let (opening, closing) = (Array("<\(name)>".utf8), Array("</\(name)>".utf8))
        guard let start = bytes.firstRange(of: opening)?.upperBound,
            let end = bytes[start...].firstRange(of: closing)?.lowerBound
        else { return nil }
        let inside = TagText.utf8(bytes[start..<end])
        return inside.contains("<") ? nil : SoundTags.kept(unescaped(inside))
    }

    private static func unescaped(_ text: String) -> String {
        var text = text
        for (escape, sign) in [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&apos;", "'"), ("&amp;", "&")] {
            text = text.replacing(escape, with: sign)
        }
        return text
    }
}

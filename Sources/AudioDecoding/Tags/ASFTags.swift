import SoundFeatures

/// The tags of an ASF file, such as WMA: two objects of its header, with texts in UTF-16.
///
/// Source: Microsoft, *Advanced Systems Format (ASF) Specification*, revision 01.20.05, sections 3.1, 3.10 and 3.11.
struct ASFTags {
    private static let header: [UInt8] = [
        0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0, 0xaa, 0, 0x62, 0xce, 0x6c,
    ]
    private static let description: [UInt8] = [
        0x33, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0, 0xaa, 0, 0x62, 0xce, 0x6c,
    ]
    private static let extendedDescription: [UInt8] = [
        0x40, 0xa4, 0xd0, 0xd2, 0x07, 0xe3, 0xd2, 0x11, 0x97, 0xf0, 0, 0xa0, 0xc9, 0x5e, 0xa8, 0x50,
    ]
    private static let mostObjects = 256
    private static let mostTexts = 1000
    /// Bytes of a name that are looked at.
    private static let longestName = 128
    private static let fields: [String: TagField] = [
        "WM/ALBUMTITLE": .album, "WM/BEATSPERMINUTE": .bpm, "WM/INITIALKEY": .key,
    ]

    /// Kinds of values.
    private static let text: Int64 = 0
    /// 32, 64 and 16 bits.
    private static let numbers: ClosedRange<Int64> = 3...5

    private let view: ByteView
    private var found = TagCollector()

    static func begins(_ view: ByteView) -> Bool { view.has(header) }

    static func tags(in view: ByteView) -> SoundTags {
        var reader = ASFTags(view: view)
        reader.readHeader()
        return reader.found.tags
    }

    private init(view: ByteView) { self.view = view }

    private func number(_ place: Int64, _ count: Int) -> Int64? {
        view.number(at: place, bytes: count, isBigEndian: false).flatMap { Int64(exactly: $0) }
    }

    /// The header's size, the count of the objects in it and two bytes of no meaning; then the objects.
    private mutating func readHeader() {
        guard let size = number(16, 8) else { return }
        let end = min(size, view.size)
        var place: Int64 = 30
        for _ in 0..<Self.mostObjects where place + 24 <= end {
            guard let length = number(place + 16, 8), length >= 24 else { return }
            let content = place + 24..<place + min(length, end - place)
            if view.has(Self.description, at: place) { readDescription(content) }
            if view.has(Self.extendedDescription, at: place) { readExtendedDescription(content) }
            place = content.upperBound
        }
    }

    /// The lengths of five texts, then these: title, author, copyright, description and rating.
    private mutating func readDescription(_ content: Range<Int64>) {
        var place = content.lowerBound + 10
        for (number, field) in [TagField.title, .artist, nil, .comment].enumerated() {
            guard let length = self.number(content.lowerBound + 2 * Int64(number), 2) else { return }
            if let field { found.add(field, text(at: place, length, in: content)) }
            place += length
        }
    }

    /// A count, then names and values, each with its length, the value also with its kind.
    private mutating func readExtendedDescription(_ content: Range<Int64>) {
        guard let count = number(content.lowerBound, 2) else { return }
        var place = content.lowerBound + 2
        for _ in 0..<min(count, Int64(Self.mostTexts)) where place < content.upperBound {
            guard let nameLength = number(place, 2), let kind = number(place + 2 + nameLength, 2),
                let length = number(place + 4 + nameLength, 2)
            else { return }
            let name = text(at: place + 2, min(nameLength, Int64(Self.longestName)), in: content)
            let value = place + 6 + nameLength
            if let field = Self.fields[name.uppercased()] ?? TagField(named: name) {
                if kind == Self.text {
                    found.add(field, text(at: value, length, in: content))
                } else if field == .bpm, Self.numbers.contains(kind), let tempo = number(value, Int(min(length, 8))) {
                    found.add(field, "\(tempo)")
                }
            }
            place = value + length
        }
    }

    /// A text, as much of it as is in the content, up to the zero that ends it.
    private func text(at place: Int64, _ length: Int64, in content: Range<Int64>) -> String {
        let held = max(0, min(length, content.upperBound - place, Int64(TagText.mostBytes)))
        let text = TagText.utf16(view.bytes(from: place, most: Int(held))[...], isBigEndian: false)
        return String(text.prefix { $0 != "\0" })
    }
}

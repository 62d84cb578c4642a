import SoundFeatures

/// The tags of a Matroska or WebM file: its elements `Tags`, in front of the sound or where an index says, and the title of
/// its `Info`.
///
/// Source: RFC 9559, sections 5.1.1, 5.1.2 and 5.1.8, and *Matroska Media Container Tag Specifications*.
struct MatroskaTags {
    private enum ID {
        static let segment: UInt64 = 0x1853_8067
        static let seekHead: UInt64 = 0x114d_9b74
        static let seek: UInt64 = 0x4dbb
        static let seekID: UInt64 = 0x53ab
        static let seekPosition: UInt64 = 0x53ac
        static let info: UInt64 = 0x1549_a966
        static let title: UInt64 = 0x7ba9
        static let cluster: UInt64 = 0x1f43_b675
        static let tags: UInt64 = 0x1254_c367
        static let tag: UInt64 = 0x7373
        static let targets: UInt64 = 0x63c0
        static let targetLevel: UInt64 = 0x68ca
        static let targetChapter: UInt64 = 0x63c4
        static let targetAttachment: UInt64 = 0x63c6
        static let simpleTag: UInt64 = 0x67c8
        static let tagName: UInt64 = 0x45a3
        static let tagString: UInt64 = 0x4487
    }

    /// The level of a song; above it are the sides of a record, and albums.
    private static let song: UInt64 = 30
    /// The level that a tag is of if it does not say.
    private static let album: UInt64 = 50

    private var walk: EBMLWalk
    private var found = TagCollector()
    /// The title of what the sound is a part of, or of the sound alone, if there is no other.
    private var outer = TagCollector()

    static func begins(_ view: ByteView) -> Bool { view.has([0x1a, 0x45, 0xdf, 0xa3]) }

    static func tags(in view: ByteView) -> SoundTags {
        var reader = MatroskaTags(walk: EBMLWalk(view))
        reader.readFile(view.size)
        var tags = reader.found.tags
        if tags.title == nil {
            tags.title = reader.outer.tags.title
        } else if tags.album == nil {
            tags.album = reader.outer.tags.title
        }
        return tags
    }

    private init(walk: EBMLWalk) { self.walk = walk }

    private mutating func readFile(_ size: Int64) {
        var place: Int64 = 0
        while let element = walk.element(at: place, before: size) {
            if element.id == ID.segment { return readSegment(element.content) }
            place = element.content.upperBound
        }
    }

    /// Reads what is in front of the sound, then what an index names that lies behind it, or, without an index, all.
    private mutating func readSegment(_ segment: Range<Int64>) {
        var place = segment.lowerBound
        var indexed: Set<Int64> = []
        while let element = walk.element(at: place, before: segment.upperBound) {
            switch element.id {
            case ID.seekHead: indexed.formUnion(tagPlaces(element.content, of: segment))
            case ID.info:
                for part in walk.elements(in: element.content) where part.id == ID.title {
                    found.add(.title, walk.text(part))
                }
            case ID.tags:
                indexed.remove(place)
                readTags(element.content)
            case ID.cluster where !indexed.isEmpty:
                for place in indexed.sorted() {
                    if let tags = walk.element(at: place, before: segment.upperBound), tags.id == ID.tags {
                        readTags(tags.content)
                    }
                }
                return
            default: break
            }
            place = element.content.upperBound
        }
    }

    /// Where an index says that tags are.
    private mutating func tagPlaces(_ index: Range<Int64>, of segment: Range<Int64>) -> [Int64] {
        walk.elements(in: index).filter { $0.id == ID.seek }.compactMap { seek in
            let parts = walk.elements(in: seek.content)
            guard let id = parts.first(where: { $0.id == ID.seekID }), walk.number(id) == ID.tags,
                let place = parts.first(where: { $0.id == ID.seekPosition }).flatMap(walk.number),
                place < UInt64(segment.count)
            else { return nil }
            return segment.lowerBound + Int64(place)
        }
    }

    private mutating func readTags(_ tags: Range<Int64>) {
        for tag in walk.elements(in: tags) where tag.id == ID.tag {
            let parts = walk.elements(in: tag.content)
            let targets = parts.filter { $0.id == ID.targets }.flatMap { walk.elements(in: $0.content) }
            let isOfPart = targets.contains {
                [ID.targetChapter, ID.targetAttachment].contains($0.id) && walk.number($0) != 0
            }
            if isOfPart { continue }
            let level = targets.first { $0.id == ID.targetLevel }.flatMap(walk.number) ?? Self.album
            for part in parts where part.id == ID.simpleTag { read(part, isOfWhole: level > Self.song) }
        }
    }

    private mutating func read(_ simple: EBMLWalk.Element, isOfWhole: Bool) {
        let parts = walk.elements(in: simple.content)
        guard let name = parts.first(where: { $0.id == ID.tagName }), let field = TagField(named: walk.text(name)),
            let text = parts.first(where: { $0.id == ID.tagString })
        else { return }
        if field == .title, isOfWhole {
            outer.add(field, walk.text(text))
        } else {
            found.add(field, walk.text(text))
        }
    }
}

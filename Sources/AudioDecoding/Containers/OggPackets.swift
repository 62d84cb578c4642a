/// The header of a page of Ogg.
///
/// Source: RFC 3533, section 6.
struct OggPage {
    let start: Int64
    /// Bytes of header.
    let headerSize: Int64
    /// Bytes of content.
    let contentSize: Int64
    let serial: UInt32
    /// Whether a stream begins with the page.
    let isFirst: Bool

    var content: Range<Int64> { start + headerSize..<start + headerSize + contentSize }
    var end: Int64 { start + headerSize + contentSize }

    /// Reads a page; nil if there is none at the place.
    init?(_ view: ByteView, at place: Int64) {
        let header = view.bytes(from: place, most: 27 + 255)
        guard header.count >= 27, header.starts(with: Self.mark) else { return nil }
        let segments = Int(header[26])
        guard header.count >= 27 + segments else { return nil }
        start = place
        headerSize = 27 + Int64(segments)
        contentSize = header[27..<27 + segments].reduce(0) { $0 + Int64($1) }
        serial = UInt32(header[14..<18].reversed().bigEndianNumber)
        isFirst = header[5] & 2 != 0
    }

    /// How a page begins: four letters, and the version.
    static let mark = Array("OggS\0".utf8)
}

/// The packets of an Ogg file, one of which holds the tags.
///
/// A tag that grows moves all packets behind it to other pages, whose numbers and sums change. The packets stay.
///
/// Sources: RFC 3533; Vorbis I, section 4.2.1; RFC 7845, section 3.
enum OggPackets {
    /// The content of all packets but the comments; nil unless the file is one stream of Vorbis, Opus or Speex, or several
    /// at once, without a gap.
    ///
    /// - Complexity: O(*n*) in the pages.
    static func soundAlone(in view: ByteView) -> ByteView? {
        var alone = view.empty
        // How many packets of each stream have ended.
        var ended: [UInt32: Int] = [:]
        var place: Int64 = 0
        var isInHead = true
        while place < view.size {
            guard let page = OggPage(view, at: place), page.end <= view.size else { return nil }
            if page.isFirst {
                guard isInHead, ended[page.serial] == nil, isKnown(page, view) else { return nil }
                ended[page.serial] = 0
            } else {
                isInHead = false
            }
            guard let before = ended[page.serial] else { return nil }
            if before > comments {
                alone.append(view, page.content)
            } else {
                ended[page.serial] = append(page, of: view, to: &alone, ended: before)
            }
            if alone.isFull { return nil }
            place = page.end
        }
        return alone
    }

    /// The comments of the first stream that has any, behind what its codec has in front of them; nil if there are none.
    ///
    /// - Complexity: O(1): pages of ``mostCommentPages`` at the most.
    static func comments(in view: ByteView) -> ByteView? {
        var place: Int64 = 0
        var stream: (serial: UInt32, prefix: Int64)?
        var (packet, ended) = (view.empty, 0)
        for _ in 0..<mostCommentPages {
            guard let page = OggPage(view, at: place) else { break }
            if page.isFirst, stream == nil {
                let beginning = view.bytes(from: page.content.lowerBound, most: 8)
                stream = prefixes.first { beginning.starts(with: Array($0.mark.utf8)) }.map { (page.serial, $0.prefix) }
            }
            if page.serial == stream?.serial {
                let segments = view.bytes(from: page.start + 27, most: Int(page.headerSize - 27))
                var start = page.content.lowerBound
                for segment in segments where ended <= comments {
                    if ended == comments { packet.append(view, start..<start + Int64(segment)) }
                    start += Int64(segment)
                    if segment < 255 { ended += 1 }
                }
            }
            if ended > comments { break }
            place = page.end
        }
        return stream.flatMap { packet.size > $0.prefix ? packet.dropping($0.prefix) : nil }
    }

    /// How first packets begin, and bytes in front of the comments: a mark, or the header of a block of FLAC's.
    private static let prefixes: [(mark: String, prefix: Int64)] = [
        ("\u{1}vorbis", 7), ("OpusHead", 8), ("Speex   ", 0), ("\u{7f}FLAC", 4),
    ]
    /// Pages in which comments are looked for: some 4 MB, as they may have a picture.
    private static let mostCommentPages = 64

    /// The number of the packet with the comments.
    private static let comments = 1

    private static func isKnown(_ page: OggPage, _ view: ByteView) -> Bool {
        let beginning = view.bytes(from: page.content.lowerBound, most: 8)
        return ["\u{1}vorbis", "OpusHead", "Speex   "].contains { beginning.starts(with: Array($0.utf8)) }
    }

    /// Adds what belongs to other packets than the comments.
    ///
    /// - Returns: How many packets of the stream have ended with the page.
    private static func append(_ page: OggPage, of view: ByteView, to alone: inout ByteView, ended before: Int) -> Int {
        let segments = view.bytes(from: page.start + 27, most: Int(page.headerSize - 27))
        var (ended, place) = (before, page.content.lowerBound)
        for segment in segments {
            if ended != comments { alone.append(view, place..<place + Int64(segment)) }
            place += Int64(segment)
            if segment < 255 { ended += 1 }
        }
        return ended
    }
}

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

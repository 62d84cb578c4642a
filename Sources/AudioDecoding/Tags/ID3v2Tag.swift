import SoundFeatures

/// The texts of an ID3v2 tag of version 2.2, 2.3 or 2.4.
///
/// Sources: the informal standards of ID3v2.2.0, 2.3.0 and 2.4.0 (structure and native frames).
enum ID3v2Tag {
    private static let fields: [String: TagField] = [
        "TT2": .title, "TP1": .artist, "TAL": .album, "COM": .comment, "TBP": .bpm, "TKE": .key,
        "TIT2": .title, "TPE1": .artist, "TALB": .album, "COMM": .comment, "TBPM": .bpm, "TKEY": .key,
    ]
    /// Frames that are looked at in one tag.
    private static let mostFrames = 1000
    /// Bytes that are looked at of a tag that has to be undone as a whole.
    private static let mostUnsynchronised = 1 << 20

    /// Reads the tag at a place; nil if there is none.
    static func tags(in view: ByteView, at place: Int64) -> SoundTags? {
        guard view.has("ID3", at: place), let header = view.bytes(at: place, count: 10),
            header[6..<10].allSatisfy({ $0 < 0x80 }), (2...4).contains(header[3])
        else { return nil }
        let (version, flags) = (header[3], header[5])
        // What this means for 2.2 was never defined.
        if version == 2, flags & 0x40 != 0 { return nil }
        let size = Int64(syncsafe(header[6..<10]))
        var body = view.slice(place + 10..<min(view.size, place + 10 + size))
        let isUnsynchronised = flags & 0x80 != 0
        if isUnsynchronised, version < 4 {
            let undone = synchronised(body.bytes(from: 0, most: Int(min(size, Int64(mostUnsynchronised)))))
            body = body.empty
            body.append(undone)
        }
        var start: Int64 = 0
        if flags & 0x40 != 0, version > 2, let extra = body.bytes(at: 0, count: 4) {
            start = version == 4 ? Int64(syncsafe(extra[...])) : 4 + Int64(extra.bigEndianNumber)
        }
        return frames(of: body, from: start, version: version, isUnsynchronised: isUnsynchronised && version == 4)
    }

    private static func frames(
        of body: ByteView, from start: Int64, version: UInt8, isUnsynchronised: Bool
    ) -> SoundTags {
        var found = TagCollector()
        var described: String?
        var place = start
        let (nameSize, headerSize) = version == 2 ? (3, 6) : (4, 10)
        for _ in 0..<mostFrames {
            guard let header = body.bytes(at: place, count: headerSize), isName(header[..<nameSize]) else { break }
            let size = Self.size(header, version, in: body, at: place)
            let content = place + Int64(headerSize)
            if let field = fields[TagText.utf8(header[..<nameSize])], size > 0 {
                let most = Int(min(size, Int64(TagText.mostBytes)))
                var bytes = body.bytes(from: content, most: most)[...]
                if version > 2 {
                    guard let plain = plain(bytes, flags: header[9], version, isUnsynchronised) else {
                        place = content + size
                        continue
                    }
                    bytes = plain
                }
                if field == .comment {
                    let (description, text) = comment(bytes)
                    // Players keep numbers of their own among the comments.
                    if description.isEmpty {
                        found.add(.comment, text)
                    } else if !description.hasPrefix("iTun") {
                        described = described ?? text
                    }
                } else {
                    for text in texts(bytes.dropFirst(), encoding: bytes.first ?? 0) { found.add(field, text) }
                }
            }
            place = content + size
        }
        if let described, !found.has(.comment) { found.add(.comment, described) }
        return found.tags
    }

    private static func isName(_ bytes: ArraySlice<UInt8>) -> Bool {
        bytes.allSatisfy { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) || (0x30...0x39).contains($0) }
    }

    /// Bytes in a frame. Version 2.4 has seven bits a byte; some writers do not know it, which is told by what follows.
    private static func size(_ header: [UInt8], _ version: UInt8, in body: ByteView, at place: Int64) -> Int64 {
        if version == 2 { return Int64(header[3..<6].bigEndianNumber) }
        let plain = Int64(header[4..<8].bigEndianNumber)
        guard version == 4, header[4..<8].allSatisfy({ $0 < 0x80 }) else { return plain }
        let safe = Int64(syncsafe(header[4..<8]))
        func mayEnd(_ size: Int64) -> Bool {
            let next = place + 10 + size
            guard let name = body.bytes(at: next, count: 4) else { return next == body.size }
            return name == [0, 0, 0, 0] || isName(name[...])
        }
        return plain != safe && !mayEnd(safe) && mayEnd(plain) ? plain : safe
    }

    private static func syncsafe(_ bytes: ArraySlice<UInt8>) -> UInt32 {
        bytes.reduce(0) { $0 << 7 | UInt32($1 & 0x7f) }
    }

    /// Bytes without the zeros that keep decoders from taking them for a frame of MPEG.
    private static func synchronised(_ bytes: some Sequence<UInt8>) -> [UInt8] {
        var undone: [UInt8] = []
        var last: UInt8 = 0
        for byte in bytes {
            if !(last == 0xff && byte == 0) { undone.append(byte) }
            last = byte
        }
        return undone
    }

    /// A frame's content without what its flags say is in front of it; nil if it is compressed or encrypted.
    private static func plain(
        _ bytes: ArraySlice<UInt8>, flags: UInt8, _ version: UInt8, _ isUnsynchronised: Bool
    ) -> ArraySlice<UInt8>? {
        if version == 3 { return flags & 0xc0 == 0 ? bytes.dropFirst(flags & 0x20 == 0 ? 0 : 1) : nil }
        guard flags & 0x0c == 0 else { return nil }
        let rest = bytes.dropFirst((flags & 0x40 == 0 ? 0 : 1) + (flags & 0x01 == 0 ? 0 : 4))
        return isUnsynchronised || flags & 0x02 != 0 ? synchronised(rest)[...] : rest
    }

    /// The texts of a frame, which zeros divide.
    private static func texts(_ bytes: ArraySlice<UInt8>, encoding: UInt8) -> [String] {
        switch encoding {
        case 1, 2:
            // The first mark holds for texts without one.
            var (isBig, pieces, start) = (
                encoding == 2 || bytes.starts(with: [0xfe, 0xff]), [String](), bytes.startIndex
            )
            func piece(_ range: Range<Int>) -> String {
                if bytes[range].starts(with: [0xfe, 0xff]) { isBig = true }
                if bytes[range].starts(with: [0xff, 0xfe]) { isBig = false }
                return TagText.utf16(bytes[range], isBigEndian: isBig)
            }
            for place in stride(from: bytes.startIndex, to: bytes.endIndex - 1, by: 2)
            where bytes[place] == 0 && bytes[place + 1] == 0 {
                pieces.append(piece(start..<place))
                start = place + 2
            }
            return pieces + [piece(start..<bytes.endIndex)]
        case 0, 3:
            return bytes.split(separator: 0, omittingEmptySubsequences: false).map {
                encoding == 3 ? TagText.utf8($0) : TagText.windows1252($0)
            }
        default: return []
        }
    }

    /// A comment has a language of three letters and a description in front.
    private static func comment(_ bytes: ArraySlice<UInt8>) -> (description: String, text: String) {
        let parts = texts(bytes.dropFirst(4), encoding: bytes.first ?? 0)
        guard let first = parts.first, parts.count > 1 else { return ("", parts.first ?? "") }
        return (first, parts.dropFirst().joined(separator: " "))
    }
}

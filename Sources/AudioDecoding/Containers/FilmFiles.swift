/// A Matroska or WebM file, as far as it says what sound it has.
///
/// Source: RFC 9559.
struct MatroskaFile {
    /// Codec and container, such as `Opus in WebM`.
    let kind: ForeignKind

    private static let codecs = [
        ("A_OPUS", "Opus"), ("A_VORBIS", "Vorbis"), ("A_AAC", "AAC"), ("A_FLAC", "FLAC"), ("A_MPEG/L3", "MP3"),
        ("A_MPEG/L2", "MP2"), ("A_MPEG/L1", "MP1"), ("A_AC3", "AC-3"), ("A_EAC3", "E-AC-3"), ("A_DTS", "DTS"),
        ("A_TRUEHD", "TrueHD"), ("A_PCM", "PCM"), ("A_ALAC", "ALAC"), ("A_TTA1", "TTA"), ("A_WAVPACK4", "WavPack"),
        ("A_REAL", "RealAudio"), ("A_MS/ACM", "sound"), ("A_QUICKTIME", "sound"), ("A_MLP", "MLP"),
    ]

    /// Bytes in which the description of the tracks is looked for.
    private static let mostSearched: Int64 = 1 << 20

    /// Reads the beginning; nil if it is not of this kind.
    init?(_ view: ByteView) {
        guard view.has([0x1a, 0x45, 0xdf, 0xa3]) else { return nil }
        let container = view.find(Array("webm".utf8), from: 4, before: 64) == nil ? "Matroska" : "WebM"
        // The element of the codec's name has the number 0x86, and a length of one or two bytes.
        var place: Int64 = 0
        var found: String?
        while found == nil, let next = view.find(Array("A_".utf8), from: place, before: Self.mostSearched) {
            if let before = view.bytes(at: next - 3, count: 2), before.contains(0x86) {
                found = Self.codecs.first { view.has($0.0, at: next) }?.1 ?? "sound"
            }
            place = next + 1
        }
        kind = ForeignKind(name: "\(found ?? "sound") in \(container)", demuxer: "matroska")
    }
}

/// A file of Microsoft's Advanced Systems Format, as far as it says what sound it has.
///
/// Source: *Advanced Systems Format Specification*, revision 01.20.
struct ASFFile {
    /// Codec and container, such as `WMA in ASF`.
    let kind: ForeignKind

    /// How the header begins, and how a stream's description says that it is sound.
    private static let mark: [UInt8] = [
        0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0, 0xaa, 0, 0x62, 0xce, 0x6c,
    ]
    private static let sound: [UInt8] = [
        0x40, 0x9e, 0x69, 0xf8, 0x4d, 0x5b, 0xcf, 0x11, 0xa8, 0xfd, 0, 0x80, 0x5f, 0x5c, 0x44, 0x2b,
    ]
    /// The objects that say that the content is encrypted.
    private static let encryption: [[UInt8]] = [
        [0xfb, 0xb3, 0x11, 0x22, 0x23, 0xbd, 0xd2, 0x11, 0xb4, 0xb7, 0, 0xa0, 0xc9, 0x55, 0xfc, 0x6e],
        [0x14, 0xe6, 0x8a, 0x29, 0x22, 0x26, 0x17, 0x4c, 0xb9, 0x35, 0xda, 0xe0, 0x7e, 0xe9, 0x28, 0x9c],
    ]

    /// Reads the beginning; nil if it is not of this kind.
    init?(_ view: ByteView) {
        guard view.has(Self.mark) else { return nil }
        var codec = "sound"
        // Behind the kind come the error correction's kind, an offset, two lengths, flags and a reserve: 38 bytes.
        if let place = view.find(Self.sound, from: 30, before: 1 << 18),
            let tag = view.number(at: place + 16 + 38, bytes: 2, isBigEndian: false)
        {
            codec = WaveEncoding.name(of: Int(tag))
        }
        let isEncrypted = Self.encryption.contains { view.find($0, from: 30, before: 1 << 18) != nil }
        kind =
            isEncrypted
            ? ForeignKind(name: "encrypted \(codec) in ASF") : ForeignKind(name: "\(codec) in ASF", demuxer: "asf")
    }
}

/// An AVI film, as far as it says what sound it has.
///
/// Source: Microsoft's *AVI RIFF File Reference*.
struct AVIFile {
    /// Codec and container, such as `MP3 in AVI`.
    let kind: ForeignKind

    /// Reads the beginning; nil if it is not of this kind.
    init?(_ view: ByteView) {
        guard view.has("RIFF"), view.has("AVI ", at: 8) else { return nil }
        var codec = "sound"
        // The description of a stream of sound, and behind it that of the format.
        if let stream = view.find(Array("strh".utf8) + [56, 0, 0, 0] + Array("auds".utf8), from: 12, before: 1 << 16),
            let format = view.find(Array("strf".utf8), from: stream, before: stream + 256),
            let tag = view.number(at: format + 8, bytes: 2, isBigEndian: false)
        {
            codec = tag == 1 ? "PCM" : WaveEncoding.name(of: Int(tag))
        }
        kind = ForeignKind(name: "\(codec) in AVI", demuxer: "avi")
    }
}

/// A file of Microsoft's Advanced Systems Format, as far as it says what sound it has.
///
/// Source: *Advanced Systems Format Specification*, revision 01.20.
struct ASFFile {
    /// Codec and container, such as `WMA in ASF`.
    let name: String

    /// How the header begins, and how a stream's description says that it is sound.
    private static let mark: [UInt8] = [
        0x30, 0x26, 0xb2, 0x75, 0x8e, 0x66, 0xcf, 0x11, 0xa6, 0xd9, 0, 0xaa, 0, 0x62, 0xce, 0x6c,
    ]
    private static let sound: [UInt8] = [
        0x40, 0x9e, 0x69, 0xf8, 0x4d, 0x5b, 0xcf, 0x11, 0xa8, 0xfd, 0, 0x80, 0x5f, 0x5c, 0x44, 0x2b,
    ]

    /// Reads the beginning; nil if it is not of this kind.
    init?(_ view: ByteView) {
        guard view.has(Self.mark) else { return nil }
        var codec = "sound"
        // Behind the kind come the error correction's kind, an offset, two lengths, flags and a reserve: 38 bytes.
        if let place = view.find(Self.sound, from: 30, before: 1 << 18),
            let tag = view.number(at: place + 16 + 38, bytes: 2, isBigEndian: false)
        {
            codec = WaveChunks.name(ofTag: Int(tag)) ?? "codec 0x" + String(tag, radix: 16)
        }
        name = "\(codec) in ASF"
    }
}

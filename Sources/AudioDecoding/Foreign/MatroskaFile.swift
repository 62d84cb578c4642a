/// A Matroska or WebM file, as far as it says what sound it has.
///
/// Source: RFC 9559.
struct MatroskaFile {
    /// Codec and container, such as `Opus in WebM`.
    let name: String

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
        name = "\(found ?? "sound") in \(container)"
    }
}

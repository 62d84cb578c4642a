/// A file of MPEG-4's kind, such as M4A and QuickTime's, as far as it says what sound it has.
///
/// Sources: ISO/IEC 14496-12 and 14496-14; Apple's *QuickTime File Format*.
struct MP4File {
    /// Codec and container, such as `AAC in MP4`.
    let kind: ForeignKind

    private static let containers: Set<String> = ["moov", "trak", "mdia", "minf", "stbl"]

    /// What the four letters of a track's description stand for.
    private static let codecs = [
        "alac": "ALAC", "ac-3": "AC-3", "ec-3": "E-AC-3", "ac-4": "AC-4", "Opus": "Opus", "fLaC": "FLAC", "samr": "AMR",
        "sawb": "AMR-WB", "dtsc": "DTS", "dtsh": "DTS", "dtsl": "DTS", "dtse": "DTS", ".mp3": "MP3", "mp3 ": "MP3",
        "enca": "encrypted sound", "drms": "encrypted AAC", "aavd": "encrypted AAC", "twos": "PCM", "sowt": "PCM",
        "lpcm": "PCM", "in24": "PCM", "in32": "PCM", "fl32": "PCM", "fl64": "PCM", "raw ": "PCM", "NONE": "PCM",
        "ipcm": "PCM", "fpcm": "PCM", "ulaw": "U-Law", "alaw": "A-Law", "ima4": "IMA ADPCM", "QDM2": "QDesign Music 2",
        "QDMC": "QDesign Music", "MAC3": "MACE", "MAC6": "MACE", "agsm": "GSM", "mha1": "MPEG-H", "mhm1": "MPEG-H",
        "mlpa": "TrueHD", "spex": "Speex", "Qclp": "QCELP", "sevc": "EVRC", "sqcp": "QCELP",
    ]

    /// Kinds of sound within MPEG-4's own description, by their number there.
    private static let objects: [UInt8: String] = [
        0x40: "AAC", 0x66: "AAC", 0x67: "AAC", 0x68: "AAC", 0x69: "MP3", 0x6b: "MP3", 0xa5: "AC-3", 0xa6: "E-AC-3",
        0xa9: "DTS", 0xad: "Opus", 0xdd: "Vorbis", 0xe1: "QCELP",
    ]

    /// Looks through a file's boxes; nil if it has none.
    init?(_ view: ByteView) {
        let first = view.name(at: 4)
        guard ["ftyp", "moov", "mdat", "wide", "free", "skip", "pnot"].contains(first) else { return nil }
        if first != "ftyp", !["moov", "mdat", "wide", "free", "skip"].contains(Self.nameOfSecond(view)) { return nil }
        let brand = first == "ftyp" ? view.name(at: 8) : "qt  "
        let container = brand == "qt  " ? "QuickTime" : brand.hasPrefix("3g") ? "3GP" : "MP4"
        var codecs: [String] = []
        var steps = 0
        Self.walk(view, 0..<view.size, depth: 0, &steps, &codecs)
        let codec = codecs.first ?? "sound"
        // What is encrypted is not decoded.
        kind = ForeignKind(name: "\(codec) in \(container)", demuxer: codec.hasPrefix("encrypted") ? nil : "mov")
    }

    /// The name of the second box; that of the first where it is the only one.
    private static func nameOfSecond(_ view: ByteView) -> String {
        guard let size = view.number(at: 0, bytes: 4, isBigEndian: true), size >= 8 else { return view.name(at: 4) }
        return Int64(size) >= view.size ? view.name(at: 4) : view.name(at: Int64(size) + 4)
    }

    private static func walk(
        _ view: ByteView, _ range: Range<Int64>, depth: Int, _ steps: inout Int, _ codecs: inout [String]
    ) {
        var place = range.lowerBound
        while place + 8 <= range.upperBound, steps < 4096, depth < 8 {
            steps += 1
            guard var size = view.number(at: place, bytes: 4, isBigEndian: true) else { return }
            var header: Int64 = 8
            if size == 1, let long = view.number(at: place + 8, bytes: 8, isBigEndian: true) {
                (size, header) = (long, 16)
            }
            let rest = range.upperBound - place
            let length = size == 0 ? rest : min(rest, Int64(clamping: size))
            guard length >= header else { return }
            let (name, inside) = (view.name(at: place + 4), place + header..<place + length)
            if containers.contains(name) { walk(view, inside, depth: depth + 1, &steps, &codecs) }
            if name == "stsd", let codec = codec(view, inside) { codecs.append(codec) }
            place += length
        }
    }

    /// The codec of the first entry of a description of samples; nil if it is no sound's.
    private static func codec(_ view: ByteView, _ range: Range<Int64>) -> String? {
        let entry = view.name(at: range.lowerBound + 12)
        if let known = codecs[entry] { return known }
        guard entry == "mp4a" else { return nil }
        // The description's tags: 3, 4 and the kind, each but the last with a length of one to four bytes.
        guard let box = view.find(Array("esds".utf8), from: range.lowerBound, before: range.upperBound) else {
            return "AAC"
        }
        let bytes = view.bytes(from: box + 8, most: 32)
        guard let four = bytes.firstIndex(of: 4) else { return "AAC" }
        let kind = bytes[(four + 1)...].drop { $0 & 0x80 != 0 }.dropFirst().first
        return kind.flatMap { objects[$0] } ?? "AAC"
    }
}

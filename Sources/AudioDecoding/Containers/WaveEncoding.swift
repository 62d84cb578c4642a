/// The encodings of WAV and its kin, by their numbers in RFC 2361 and Microsoft's mmreg.h.
enum WaveEncoding {
    /// Whether libsndfile decodes it: PCM, Microsoft's and IMA's ADPCM, floats, the two laws, GSM, NMS, G.721.
    static func isDecoded(_ tag: Int) -> Bool { decoded.contains(tag) }

    /// What a number stands for, where it is an encoding that libsndfile does not decode.
    static func name(of tag: Int) -> String { names[tag] ?? "codec 0x" + String(tag, radix: 16) }

    private static let decoded: Set<Int> = [0, 1, 2, 3, 6, 7, 0x11, 0x31, 0x38, 0x40, 0xfffe]

    private static let names: [Int: String] = [
        0x05: "IBM CVSD", 0x08: "DTS", 0x0a: "WMA Voice", 0x10: "OKI ADPCM", 0x14: "G.723 ADPCM", 0x20: "Yamaha ADPCM",
        0x22: "TrueSpeech",
        0x32: "MSN Audio", 0x34: "Control Resource VQLPC", 0x36: "Antex ADPCM", 0x42: "G.723.1", 0x45: "G.726 ADPCM",
        0x50: "MPEG", 0x55: "MP3", 0x64: "G.726 ADPCM", 0x65: "G.722 ADPCM", 0x75: "Voxware", 0x92: "AC-3 (SPDIF)",
        0xff: "AAC", 0x111: "Vivo G.723", 0x112: "Vivo Siren", 0x125: "Sanyo LD-ADPCM", 0x130: "ACELP.net",
        0x160: "WMA", 0x161: "WMA", 0x162: "WMA Pro", 0x163: "WMA Lossless", 0x164: "WMA (SPDIF)",
        0x200: "Creative ADPCM",
        0x270: "ATRAC3", 0x28f: "G.722 ADPCM", 0x1610: "AAC", 0x1602: "AAC (LATM)", 0x2000: "AC-3", 0x2001: "DTS",
        0x4143: "AC-4",
        0x564c: "Vorbis", 0x5346: "Flash ADPCM", 0x566f: "Vorbis", 0x5756: "WavPack", 0x674f: "Vorbis",
        0x6750: "Vorbis", 0x6751: "Vorbis",
        0x676f: "Vorbis", 0x6770: "Vorbis", 0x6771: "Vorbis", 0x704f: "Opus", 0x7a21: "AMR", 0x7a22: "AMR",
        0xa106: "AAC", 0xa109: "Speex", 0xe923: "ATRAC3plus", 0xf1ac: "FLAC",
    ]
}

/// The extensions by which a file is taken for audio.
enum AudioExtensions {
    /// Whether what follows the last dot of a name is one of them, in either case of its letters.
    static func isExtension(ofName name: [UInt8]) -> Bool {
        var packed: UInt64 = 0
        for byte in name.reversed() {
            if byte == UInt8(ascii: ".") { return known.contains(packed) }
            // None is longer.
            guard packed >> 56 == 0 else { return false }
            packed = packed << 8 | UInt64((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
        }
        return false
    }

    /// The extensions in lower case, each as one number: its first byte is the lowest.
    private static let known = Set(
        (decoded + expected).map { $0.utf8.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) } })

    /// Those of the formats that libsndfile 1.2 reads. Source: the table in its `docs/formats.md`, its
    /// `src/command.c` and the names by which the formats' own communities call their files.
    private static let decoded = [
        "wav", "wave", "bwf", "bwav", "rf64", "w64", "wavex", "amb", "aif", "aiff", "aifc", "au", "snd", "caf", "caff",
        "flac", "fla", "ogg", "oga", "opus", "spx", "mp3", "mp2", "mp1", "mpa", "mpga", "sd2", "nist", "sph", "wv1",
        "voc", "ircam", "sf", "iff", "8svx", "16sv", "svx", "paf", "fap", "htk", "mat", "mat4", "mat5", "pvf", "xi",
        "wve", "avr", "sds", "mpc2k", "mpc2000", "vox", "gsm",
    ]

    /// Those that people keep beside them, and that cannot be decoded: better a clear failure than silence.
    private static let expected = ["m4a", "m4b", "mp4a", "aac", "alac", "wv", "wma", "ape", "mpc", "tta", "dsf", "dff"]
}

/// The extensions by which a file is taken for audio.
enum AudioExtensions {
    /// The extensions as bytes, in lower case.
    static let known = Set((decoded + expected).map { Array($0.utf8) })

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

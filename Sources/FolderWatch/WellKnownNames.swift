/// The extensions by which a file is taken for audio.
struct AudioExtensions: Sendable, Hashable {
    /// The extensions in lower case, each as one number: its first byte is the lowest.
    private let known: Set<UInt64>

    /// - Parameter others: Extensions that count as well, in lower case.
    init(and others: some Sequence<String>) { known = Self.audio.union(others.map(Self.packed)) }

    /// Whether what follows the last dot of a name is one of them, in either case of its letters.
    func isExtension(ofName name: [UInt8]) -> Bool { Self.packedExtension(ofName: name).map(known.contains) ?? false }

    /// Whether that is the extension of a film, in which there is sound as well.
    static func isVideo(_ name: [UInt8]) -> Bool { packedExtension(ofName: name).map(video.contains) ?? false }

    /// All of them, in the order of their bytes.
    var names: [[UInt8]] {
        known.map { packed in (0..<8).map { UInt8(truncatingIfNeeded: packed >> (8 * $0)) }.filter { $0 != 0 } }
            .sorted { $0.lexicographicallyPrecedes($1) }
    }

    private static func packedExtension(ofName name: [UInt8]) -> UInt64? {
        var packed: UInt64 = 0
        for byte in name.reversed() {
            if byte == UInt8(ascii: ".") { return packed }
            // None is longer.
            guard packed >> 56 == 0 else { return nil }
            packed = packed << 8 | UInt64((UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte)
        }
        return nil
    }

    private static func packed(_ text: String) -> UInt64 { text.utf8.reversed().reduce(0) { $0 << 8 | UInt64($1) } }

    private static let audio = Set((decoded + foreign).map(packed))

    private static let video = Set(
        [
            "mp4", "m4v", "mov", "qt", "mkv", "webm", "avi", "wmv", "asf", "flv", "f4v", "mpg", "mpeg", "vob", "ts",
            "mts",
            "m2ts", "3gp", "3g2", "ogv", "rm", "rmvb", "divx",
        ].map(packed))

    /// Those of the formats that libsndfile 1.2 reads. Source: the table in its `docs/formats.md`, its
    /// `src/command.c` and the names by which the formats' own communities call their files.
    private static let decoded = [
        "wav", "wave", "bwf", "bwav", "rf64", "w64", "wavex", "amb", "aif", "aiff", "aifc", "au", "snd", "caf", "caff",
        "flac", "fla", "ogg", "oga", "opus", "spx", "mp3", "mp2", "mp1", "mpa", "mpga", "sd2", "nist", "sph", "wv1",
        "voc", "ircam", "sf", "iff", "8svx", "16sv", "svx", "paf", "fap", "htk", "mat", "mat4", "mat5", "pvf", "xi",
        "wve", "avr", "sds", "mpc2k", "mpc2000", "vox", "gsm",
    ]

    /// Those of the formats that FFmpeg's libraries read, and some that they do not: better a clear failure than silence.
    private static let foreign = [
        "m4a", "m4b", "m4r", "m4p", "mp4a", "aax", "aac", "adts", "loas", "latm", "alac", "mka", "weba", "wma", "wv",
        "ape",
        "mpc", "mpp", "mp+", "tta", "tak", "shn", "ofr", "dsf", "dff", "amr", "awb", "3ga", "ac3", "ec3", "eac3", "dts",
        "dtshd", "vqf", "ra",
    ]
}

/// The names that programs give to files which they have not finished, or do not mean to keep.
enum TemporaryNames {
    /// The first pattern that a name matches.
    static func pattern(matching name: [UInt8]) -> NamePattern? { patterns.first { $0.matches(name) } }

    private static let patterns = [
        // Browsers and downloaders.
        "*.part", "*.partial", "*.crdownload", "*.download", "*.opdownload", "*.aria2", "*.!ut", "*.!qb", "*.bc!",
        "*.filepart", "*.ytdl", ".com.google.Chrome.*", "*.part-Frag[0-9]*",
        // Copying and synchronising: rsync's last part is made by mktemp.
        ".syncthing.*.tmp", "~syncthing~*.tmp", ".goutputstream-*", ".fuse_hidden*", ".nfs[0-9a-f]*",
        ".*.[A-Za-z0-9][A-Za-z0-9][A-Za-z0-9][A-Za-z0-9][A-Za-z0-9][A-Za-z0-9]",
        // Editors and office programs.
        "*.tmp", "*.temp", "*~", "~*", "#*#", ".#*", ".~lock.*", "*.swp", "*.swo", "*.swx", "*.lock",
    ].map { NamePattern($0, ignoringCase: true) }
}

/// The files that download managers keep beside what they fetch for as long as it is not whole. Those that write to the
/// final name at once cannot be told from others by it; that file is left alone until the one beside it has gone.
enum ControlFiles {
    /// aria2, axel and lftp. What browsers call `.part` holds the sound itself: a file that lies beside one is another.
    private static let suffixes = [".aria2", ".st", ".lftp-pget-status"].map { Array($0.utf8) }

    /// The name of the file that a control file of this name stands beside; nil if it is no control file's name.
    static func guarded(by name: [UInt8]) -> [UInt8]? {
        for suffix in suffixes where name.count > suffix.count && name.suffix(suffix.count).elementsEqual(suffix) {
            return Array(name.dropLast(suffix.count))
        }
        return nil
    }

    /// The names of the control files that a file of this name might have.
    static func names(for name: [UInt8]) -> [[UInt8]] { suffixes.map { name + $0 } }
}

/// The folders that systems and their tools keep among people's own: bins, snapshots, thumbnails, what an archive of
/// another system carries along. What lies in them was deleted, or is there a second time.
enum SystemFolders {
    /// Why a directory of a name is one of them, in a clause; nil if it is none. Letters count as equal in either case.
    static func reason(ofName name: [UInt8]) -> String? {
        guard let first = name.first, firstBytes.contains(first) else { return nil }
        let lowered = name.map { (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains($0) ? $0 | 0x20 : $0 }
        if let kind = kinds[lowered] { return kind.words }
        return lowered.starts(with: trash) ? Kind.bin.words : nil
    }

    private enum Kind {
        case bin, snapshots, companions, system

        var words: String {
            switch self {
            case .bin: "it is a bin for deleted files"
            case .snapshots: "it holds snapshots of what is elsewhere"
            case .companions: "it holds what a system keeps beside the files, not the files"
            case .system: "it belongs to the file system"
            }
        }
    }

    /// Bins of removable drives by the freedesktop.org trash specification: `.Trash`, and `.Trash-1000` for a user.
    private static let trash = Array(".trash".utf8)

    /// Names in lower case. Windows, Synology, QNAP, Samba's `vfs_recycle`, NetApp, ZFS, macOS, ext4.
    private static let kinds: [[UInt8]: Kind] = {
        let names: [Kind: [String]] = [
            .bin: ["$recycle.bin", "recycler", "recycled", "#recycle", "@recycle", ".recycle", ".trashes"],
            .snapshots: [
                "#snapshot", "@recently-snapshot", ".snapshot", ".snapshots", "~snapshot", ".zfs",
                ".timemachine", ".mobilebackups",
            ],
            .companions: ["@eadir", "__macosx", ".appledouble", ".@__thumb", "@tmp", "#tmp"],
            .system: ["lost+found", "system volume information"],
        ]
        return names.reduce(into: [:]) { table, entry in
            for name in entry.value { table[Array(name.utf8)] = entry.key }
        }
    }()

    private static let firstBytes = Set(kinds.keys.compactMap(\.first) + kinds.keys.compactMap(\.first).map(upper))

    private static func upper(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "a")...UInt8(ascii: "z")).contains(byte) ? byte & ~0x20 : byte
    }
}

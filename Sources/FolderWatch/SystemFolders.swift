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

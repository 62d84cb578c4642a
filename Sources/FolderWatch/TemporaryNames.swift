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

/// Which files a search may find. Every condition that is set must hold.
package struct IndexFilter: Hashable, Sendable {
    /// Absolute paths of directories, in or below which the file must lie, or of the file itself. Empty means anywhere.
    package var directories: [[UInt8]] = []
    /// Absolute paths of directories, in or below which the file must not lie, or of files that are left out themselves.
    package var leftOut: [[UInt8]] = []
    /// Numbers of directories whose own files are left out.
    package var closedDirectories: Set<Int64> = []
    /// What the file's name must match.
    package var name: GlobPattern?
    /// What the file's whole path must match.
    package var path: GlobPattern?
    /// The least and the greatest length of the sound, in seconds.
    package var minDuration: Double?
    package var maxDuration: Double?
    /// Channels that the file must have.
    package var channelCount: Int?
    /// The file must have been first seen at this time or later, in seconds since 1970.
    package var since: Double?
    /// The greatest distance: of a file the mean, of a span the bits; in a search over vectors, squared.
    package var maxDistance: Double?
    /// What must be true of the sound's figures; a file without figures meets no condition.
    package var figures = FigureConditions()
    /// Numbers of files among which the file must be; nil if it may be any.
    package var among: FileNumbers?
    /// For how long the sound must be heard, in steps of its figures; a file without figures does not meet it.
    package var lengths: Range<Int>?
    /// Whether the sound must be a loop or a one-shot.
    package var loop: LoopCondition?
    /// Whether files are found whose folder is away.
    package var includesOffline = false

    /// Finds all files that are not offline.
    package init() {}

    /// Whether a directory is one of ``directories``, or lies below one.
    func admits(directory path: [UInt8]) -> Bool {
        directories.isEmpty || Self.lies(directory: path, inOrBelow: directories)
    }

    /// Whether a directory is to be left out, with all that lies in it.
    func bars(directory: Int64, path: [UInt8]?) -> Bool {
        closedDirectories.contains(directory) || path.map { Self.lies(directory: $0, inOrBelow: leftOut) } ?? false
    }

    private static func lies(directory path: [UInt8], inOrBelow prefixes: [[UInt8]]) -> Bool {
        prefixes.contains { prefix in
            var prefix = prefix[...]
            while prefix.last == UInt8(ascii: "/") { prefix.removeLast() }
            return path.starts(with: prefix)
                && (path.count == prefix.count || path[prefix.count] == UInt8(ascii: "/"))
        }
    }
}

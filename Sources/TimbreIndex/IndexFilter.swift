/// Which files a search may find. Every condition that is set must hold.
package struct IndexFilter: Hashable, Sendable {
    /// Directories, as absolute paths: the file must lie in one of them or below it. Empty means anywhere.
    package var directories: [[UInt8]] = []
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
    /// Whether files are found whose folder is away.
    package var includesOffline = false

    /// Finds all files that are not offline.
    package init() {}

    /// Whether a directory is one of ``directories``, or lies below one.
    func admits(directory path: [UInt8]) -> Bool {
        directories.isEmpty
            || directories.contains { prefix in
                var prefix = prefix[...]
                while prefix.last == UInt8(ascii: "/") { prefix.removeLast() }
                return path.starts(with: prefix)
                    && (path.count == prefix.count || path[prefix.count] == UInt8(ascii: "/"))
            }
    }
}

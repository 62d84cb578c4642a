import SystemPackage

/// What a watcher saw in its folders.
///
/// Changes are hints to look, and idempotent: the same one may come twice, and `listed` and events may tell the same
/// news. Taken in order they leave the reader with what is on disk.
package enum FolderChange: Sendable, Hashable {
    /// A directory was listed, after a watch was put on it. What is known directly in it and is not in the list is
    /// gone, files and subdirectories alike.
    case listed(DirectoryListing)
    /// A candidate file has been left alone long enough to be looked at, be it new, changed, or moved here.
    case settled(FilePath)
    /// A candidate file appeared, or is being written, and is not ready.
    case pending(FilePath)
    /// A file, or a directory with all below it, was deleted or moved out of the folders.
    case gone(FilePath, isDirectory: Bool)
    /// A candidate file or a directory, with all below it, has another name within the folders. `settled` follows for
    /// a file, and a scan for a directory: neither has to be known under its old name.
    case moved(from: FilePath, to: FilePath, isDirectory: Bool)
    /// A folder is watched in another way than before, or lies elsewhere than before.
    case folder(FolderStatus)
    /// A folder is watched as it was by an earlier watcher, and nothing that happened in it since was missed: it is not
    /// scanned.
    case continued(FolderStatus)
    /// All below a directory is about to be listed.
    case scanBegan(FilePath)
    /// All below a directory has been listed. If `complete`, then directories below it that were not listed since the
    /// scan began, and were not reported as unreadable, are gone.
    case scanEnded(FilePath, complete: Bool)
    /// The kernel dropped events; a scan of everything follows.
    case overflowed
    /// All that had happened when ``FolderWatcher/sync(token:)`` was called has been delivered. The `unsettled` files
    /// are held back; each will yet be delivered as settled or gone, unless its folder goes offline.
    case drained(token: UInt64, unsettled: [FilePath])
    /// A directory could not be read or watched; what is known below it may or may not be there.
    case unreadable(FilePath, reason: String)
    /// So many entries of a directory are left out that somebody may look for; with each listing the count comes anew.
    case leftOut(FilePath, count: Int)
}

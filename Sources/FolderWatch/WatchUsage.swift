/// What a watcher takes of the kernel's limits, and how its folders are doing.
package struct WatchUsage: Sendable, Hashable {
    /// The inotify watches in use.
    package var watches = 0
    /// The watches that each user may have (`fs.inotify.max_user_watches`); nil if the kernel does not say.
    package var allowed: Int?
    /// How often the kernel's queue overflowed.
    package var overflows = 0
    /// How each folder is watched, in the order in which they were asked for.
    package var folders: [FolderStatus] = []

    package init() {}
}

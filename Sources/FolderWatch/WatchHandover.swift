import Glibc
import Platform
import SystemPackage

/// A kernel queue with all its watches, and what is known of them: what one watcher leaves to the next.
///
/// As long as somebody has the queue open, the kernel goes on filling it; who adopts it misses nothing. The object owns
/// the descriptor.
package final class WatchHandover: Sendable {
    /// The inotify descriptor, for others to keep.
    package let queue: FileDescriptor
    package let state: WatchState

    /// Takes over a queue; nil if the descriptor is no inotify queue, which is closed then.
    package init?(adopting queue: FileDescriptor, state: WatchState) {
        self.queue = queue
        self.state = state
        do throws(Errno) {
            guard try FilePath("/proc/self/fd/\(queue.rawValue)").linkTarget() == "anon_inode:inotify" else {
                return nil
            }
            try queue.setNonBlockingAndCloseOnExec()
        } catch { return nil }
    }

    deinit { _ = Glibc.close(queue.rawValue) }

    /// Another descriptor of the same queue; nil if there are no more.
    func duplicate() -> FileDescriptor? { queue.duplicateCloseOnExec() }
}

/// What a watcher knows that the one after it needs in order to go on where it stopped, with the same kernel queue.
package struct WatchState: Sendable, Equatable {
    /// A folder that inotify told of.
    struct Folder: Sendable, Equatable {
        var path: FilePath
        var identity: FolderIdentity
        /// Whether all that had happened in it was told: if not, it has to be scanned.
        var isComplete: Bool
        /// Parents before their children.
        var directories: [WatchMap.Directory]
        /// What is mounted at or below it: of that, inotify says nothing.
        var mounts: [MountTable.Place]
    }

    /// A file that is held back until it has settled.
    struct HeldFile: Sendable, Equatable {
        var path: FilePath
        var writer: Settler.Writer
    }

    var cookieWatch: Int32?
    var folders: [Folder] = []
    var held: [HeldFile] = []
    /// Directories that could not be read.
    var unreadable: [FilePath] = []
    /// Files that can change without a word from the directories that they are in.
    var indirect: [FilePath] = []

    init() {}

    /// The files that are held back.
    package var heldFiles: [FilePath] { held.map(\.path) }

    /// Has files looked at that somebody behind the watcher had not got round to.
    package mutating func hold(_ files: [FilePath]) {
        let known = Set(heldFiles)
        held += files.filter { !known.contains($0) }.map { HeldFile(path: $0, writer: .gone) }
    }

    /// Has folders scanned of which somebody behind the watcher had not taken in everything.
    package mutating func rescan(_ directories: [FilePath]) {
        for index in folders.indices where directories.contains(where: { $0.lies(in: folders[index].path) }) {
            folders[index].isComplete = false
        }
    }
}

extension WatchMap {
    /// A known directory, as one of a list that goes through a tree from the top, each branch to its end.
    package struct Directory: Sendable, Hashable {
        /// 0 for the root.
        package var depth: Int
        /// Empty for the root.
        package var name: [UInt8]
        package var watch: Int32?

        package init(depth: Int, name: [UInt8], watch: Int32?) {
            self.depth = depth
            self.name = name
            self.watch = watch
        }
    }

    /// Makes a tree of a list of directories. What does not follow its parent is left out.
    package init(root: FilePath, directories: [Directory]) {
        self.init(root: root)
        var branch: [FilePath] = []
        for directory in directories where directory.depth <= branch.count && directory.depth >= 0 {
            branch.removeLast(branch.count - directory.depth)
            let path = branch.last.map { $0.appending(bytes: directory.name) } ?? root
            branch.append(path)
            _ = insert(path, watch: directory.watch)
        }
    }
}

import Platform
import SystemPackage

/// What a watch is needed for.
enum WatchUse {
    /// To hear when the directory itself is moved or deleted.
    case place
    /// To hear what happens in it as well.
    case content
}

/// Something that needs watches of a queue.
protocol WatchOwner: AnyObject {
    /// What the owner needs a watch for; nil if it does not.
    func use(of watch: Int32) -> WatchUse?
}

/// A lane's kernel queue and its watches, each of which several may need.
///
/// The kernel gives a directory one watch, by whatever path it is reached. It is taken off once no owner needs it.
final class WatchPool {
    private struct Owner {
        weak var object: (any WatchOwner)?
    }

    /// Why there is no queue, where there is none.
    let pollingMode: FolderStatus.Mode
    private let inotify: Inotify?
    private let disk: LaneDisk
    private var owners: [Owner] = []

    /// Opens a queue. Where the kernel has none for us, the folders have to be polled.
    ///
    /// - Parameter queue: An earlier watcher's queue to be taken over, if there is one.
    init(disk: LaneDisk, isQueueWanted: Bool, adopting queue: FileDescriptor?) {
        self.disk = disk
        var opened: Inotify?
        var mode = FolderStatus.Mode.polling(reason: "inotify is not to be used")
        if let queue {
            opened = Inotify(adopting: queue)
        } else if isQueueWanted {
            do throws(Errno) {
                opened = try Inotify()
            } catch {
                mode = .fallback(withoutQueue: error)
            }
        }
        (inotify, pollingMode) = (opened, mode)
    }

    /// Whether there is a queue.
    var hasQueue: Bool { inotify != nil }

    /// Readable while events wait, for `poll(2)`; -1, which it passes over, without a queue.
    var descriptor: Int32 { inotify?.descriptor.rawValue ?? -1 }

    /// Another descriptor of the queue; nil if there is no queue, or no more descriptors.
    func duplicateQueue() -> FileDescriptor? { inotify?.descriptor.duplicateCloseOnExec() }

    /// Takes events from the queue, a buffer full at most; none if it is empty.
    func read() throws(Errno) -> [InotifyEvent] { try inotify?.read() ?? [] }

    /// Has an owner asked whenever a watch may have become useless, as long as the owner lives.
    func add(_ owner: any WatchOwner) {
        owners.removeAll { $0.object == nil }
        owners.append(Owner(object: owner))
    }

    /// Puts a watch on a directory.
    ///
    /// - Parameter folder: The folder that needs the watch: it counts as not answering if the call blocks.
    /// - Throws: `ENOSPC` if the user has too many watches.
    func watch(_ directory: FilePath, _ mask: Inotify.Mask, for folder: FilePath) throws(Errno) -> Int32 {
        guard let inotify else { throw .notSupported }
        disk.pulse.willLook(at: folder)
        return try inotify.watch(directory, mask)
    }

    /// Whether anyone but one owner has to hear of what happens in the directory of a watch.
    func tellsContent(_ watch: Int32, besides owner: any WatchOwner) -> Bool {
        owners.contains { $0.object !== owner && $0.object?.use(of: watch) == .content }
    }

    /// Takes off those watches that nobody needs. Their former owner must have forgotten them before.
    func release(_ watches: some Sequence<Int32>) {
        for watch in watches where !owners.contains(where: { $0.object?.use(of: watch) != nil }) {
            inotify?.remove(watch)
        }
    }
}

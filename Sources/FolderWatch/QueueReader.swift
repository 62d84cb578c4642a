import Platform
import SystemPackage

/// Reads the kernel's queue and hands each event to the part that it concerns.
final class QueueReader {
    private let context: LaneContext
    private let folders: WatchedFolders
    private let names: NameEvents
    private let rescanner: Rescanner
    private let prover: SyncProver
    private let mounts: MountHandler
    /// How often the kernel has dropped events.
    private(set) var overflowCount = 0

    init(
        _ context: LaneContext, _ folders: WatchedFolders, _ names: NameEvents, _ rescanner: Rescanner,
        _ prover: SyncProver, _ mounts: MountHandler
    ) {
        self.context = context
        self.folders = folders
        self.names = names
        self.rescanner = rescanner
        self.prover = prover
        self.mounts = mounts
    }

    /// Whether the queue is to be read: an earlier watcher's holds events of folders that were not asked for yet.
    private var mayRead: Bool { !context.inheritance.isPending }

    /// Readable while there is something to read, for `poll(2)`; -1, which it passes over, as long as nothing is to be
    /// read.
    var descriptor: Int32 { mayRead ? context.watches.descriptor : -1 }

    /// Handles what the kernel has queued, a buffer full at a time.
    func read() throws(Errno) {
        guard mayRead else { return }
        let events = try context.watches.read()
        if events.isEmpty { return prover.queueIsEmpty() }
        for event in events { handle(event) }
    }

    private func handle(_ event: InotifyEvent) {
        if event.kind.contains(.overflow) { return eventsWereLost() }
        if event.watch == prover.cookieWatch { return prover.handle(event) }
        for folder in folders.all where folder.anchors.watches.contains(event.watch) { handleAnchor(event, of: folder) }
        for folder in folders.all {
            for directory in folder.tree.paths(of: event.watch) {
                if let name = event.name {
                    names.handle(event, of: directory.appending(bytes: name), in: folder)
                } else {
                    handle(event, of: directory, in: folder)
                }
            }
            if event.kind.contains(.ignored) { folder.tree.drop(watch: event.watch) }
        }
    }

    /// The kernel dropped events; which, nobody knows.
    private func eventsWereLost() {
        overflowCount += 1
        context.outlet.tell(.overflowed)
        rescanner.missedSomething()
        context.settler.doubtAll(at: .now)
        // The proof of a sync may be among them.
        prover.repeatCookies()
    }

    /// Something happened to what a folder lies in.
    private func handleAnchor(_ event: InotifyEvent, of folder: WatchedFolder) {
        if event.kind.contains(.ignored) { folder.anchors.drop(watch: event.watch) }
        if !folder.isOnline {
            folder.open()
        } else if event.name == nil {
            folder.check()
        }
    }

    /// Something happened to a watched directory itself.
    private func handle(_ event: InotifyEvent, of directory: FilePath, in folder: WatchedFolder) {
        let isFolder = directory == folder.path
        if event.kind.contains(.unmounted) {
            mounts.wasUnmounted(from: directory, in: folder)
        } else if isFolder, !event.kind.isDisjoint(with: [.selfDeleted, .ignored]) {
            folder.check(isLost: true)
        } else if isFolder, event.kind.contains(.selfMoved) {
            folder.check()
        } else if event.kind.contains(.attributes) {
            isFolder ? folder.check() : folder.retry(directory)
        }
    }
}

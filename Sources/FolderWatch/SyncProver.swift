import Glibc
import Platform
import SystemPackage

/// Proves that all that had happened when a sync was asked for has been told.
///
/// The kernel queues events in order. So a file, the cookie, is made in a directory of our own that the same queue
/// watches: when its event is read, all before it have been. What these asked to be scanned is waited for, too.
final class SyncProver: WatchOwner {
    private struct Sync {
        /// What a sync waits for.
        enum Stage: Equatable {
            /// The event of a file with this name.
            case cookie([UInt8])
            /// The end of the queue.
            case emptyQueue
            /// The end of all scans up to the one with this number.
            case scans(UInt64)
        }

        let token: UInt64
        var stage = Stage.emptyQueue
    }

    private let context: LaneContext
    private let folders: WatchedFolders
    private let leftOut: LeftOutCounter
    private let tracker: FileTracker
    private let names: NameEvents
    private let rescanner: Rescanner
    /// In the order in which they were asked for.
    private var syncs: [Sync] = []
    /// The watch on the directory of the cookies.
    private(set) var cookieWatch: Int32?
    private var cookieCount: UInt64 = 0

    init(
        _ context: LaneContext, _ folders: WatchedFolders, _ leftOut: LeftOutCounter, _ tracker: FileTracker,
        _ names: NameEvents, _ rescanner: Rescanner
    ) {
        self.context = context
        self.folders = folders
        self.leftOut = leftOut
        self.tracker = tracker
        self.names = names
        self.rescanner = rescanner
        cookieWatch = context.inheritance.cookieWatch
        context.watches.add(self)
    }

    func use(of watch: Int32) -> WatchUse? { watch == cookieWatch ? .content : nil }

    /// Begins to prove that all that has happened up to now is told.
    func begin(_ token: UInt64) {
        for folder in folders.all {
            folder.check()
            if !folder.isOnline {
                folder.open()
            } else if folder.isPolled || !folder.tree.isLarge {
                // Of some changes the kernel tells nothing: a hard link written through another name, truncate(2), a
                // mapped file. Where that takes no time worth mentioning, all is looked at.
                folder.scan(isFull: false)
            }
        }
        tracker.lookAtIndirectNames()
        syncs.append(Sync(token: token))
        setCookie(for: syncs.count - 1)
    }

    /// Tells of the syncs whose scans are done, in order.
    func finish() {
        while let sync = syncs.first, case .scans(let last) = sync.stage, context.scans.isDone(upTo: last) {
            syncs.removeFirst()
            leftOut.countAll()
            tracker.lookAtOpenFiles(at: .now)
            context.outlet.tell(.drained(token: sync.token, unsettled: context.settler.unsettled))
        }
    }

    // MARK: Cookies

    /// Handles an event of the directory of the cookies.
    func handle(_ event: InotifyEvent) {
        if event.kind.contains(.ignored) {
            cookieWatch = nil
            repeatCookies()
        }
        guard event.kind.contains(.created), let name = event.name else { return }
        for sync in syncs.indices where syncs[sync].stage == .cookie(name) { queueWasDrained(for: sync) }
    }

    /// Handles that the queue has been read to its end: as good as a cookie for those that could not set one.
    func queueIsEmpty() {
        for sync in syncs.indices where syncs[sync].stage == .emptyQueue { queueWasDrained(for: sync) }
    }

    /// Sets new cookies in place of those that may have been lost.
    func repeatCookies() {
        for sync in syncs.indices {
            if case .cookie = syncs[sync].stage { setCookie(for: sync) }
        }
    }

    /// Has the cookies set in another directory from now on.
    func directoryChanged() {
        guard let watch = cookieWatch else { return }
        cookieWatch = nil
        context.watches.release([watch])
        repeatCookies()
    }

    /// Makes the file whose event will show that the queue is drained. Where that fails, as on a full disk, the queue is
    /// read until it is empty instead.
    private func setCookie(for sync: Int) {
        syncs[sync].stage = .emptyQueue
        guard context.watches.hasQueue else { return }
        let directory = context.settings.cookieDirectory
        do throws(Errno) {
            if cookieWatch == nil {
                let made = unsafe directory.withPlatformString { unsafe mkdir($0, 0o700) }
                guard made == 0 || errno == EEXIST else { throw Errno.last }
                cookieWatch = try context.watches.watch(directory, .content, for: directory)
            }
            cookieCount += 1
            // Different from all others of this process.
            let name = Array("sync-\(getpid())-\(cookieCount)".utf8)
            let cookie = directory.appending(bytes: name)
            _ = try OwnedDescriptor.open(cookie, O_WRONLY | O_CREAT | O_EXCL, mode: 0o600)
            _ = unsafe cookie.withPlatformString { unsafe unlink($0) }
            syncs[sync].stage = .cookie(name)
        } catch {
            return
        }
    }

    /// All events up to now have been handled; what they asked for has yet to be done.
    private func queueWasDrained(for sync: Int) {
        names.handleAllDepartures()
        rescanner.rescanIfMissed()
        syncs[sync].stage = .scans(context.scans.newest)
    }
}

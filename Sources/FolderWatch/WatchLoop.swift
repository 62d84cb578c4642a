import CLinux
import Glibc
import Platform
import SystemPackage

/// The work of a lane's thread: it waits, asks the values what to do, and does it.
///
/// All state belongs to that thread.
final class WatchLoop {
    typealias Instant = ContinuousClock.Instant

    let lane: WatchLane
    let mounts = MountWatch()
    var settings: WatchSettings
    /// Nil if the kernel has no queue for us; then `pollingMode` says why.
    var inotify: Inotify?
    var pollingMode = FolderStatus.Mode.polling(reason: "inotify is not to be used")

    /// The folders as they were asked for, and those that are watched.
    var requested: [FilePath] = []
    var folders: [WatchedFolder] = []
    /// Directories that could not be read, and may become readable.
    var unreadable: Set<FilePath> = []

    var settler: Settler
    var pairer = MovePairer()
    var backoff = RescanBackoff()
    var scans = ScanQueue()
    var syncs = PendingSyncs()
    var indirect = IndirectNames()
    var leftOut = LeftOutCounts()
    var overflows = 0
    /// What an earlier watcher knew of the folders that are not open yet.
    var inherited = WatchState()
    /// What was at a folder's path before something else was mounted there, where an earlier lane knows of it.
    let covered: FolderIdentity?
    /// Directories in the folders on which something is mounted that was asked and does not answer.
    var asked: [FilePath: NestedLook] = [:]
    /// The watches that these folders need.
    var inheritedWatches: Set<Int32> = []

    private let deliver: ([FolderChange]) -> Void
    private let letGo: (LeavingFolder) -> Void
    private var batch: [FolderChange] = []

    init(
        settings: WatchSettings, lane: WatchLane, continuing earlier: WatchHandover?, covered: FolderIdentity?,
        deliver: @escaping ([FolderChange]) -> Void, letGo: @escaping (LeavingFolder) -> Void
    ) {
        self.settings = settings
        self.lane = lane
        self.covered = covered
        self.deliver = deliver
        self.letGo = letGo
        settler = Settler(settle: settings.settle)
        guard settings.usesInotify else { return }
        // What is on a server is polled in any case.
        if case .alone(let folder) = lane.scope, mounts.table.servedPoint(of: folder) != nil { return }
        do throws(Errno) {
            if let earlier, inherit(earlier) { return }
            inotify = try Inotify()
        } catch {
            pollingMode = .fallback(withoutQueue: error)
        }
    }

    /// Turns round until told to stop.
    ///
    /// - Returns: What the next watcher needs to go on from here.
    func run() throws(Errno) -> WatchHandover? {
        while heedCommands() {
            // What an earlier watcher's queue holds is for folders that are not told yet.
            if inherited.folders.isEmpty { try readEvents() }
            scan(for: .milliseconds(10))
            seeToDeadlines()
            letFoldersGo()
            finishSyncs()
            publish()
            flush()
            try wait()
        }
        for half in pairer.takeAll() { leave(half) }
        flush()
        return handover()
    }

    /// Tells the outside something, soon.
    func tell(_ change: FolderChange) {
        batch.append(change)
        if batch.count >= 4096 { flush() }
    }

    private func flush() {
        guard !batch.isEmpty else { return }
        let full = batch
        batch = []
        lane.pulse.rests()
        deliver(full)
    }

    /// Tells that a path is about to be looked at, which may take for ever.
    func looks(at path: FilePath) { lane.pulse.looks(at: path) }

    /// Hands on the folders that belong to another lane.
    private func letFoldersGo() {
        let leaving = folders.filter(\.isLeaving)
        guard !leaving.isEmpty else { return }
        flush()
        requested.removeAll { path in leaving.contains { $0.path == path } }
        chooseFolders()
        for folder in leaving { letGo(LeavingFolder(path: folder.path, covered: folder.covered)) }
    }

    private func publish() {
        var usage = WatchUsage()
        usage.overflows = overflows
        usage.folders = folders.map(\.status)
        usage.watches = watchesInUse
        lane.inbox.publish(usage, at: .now)
    }

    private func seeToDeadlines() {
        let now = Instant.now
        for half in pairer.takeGone(at: now) { leave(half) }
        for file in settler.takeDue(at: now) { look(at: file, now) }
        if backoff.takeDue(at: now) { rescanAll() }
        countLeftOut(in: leftOut.takeDue(at: now))
        for index in folders.indices {
            guard let due = folders[index].nextLook, due <= now else { continue }
            folders[index].nextLook = nil
            if folders[index].isPolled {
                check(index)
                scans.add(folders[index].path, in: folders[index].path, isFull: false, at: now)
            } else if !folders[index].isOnline {
                open(index)
            }
        }
    }

    /// Waits for a command, an event, a mount or the next deadline; for ever if there is none.
    private func wait() throws(Errno) {
        let deadlines =
            [settler.deadline, pairer.deadline, backoff.deadline, leftOut.deadline] + folders.map(\.nextLook)
        var timeout: Int32 = -1
        if !scans.isEmpty {
            timeout = 0
        } else if let next = deadlines.compactMap({ $0 }).min() {
            // Rounded up: a millisecond too early would be a turn for nothing.
            let left = (next - .now) / .milliseconds(1)
            timeout = Int32(min(max(0, left.rounded(.up)), 3_600_000))
        }
        // A negative descriptor is passed over.
        var waiting = [
            pollfd(fd: lane.inbox.signal.descriptor.rawValue, events: Int16(POLLIN), revents: 0),
            pollfd(
                fd: inherited.folders.isEmpty ? inotify?.descriptor.rawValue ?? -1 : -1, events: Int16(POLLIN),
                revents: 0),
            pollfd(fd: mounts.descriptor, events: Int16(POLLPRI), revents: 0),
        ]
        let count = nfds_t(waiting.count)
        lane.pulse.rests()
        let ready = unsafe waiting.withUnsafeMutableBufferPointer { unsafe poll($0.baseAddress, count, timeout) }
        guard ready >= 0 || errno == EINTR else { throw Errno.last }
        if ready > 0, waiting[2].revents != 0 { heedMounts() }
    }
}

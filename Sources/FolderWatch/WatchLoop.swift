import CLinux
import Glibc
import Platform
import SystemPackage

/// The work of a lane's thread: it waits, and hands what comes to the part that it concerns.
///
/// All state belongs to that thread.
final class WatchLoop {
    typealias Instant = ContinuousClock.Instant

    private let context: LaneContext
    private let folders: WatchedFolders
    private let leftOut: LeftOutCounter
    private let tracker: FileTracker
    private let names: NameEvents
    private let rescanner: Rescanner
    private let scanner: Scanner
    private let prover: SyncProver
    private let mounts: MountHandler
    private let reader: QueueReader
    private let letGo: (LeavingFolder) -> Void

    /// How long scans go on before the loop looks at what else has come.
    private static let scanBudget = Duration.milliseconds(10)

    /// - Parameters:
    ///   - earlier: What an earlier watcher has left.
    ///   - covered: What was at the folder's path before something else was mounted there, where an earlier lane knows.
    ///   - deliver: Told what happens.
    ///   - letGo: Given the folders that belong to another lane.
    init(
        settings: WatchSettings, lane: WatchLane, continuing earlier: WatchHandover?, covered: FolderIdentity?,
        deliver: @escaping ([FolderChange]) -> Void, letGo: @escaping (LeavingFolder) -> Void
    ) {
        self.letGo = letGo
        context = LaneContext(lane: lane, settings: settings, continuing: earlier, deliver: deliver)
        folders = WatchedFolders(context, covered: covered)
        leftOut = LeftOutCounter(context, folders)
        tracker = FileTracker(context, folders, leftOut)
        names = NameEvents(context, folders, leftOut, tracker)
        rescanner = Rescanner(context, folders, tracker)
        scanner = Scanner(context, folders, leftOut, tracker, rescanner)
        prover = SyncProver(context, folders, leftOut, tracker, names, rescanner)
        mounts = MountHandler(context, folders)
        reader = QueueReader(context, folders, names, rescanner, prover, mounts)
    }

    /// Turns round until told to stop.
    ///
    /// - Returns: What the next watcher needs to go on from here.
    func run() throws(Errno) -> WatchHandover? {
        while handleCommands() {
            try reader.read()
            scanner.scan(for: Self.scanBudget)
            handleDeadlines(at: .now)
            letFoldersGo()
            prover.finish()
            publish()
            context.outlet.flush()
            try wait()
        }
        names.handleAllDepartures()
        context.outlet.flush()
        return handover()
    }

    // MARK: Commands

    /// Does what was asked for since the last turn.
    ///
    /// - Returns: False when it is time to stop.
    private func handleCommands() -> Bool {
        for command in context.lane.inbox.takeCommands() {
            switch command {
            case .setFolders(let paths): folders.set(paths)
            case .apply(let settings): apply(settings)
            case .rescan(let directory): rescanner.rescan(directory)
            case .sync(let token): prover.begin(token)
            case .poke: break
            case .stop: return false
            }
        }
        return true
    }

    private func apply(_ new: WatchSettings) {
        let old = context.settings
        context.settings = new
        context.settler.settle = new.settle
        if new.cookieDirectory != old.cookieDirectory { prover.directoryChanged() }
        guard new.filter != old.filter || new.followSymlinks != old.followSymlinks else { return }
        folders.choose()
        rescanner.rescanAll()
    }

    // MARK: Turns

    private func handleDeadlines(at now: Instant) {
        names.handleDepartures(at: now)
        tracker.lookAtDueFiles(at: now)
        rescanner.rescanIfDue(at: now)
        leftOut.countDue(at: now)
        for folder in folders.all { folder.lookIfDue(at: now) }
    }

    /// Hands on the folders that belong to another lane, once all is told that was seen of them.
    private func letFoldersGo() {
        for folder in folders.takeLeaving(willLeave: context.outlet.flush) { letGo(folder) }
    }

    /// Shows the outside how far the lane is.
    private func publish() {
        var usage = WatchUsage()
        usage.overflows = reader.overflowCount
        usage.folders = folders.all.map(\.status)
        usage.watches = folders.watchCount + (prover.cookieWatch == nil ? 0 : 1)
        context.lane.inbox.publish(usage, at: .now)
    }

    /// Waits for a command, an event, a mount or the next deadline; without end if there is none.
    private func wait() throws(Errno) {
        let deadlines =
            [context.settler.deadline, names.deadline, rescanner.deadline, leftOut.deadline]
            + folders.all.map(\.nextLook)
        var timeout: Int32 = -1
        if !context.scans.isEmpty {
            timeout = 0
        } else if let next = deadlines.compactMap(\.self).min() {
            // Rounded up: a millisecond too early would be a turn for nothing.
            let left = (next - .now) / .milliseconds(1)
            timeout = Int32(min(max(0, left.rounded(.up)), 3_600_000))
        }
        let readable = Int16(POLLIN)
        var waiting = [
            pollfd(fd: context.lane.inbox.signal.descriptor.rawValue, events: readable, revents: 0),
            pollfd(fd: reader.descriptor, events: readable, revents: 0),
            pollfd(fd: context.mounts.descriptor, events: Int16(POLLPRI), revents: 0),
        ]
        let count = nfds_t(waiting.count)
        context.lane.pulse.rest()
        let ready = unsafe waiting.withUnsafeMutableBufferPointer { unsafe poll($0.baseAddress, count, timeout) }
        guard ready >= 0 || errno == EINTR else { throw Errno.last }
        if ready > 0, waiting[2].revents != 0 { mounts.mountsChanged() }
    }

    /// What the next watcher needs to go on from here; nil without inotify.
    ///
    /// To be asked at the end, when all that was handled has been told.
    private func handover() -> WatchHandover? {
        guard let queue = context.watches.duplicateQueue() else { return nil }
        var state = WatchState()
        state.cookieWatch = prover.cookieWatch
        state.folders = folders.all.compactMap { $0.handover(mayHaveMissed: rescanner.deadline != nil) }
        state.held = context.settler.files.map { .init(path: $0.file, writer: $0.writer) }
        state.unreadable = folders.all.flatMap(\.tree.unreadable).sorted { $0.bytes.precedes($1.bytes) }
        state.indirect = context.indirect.paths.sorted { $0.bytes.precedes($1.bytes) }
        return WatchHandover(adopting: queue, state: state)
    }
}

import Platform
import SystemPackage

/// Decides when everything is scanned again after events were lost.
///
/// Many losses before a scan ask for one scan only, and the scans of a storm come ever more slowly. The value is told
/// the time.
package struct RescanBackoff {
    package typealias Instant = ContinuousClock.Instant

    /// The wait before the first scan.
    package let first: Duration
    /// The longest wait. After as long without a loss, the wait is the first again.
    package let longest: Duration
    private var wait: Duration
    private var lastScan: Instant?
    /// When to scan; nil if nothing was lost.
    package private(set) var deadline: Instant?

    package init(first: Duration = .milliseconds(100), longest: Duration = .seconds(60)) {
        self.first = first
        self.longest = longest
        wait = first
    }

    /// Notes that events were lost.
    package mutating func lost(at now: Instant) {
        guard deadline == nil else { return }
        if let last = lastScan, now - last >= longest { wait = first }
        deadline = now + wait
    }

    /// Whether to scan now; if so, the next wait is twice as long.
    package mutating func takeDue(at now: Instant) -> Bool {
        guard let due = deadline, due <= now else { return false }
        scanned(at: now)
        return true
    }

    /// Notes that everything is scanned now, for whatever reason.
    package mutating func scanned(at now: Instant) {
        guard deadline != nil else { return }
        deadline = nil
        lastScan = now
        wait = min(wait * 2, longest)
    }
}

/// Has the folders of a lane scanned again: when someone asks for it, and when events were lost.
final class Rescanner {
    private let context: LaneContext
    private let folders: WatchedFolders
    private let tracker: FileTracker
    private var backoff = RescanBackoff()

    init(_ context: LaneContext, _ folders: WatchedFolders, _ tracker: FileTracker) {
        self.context = context
        self.folders = folders
        self.tracker = tracker
    }

    /// When everything is to be scanned because something was missed; nil if nothing was.
    var deadline: ContinuousClock.Instant? { backoff.deadline }

    /// Notes that something was missed: everything is to be scanned soon.
    func missedSomething() { backoff.lost(at: .now) }

    /// Scans everything if something was missed and it is time.
    func rescanIfDue(at now: ContinuousClock.Instant) {
        if backoff.takeDue(at: now) { rescanAll() }
    }

    /// Scans everything if something was missed.
    func rescanIfMissed() {
        if deadline != nil { rescanAll() }
    }

    /// Scans everything.
    func rescanAll() {
        backoff.scanned(at: .now)
        tracker.lookAtIndirectNames()
        for folder in folders.all {
            folder.check()
            if folder.isOnline { folder.scan() }
        }
    }

    /// Does what somebody asks for who wants to see what is there: folders are looked for as well.
    ///
    /// - Parameter directory: What is to be scanned; nil for everything.
    func rescan(_ directory: FilePath?) {
        guard let directory = directory?.lexicallyNormalized() else {
            for folder in folders.all { folder.checkAndReopen() }
            return rescanAll()
        }
        tracker.lookAtIndirectNames()
        if let folder = folders.folder(containing: directory) {
            folder.checkAndReopen()
            if folder.isOnline { context.scans.add(directory, in: folder.path) }
            return
        }
        // A folder that holds watched ones stands for them.
        for folder in folders.all where folder.path.lies(in: directory) {
            folder.checkAndReopen()
            if folder.isOnline { folder.scan() }
        }
    }
}

import Synchronization
import SystemPackage

/// How the folders of all lanes are, for anybody to see at any time: nobody who looks waits for a lane.
final class LaneBoard: Sendable {
    private struct Shown {
        var folders: [FilePath] = []
        var silent: [FilePath: FolderStatus] = [:]
        var lanes: [WatchLane] = []
    }

    private let shown = Mutex(Shown())

    /// Shows what has become of the lanes.
    func show(_ roster: LaneRoster) {
        let new = Shown(
            folders: roster.plan.folders, silent: roster.plan.silent.mapValues(\.status), lanes: roster.lanes)
        shown.withLock { $0 = new }
    }

    /// What all lanes take, and how each folder is, in the order in which they were asked for.
    var usage: WatchUsage {
        let shown = shown.withLock { $0 }
        var usage = WatchUsage()
        var statuses = shown.silent
        for lane in shown.lanes {
            let own = lane.inbox.usage
            usage.watches += own.watches
            usage.overflows += own.overflows
            for status in own.folders where statuses[status.root] == nil { statuses[status.root] = status }
        }
        usage.folders = shown.folders.compactMap { statuses[$0] }
        return usage
    }

    /// When the shared lane last turned round; nil while it looks at a folder, which may take its time.
    var sharedTurn: ContinuousClock.Instant? {
        let lane = shown.withLock { $0.lanes.first { $0.scope == .shared } }
        return lane.flatMap { $0.pulse.current == nil ? $0.inbox.lastTurn : nil }
    }
}

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

import Glibc
import Platform
import Synchronization
import SystemPackage

/// The thread of a watcher that never looks at a folder, so that it always answers: it hands commands to the lanes, which
/// alone ask the file system, and goes on without those that are stuck.
struct WatchLanes {
    private let inbox: WatchInbox
    private let supervisor: LaneSupervisor

    /// - Parameters:
    ///   - inbox: What the outside asks for.
    ///   - board: Where the outside sees how the folders are.
    ///   - outlet: Told what happens, by one thread at a time.
    init(
        settings: WatchSettings, inbox: WatchInbox, board: LaneBoard,
        outlet: @escaping @Sendable ([FolderChange]) -> Void
    ) {
        self.inbox = inbox
        supervisor = LaneSupervisor(settings: settings, inbox: inbox, board: board, outlet: outlet)
    }

    /// Turns round until told to stop.
    ///
    /// - Returns: What the next watcher needs to go on from here.
    func run(continuing earlier: WatchHandover?) throws(Errno) -> WatchHandover? {
        let mounts = MountWatch()
        try supervisor.start(continuing: earlier)
        while handleCommands(mounts.table) {
            try wait(until: try supervisor.lookAfterLanes(mounts.table), mounts)
        }
        return end()
    }

    /// - Returns: False when it is time to stop.
    private func handleCommands(_ mounts: MountTable) -> Bool {
        let commands = inbox.takeCommands()
        inbox.publish(WatchUsage(), at: .now)
        return commands.allSatisfy { supervisor.handle($0, mounts) }
    }

    private func wait(until deadline: ContinuousClock.Instant?, _ mounts: MountWatch) throws(Errno) {
        // A lane that begins to look after this wakes us; one that has begun before is seen.
        inbox.isAsleep.store(deadline == nil, ordering: .sequentiallyConsistent)
        defer { inbox.isAsleep.store(false, ordering: .sequentiallyConsistent) }
        if deadline == nil, supervisor.isLooking { return }
        let left = deadline.map { Int32(min(max(0, (($0 - .now) / .milliseconds(1)).rounded(.up)), 3_600_000)) }
        var waiting = [
            pollfd(fd: inbox.signal.descriptor.rawValue, events: Int16(POLLIN), revents: 0),
            pollfd(fd: mounts.descriptor, events: Int16(POLLPRI), revents: 0),
        ]
        let ready = unsafe poll(&waiting, nfds_t(waiting.count), left ?? -1)
        guard ready >= 0 || errno == EINTR else { throw Errno.last }
        guard ready > 0, waiting[1].revents != 0 else { return }
        _ = mounts.update(below: [])
        supervisor.mountsChanged(mounts.table)
    }

    /// Waits until the lanes have ended, but for those that are stuck.
    private func end() -> WatchHandover? {
        while !supervisor.haveEnded(butThoseInALookSince: .now - .seconds(1)) {
            var signal = pollfd(fd: inbox.signal.descriptor.rawValue, events: Int16(POLLIN), revents: 0)
            if unsafe poll(&signal, 1, 100) > 0 { inbox.signal.lower() }
        }
        return supervisor.end()
    }
}

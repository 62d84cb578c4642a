import Glibc
import Synchronization
import SystemPackage

/// The lanes of a watcher: starts them, joins what they tell, and goes on without those that are stuck.
///
/// The file system is asked by the lanes alone. The thread that calls ``run(continuing:)`` looks at nothing, so that it
/// always answers. When a lane is stuck in one look for too long, its folder counts as offline, and the lane is left to
/// itself: nothing that it may yet say is taken. Once the kernel lets its thread go, the folder gets a new lane.
final class WatchLanes: Sendable {
    typealias Instant = ContinuousClock.Instant

    struct State: Sendable {
        var settings: WatchSettings
        var requested: [FilePath] = []
        var plan = LanePlan()
        /// The lanes whose word counts.
        var lanes: [WatchLane] = []
        /// The numbers of those that have told of a folder.
        var answered: Set<Int> = []
        /// The scans that each has under way.
        var scans: [Int: [FilePath]] = [:]
        var syncs = JoinedSyncs()
        /// What the shared lane was told to watch.
        var shared: [FilePath] = []
        var count = 0
        /// Whether the lanes may not be those of the plan.
        var isUnsettled = false
        var isEnding = false
        var handover: WatchHandover?
        var failure: Errno?
    }

    let inbox: WatchInbox
    private let outlet: @Sendable ([FolderChange]) -> Void
    private let state: Mutex<State>
    private let board: LaneBoard

    /// - Parameters:
    ///   - inbox: What the outside asks for.
    ///   - board: Where the outside sees how the folders are.
    ///   - outlet: Told what happens, by one thread at a time.
    init(
        settings: WatchSettings, inbox: WatchInbox, board: LaneBoard,
        outlet: @escaping @Sendable ([FolderChange]) -> Void
    ) {
        self.inbox = inbox
        self.outlet = outlet
        self.board = board
        state = Mutex(State(settings: settings))
    }

    /// Turns round until told to stop.
    ///
    /// - Returns: What the next watcher needs to go on from here.
    func run(continuing earlier: WatchHandover?) throws(Errno) -> WatchHandover? {
        let mounts = MountWatch()
        try change { state throws(Errno) in try begin(.shared, continuing: earlier, &state) }
        while heedCommands(mounts.table) {
            try wait(until: try judge(mounts.table), mounts)
        }
        return end()
    }

    /// Changes the state, and shows the outside what has become of it.
    private func change<Result>(_ body: (inout State) throws(Errno) -> Result) throws(Errno) -> Result {
        try state.withLock { state throws(Errno) in
            defer { board.show(state) }
            return try body(&state)
        }
    }

    /// - Returns: False when it is time to stop.
    private func heedCommands(_ mounts: MountTable) -> Bool {
        let commands = inbox.takeCommands()
        inbox.publish(WatchUsage(), at: .now)
        return state.withLock { state in
            defer { board.show(state) }
            for command in commands {
                switch command {
                case .setFolders(let folders):
                    state.requested = folders
                    choose(&state, mounts)
                case .apply(let settings):
                    state.settings = settings
                    for lane in state.lanes { lane.inbox.send(command) }
                    choose(&state, mounts)
                case .rescan:
                    for lane in state.lanes { lane.inbox.send(command) }
                case .sync(let token):
                    state.syncs.ask(token, of: state.lanes.map(\.number))
                    for lane in state.lanes { lane.inbox.send(command) }
                case .poke:
                    for lane in state.lanes where lane.scope == .shared { lane.inbox.send(command) }
                case .stop:
                    state.isEnding = true
                    for lane in state.lanes { lane.inbox.send(.stop) }
                    return false
                }
            }
            return true
        }
    }

    private func choose(_ state: inout State, _ mounts: MountTable) {
        let chosen = state.requested.foldersToWatch(state.settings.filter)
        state.plan.setFolders(chosen) { mounts.servedPoint(of: $0) != nil }
        arrange(&state)
    }

    /// Goes on without the lanes that are stuck, and brings the others in line with the plan.
    ///
    /// - Returns: When to look again; nil while all are at rest.
    private func judge(_ mounts: MountTable) throws(Errno) -> Instant? {
        try change { state throws(Errno) in
            if let failure = state.failure { throw failure }
            let now = Instant.now
            for lane in state.lanes {
                guard let look = lane.pulse.current, look.began + patience(lane, state) <= now else { continue }
                try abandon(lane, look, &state, mounts)
            }
            if state.isUnsettled { arrange(&state) }
            return state.lanes.compactMap { lane in
                lane.pulse.current.map { $0.began + patience(lane, state) }
            }.min()
        }
    }

    /// How long a lane may take for one look. A local disk that sleeps takes some seconds to wake.
    private func patience(_ lane: WatchLane, _ state: State) -> Duration {
        switch lane.scope {
        case .shared: state.settings.patience * 3 / 2
        case .alone: state.answered.contains(lane.number) ? state.settings.patience : state.settings.firstPatience
        }
    }

    private func wait(until deadline: Instant?, _ mounts: MountWatch) throws(Errno) {
        // A lane that begins to look after this wakes us; one that has begun before is seen.
        inbox.isAsleep.store(deadline == nil, ordering: .sequentiallyConsistent)
        defer { inbox.isAsleep.store(false, ordering: .sequentiallyConsistent) }
        let isBusy = state.withLock { state in state.lanes.contains { $0.pulse.current != nil } }
        if deadline == nil, isBusy { return }
        let left = deadline.map { Int32(min(max(0, (($0 - .now) / .milliseconds(1)).rounded(.up)), 3_600_000)) }
        var waiting = [
            pollfd(fd: inbox.signal.descriptor.rawValue, events: Int16(POLLIN), revents: 0),
            pollfd(fd: mounts.descriptor, events: Int16(POLLPRI), revents: 0),
        ]
        let ready = unsafe poll(&waiting, nfds_t(waiting.count), left ?? -1)
        guard ready >= 0 || errno == EINTR else { throw Errno(rawValue: errno) }
        guard ready > 0, waiting[1].revents != 0 else { return }
        _ = mounts.update(below: [])
        state.withLock { state in
            state.plan.mountsChanged { mounts.table.number(of: $0) }
            state.isUnsettled = true
        }
    }

    /// Waits until the lanes have ended, but for those that are stuck.
    private func end() -> WatchHandover? {
        while true {
            let now = Instant.now
            let isOver = state.withLock { state in
                state.lanes.allSatisfy { lane in lane.pulse.current.map { $0.began + .seconds(1) <= now } ?? false }
            }
            if isOver { break }
            var signal = pollfd(fd: inbox.signal.descriptor.rawValue, events: Int16(POLLIN), revents: 0)
            if unsafe poll(&signal, 1, 100) > 0 { inbox.signal.lower() }
        }
        return state.withLock { state in
            state.lanes = []
            board.show(state)
            return state.handover
        }
    }
}

extension WatchLanes {
    /// Starts a lane. It answers the syncs that wait as well.
    private func begin(
        _ scope: WatchLane.Scope, continuing earlier: WatchHandover? = nil, covered: FolderIdentity? = nil,
        _ state: inout State
    ) throws(Errno) {
        let lane = try WatchLane(number: state.count, scope: scope) { [inbox] in inbox.wakeIfAsleep() }
        state.count += 1
        switch scope {
        case .shared:
            state.shared = state.plan.shared
            if !state.shared.isEmpty { lane.inbox.send(.setFolders(state.shared)) }
        case .alone(let folder): lane.inbox.send(.setFolders([folder]))
        }
        for token in state.syncs.tokens { lane.inbox.send(.sync(token: token)) }
        let settings = state.settings
        try OwnThread.start { [self] in work(lane, settings, earlier, covered) }
        state.syncs.join(lane.number)
        state.lanes.append(lane)
    }

    /// What a lane's thread does.
    private func work(
        _ lane: WatchLane, _ settings: WatchSettings, _ earlier: WatchHandover?, _ covered: FolderIdentity?
    ) {
        let loop = WatchLoop(
            settings: settings, lane: lane, continuing: earlier, covered: covered,
            deliver: { [self] in deliver($0, from: lane) }, letGo: { [self] in letGo($0, from: lane) })
        do throws(Errno) {
            let handover = try loop.run()
            ended(lane, handover, nil)
        } catch {
            ended(lane, nil, error)
        }
    }

    private func ended(_ lane: WatchLane, _ handover: WatchHandover?, _ failure: Errno?) {
        state.withLock { state in
            if let index = state.lanes.firstIndex(where: { $0 === lane }) {
                state.lanes.remove(at: index)
                if lane.scope == .shared { (state.handover, state.failure) = (handover, failure) }
            }
            state.plan.ended(lane: lane.number)
            state.isUnsettled = true
        }
        inbox.signal.raise()
    }

    /// Tells the outside what a lane tells, if its word counts.
    private func deliver(_ changes: [FolderChange], from lane: WatchLane) {
        state.withLock { state in
            guard state.lanes.contains(where: { $0 === lane }) else { return }
            var told: [FolderChange] = []
            told.reserveCapacity(changes.count)
            for change in changes {
                switch change {
                case .drained(let token, let unsettled):
                    told += state.syncs.answered(token, by: lane.number, unsettled: unsettled)
                    continue
                case .scanBegan(let top): state.scans[lane.number, default: []].append(top)
                case .scanEnded(let top, _):
                    if let index = state.scans[lane.number]?.lastIndex(of: top) {
                        state.scans[lane.number]?.remove(at: index)
                    }
                case .folder, .continued: state.answered.insert(lane.number)
                default: break
                }
                told.append(change)
            }
            if !told.isEmpty { outlet(told) }
        }
    }

    /// Gives a folder to another lane than the one that has found it not to be its own.
    private func letGo(_ folder: LeavingFolder, from lane: WatchLane) {
        state.withLock { state in
            guard !state.isEnding, state.lanes.contains(where: { $0 === lane }) else { return }
            if case .alone = lane.scope {
                state.plan.share(folder.path)
            } else if state.plan.shared.contains(folder.path) {
                state.plan.separate(folder.path)
                start(folder.path, covered: folder.covered, &state)
            }
            arrange(&state)
            board.show(state)
        }
    }

    /// Takes a lane's word no more.
    ///
    /// - Returns: What is to be told in its place.
    private func dismiss(_ lane: WatchLane, _ state: inout State) -> [FolderChange] {
        state.lanes.removeAll { $0 === lane }
        state.answered.remove(lane.number)
        lane.inbox.send(.stop)
        return (state.scans.removeValue(forKey: lane.number) ?? []).reversed().map {
            .scanEnded($0, complete: false)
        }
    }

    /// Goes on without a lane that is stuck in a look.
    private func abandon(
        _ lane: WatchLane, _ look: LanePulse.Look, _ state: inout State, _ mounts: MountTable
    ) throws(Errno) {
        let folder: FilePath? =
            switch lane.scope {
            case .shared: state.plan.shared.first { look.path.lies(in: $0) }
            case .alone(let folder): folder
            }
        guard let folder else { return }
        var told = dismiss(lane, &state)
        let status = FolderStatus(
            root: folder, mode: .offline(reason: SilenceReason.since(look.began)), identity: nil, watches: 0)
        state.plan.fellSilent(
            folder, LanePlan.Silence(lane: lane.number, status: status, mount: mounts.number(of: folder)))
        told.append(.folder(status))
        if lane.scope == .shared { try begin(.shared, &state) }
        told += state.syncs.leave(lane.number)
        outlet(told)
        state.isUnsettled = true
    }

    /// Brings the lanes in line with the plan.
    private func arrange(_ state: inout State) {
        guard !state.isEnding else { return }
        state.isUnsettled = false
        var told: [FolderChange] = []
        for lane in state.lanes {
            guard case .alone(let folder) = lane.scope, !state.plan.separate.contains(folder) else { continue }
            told += dismiss(lane, &state)
            told += state.syncs.leave(lane.number)
        }
        if !told.isEmpty { outlet(told) }
        for folder in state.plan.separate where !state.lanes.contains(where: { $0.scope == .alone(folder) }) {
            start(folder, &state)
        }
        guard state.shared != state.plan.shared else { return }
        state.shared = state.plan.shared
        for lane in state.lanes where lane.scope == .shared { lane.inbox.send(.setFolders(state.shared)) }
    }

    /// Starts a folder's own lane. Without threads or descriptors to spare the folder is offline until there are some.
    private func start(_ folder: FilePath, covered: FolderIdentity? = nil, _ state: inout State) {
        do throws(Errno) {
            try begin(.alone(folder), covered: covered, &state)
        } catch {
            let status = FolderStatus(
                root: folder, mode: .offline(reason: "it cannot be watched: \(error)"), identity: nil, watches: 0)
            state.plan.fellSilent(folder, LanePlan.Silence(lane: -1, status: status, mount: -1))
            outlet([.folder(status)])
        }
    }
}

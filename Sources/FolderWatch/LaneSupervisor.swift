import Platform
import Synchronization
import SystemPackage

/// Starts the lanes, joins what they tell, and goes on without those that are stuck.
///
/// When a lane is stuck in one look for too long, its folder counts as offline, and the lane is left to itself: nothing
/// that it may yet say is taken. Once the kernel lets its thread go, the folder gets a new lane.
///
/// May be called from any thread. Nothing here looks at a folder.
final class LaneSupervisor: Sendable {
    typealias Instant = ContinuousClock.Instant

    private struct State: Sendable {
        var roster: LaneRoster
        /// Whether the lanes may not be those of the plan.
        var isUnsettled = false
        var isEnding = false
        /// When to try again to start the lanes for which there was no thread or descriptor.
        var retry: Instant?
        var handover: WatchHandover?
        var failure: Errno?
    }

    /// How long threads and descriptors are waited for.
    private static let retryInterval = Duration.seconds(10)

    private let inbox: WatchInbox
    private let board: LaneBoard
    private let outlet: @Sendable ([FolderChange]) -> Void
    private let state: Mutex<State>

    /// - Parameters:
    ///   - inbox: Woken when there is something to see to.
    ///   - board: Shown how the folders are.
    ///   - outlet: Told what happens, by one thread at a time.
    init(
        settings: WatchSettings, inbox: WatchInbox, board: LaneBoard,
        outlet: @escaping @Sendable ([FolderChange]) -> Void
    ) {
        self.inbox = inbox
        self.board = board
        self.outlet = outlet
        state = Mutex(State(roster: LaneRoster(settings: settings)))
    }

    /// Changes the state, and shows the outside what has become of it.
    private func change<Result>(_ body: (inout State) throws(Errno) -> Result) throws(Errno) -> Result {
        try state.withLock { state throws(Errno) in
            defer { board.show(state.roster) }
            return try body(&state)
        }
    }

    private func tell(_ changes: [FolderChange]) { if !changes.isEmpty { outlet(changes) } }

    // MARK: What is asked for

    /// Starts the shared lane.
    func start(continuing earlier: WatchHandover?) throws(Errno) {
        try change { state throws(Errno) in try begin(.shared, continuing: earlier, &state.roster) }
    }

    /// Hands a command to the lanes that it concerns.
    ///
    /// - Parameter mounts: What is mounted where.
    /// - Returns: False when it is time to stop.
    func handle(_ command: WatchCommand, _ mounts: MountTable) -> Bool {
        state.withLock { state in
            defer { board.show(state.roster) }
            switch command {
            case .setFolders(let folders):
                state.roster.requested = folders
                state.roster.choose(mounts)
                arrange(&state)
            case .apply(let settings):
                state.roster.settings = settings
                state.roster.send(command)
                state.roster.choose(mounts)
                arrange(&state)
            case .rescan, .sync: state.roster.send(command)
            case .poke:
                // A lane of its own may take as long as its folder takes.
                for lane in state.roster.lanes where lane.scope == .shared { lane.inbox.send(command) }
            case .stop:
                state.isEnding = true
                state.roster.send(command)
                return false
            }
            return true
        }
    }

    /// Notes that something was mounted or unmounted.
    func mountsChanged(_ mounts: MountTable) {
        state.withLock { state in
            state.roster.plan.mountsChanged { mounts.number(of: $0) }
            state.isUnsettled = true
        }
    }

    /// Goes on without the lanes that are stuck, and brings the others in line with the plan.
    ///
    /// - Returns: When to look again; nil while all are at rest.
    func lookAfterLanes(_ mounts: MountTable) throws(Errno) -> Instant? {
        try change { state throws(Errno) in
            if let failure = state.failure { throw failure }
            let now = Instant.now
            for (lane, look) in state.roster.stuckLanes(at: now) { try abandon(lane, look, &state, mounts) }
            if let retry = state.retry, retry <= now {
                state.retry = nil
                state.roster.plan.ended(lane: LanePlan.Silence.noLane)
                state.isUnsettled = true
            }
            if state.isUnsettled { arrange(&state) }
            return [state.roster.deadline, state.retry].compactMap(\.self).min()
        }
    }

    /// Whether a lane is in a look.
    var isLooking: Bool { state.withLock { $0.roster.deadline != nil } }

    /// Whether the lanes have ended, but for those that have been in one look since a moment.
    func haveEnded(butThoseInALookSince moment: Instant) -> Bool {
        state.withLock { state in
            state.roster.lanes.allSatisfy { lane in lane.pulse.current.map { $0.began <= moment } ?? false }
        }
    }

    /// Gives up the lanes that are left.
    ///
    /// - Returns: What the next watcher needs to go on from here.
    func end() -> WatchHandover? {
        state.withLock { state in
            for lane in state.roster.lanes { _ = state.roster.dismiss(lane) }
            board.show(state.roster)
            return state.handover
        }
    }

    // MARK: Lanes

    /// Starts a lane. It answers the syncs that wait as well.
    private func begin(
        _ scope: WatchLane.Scope, continuing earlier: WatchHandover? = nil, covered: FolderIdentity? = nil,
        _ roster: inout LaneRoster
    ) throws(Errno) {
        let lane = try WatchLane(number: roster.nextNumber(), scope: scope) { [inbox] in inbox.wakeIfAsleep() }
        if let folder = lane.folder {
            lane.inbox.send(.setFolders([folder]))
        } else {
            roster.beginShared(lane)
        }
        for token in roster.tokens { lane.inbox.send(.sync(token: token)) }
        let settings = roster.settings
        try DetachedThread.start { [self] in work(lane, settings, earlier, covered) }
        roster.add(lane)
    }

    /// What a lane's thread does.
    private func work(
        _ lane: WatchLane, _ settings: WatchSettings, _ earlier: WatchHandover?, _ covered: FolderIdentity?
    ) {
        let loop = WatchLoop(
            settings: settings, lane: lane, continuing: earlier, covered: covered,
            deliver: { [self] changes in state.withLock { tell($0.roster.take(changes, from: lane)) } },
            letGo: { [self] in letGo($0, from: lane) })
        do throws(Errno) {
            let handover = try loop.run()
            ended(lane, handover, nil)
        } catch {
            ended(lane, nil, error)
        }
    }

    private func ended(_ lane: WatchLane, _ handover: WatchHandover?, _ failure: Errno?) {
        state.withLock { state in
            let counted = state.roster.contains(lane)
            if lane.scope == .shared, counted { (state.handover, state.failure) = (handover, failure) }
            let told = state.roster.ended(lane)
            state.isUnsettled = true
            // At the end the next watcher goes on with what is under way.
            guard !state.isEnding, counted, let folder = lane.folder, let failure else { return }
            tell(told)
            setAside(folder, failure, &state)
            tell(state.roster.leaveSyncs(lane))
        }
        inbox.signal.raise()
    }

    /// Gives a folder to another lane than the one that has found it not to be its own.
    private func letGo(_ folder: LeavingFolder, from lane: WatchLane) {
        state.withLock { state in
            guard !state.isEnding, state.roster.contains(lane) else { return }
            if lane.folder != nil {
                state.roster.plan.share(folder.path)
            } else if state.roster.plan.shared.contains(folder.path) {
                state.roster.plan.separate(folder.path)
                start(folder.path, covered: folder.covered, &state)
            }
            arrange(&state)
            board.show(state.roster)
        }
    }

    /// Goes on without a lane that is stuck in a look.
    private func abandon(
        _ lane: WatchLane, _ look: LanePulse.Look, _ state: inout State, _ mounts: MountTable
    ) throws(Errno) {
        let told = state.roster.giveUp(lane, in: look) { mounts.number(of: $0) }
        if lane.scope == .shared { try begin(.shared, &state.roster) }
        tell(told + state.roster.leaveSyncs(lane))
        state.isUnsettled = true
    }

    /// Brings the lanes in line with the plan.
    private func arrange(_ state: inout State) {
        guard !state.isEnding else { return }
        state.isUnsettled = false
        let leaving = state.roster.lanesBesidesPlan
        for lane in leaving { tell(state.roster.dismiss(lane)) }
        // Syncs leave a lane only once the lane that takes its folder over has joined them.
        defer { for lane in leaving { tell(state.roster.leaveSyncs(lane)) } }
        for folder in state.roster.foldersWithoutLane { start(folder, &state) }
        state.roster.updateShared(takingOverFrom: leaving)
    }

    /// Starts a folder's own lane. Without threads or descriptors to spare the folder is offline until there are some.
    private func start(_ folder: FilePath, covered: FolderIdentity? = nil, _ state: inout State) {
        do throws(Errno) {
            try begin(.alone(folder), covered: covered, &state.roster)
        } catch {
            setAside(folder, error, &state)
        }
    }

    /// Leaves a folder that can have no lane offline for a while.
    private func setAside(_ folder: FilePath, _ error: Errno, _ state: inout State) {
        let status = FolderStatus(
            root: folder, mode: .offline(reason: "it cannot be watched: \(error)"), identity: nil, watches: 0)
        let silence = LanePlan.Silence(lane: LanePlan.Silence.noLane, status: status, mount: nil)
        state.roster.plan.fellSilent(folder, silence)
        state.retry = .now + Self.retryInterval
        tell([.folder(status)])
    }
}

import Platform
import SystemPackage

/// The lanes whose word counts, and what each is at.
///
/// The roster starts nothing and looks at nothing: it is told what happens, and says what the outside is to be told.
struct LaneRoster: Sendable {
    typealias Instant = ContinuousClock.Instant

    var settings: WatchSettings
    /// The folders as they were asked for.
    var requested: [FilePath] = []
    var plan = LanePlan()
    private(set) var lanes: [WatchLane] = []
    /// The folders of the shared lane, as it was told.
    private var shared: [FilePath] = []
    /// The numbers of the lanes that have reported a folder.
    private var answered: Set<Int> = []
    /// The scans that each lane has under way.
    private var scans: [Int: [FilePath]] = [:]
    private var syncs = JoinedSyncs()
    private var count = 0

    init(settings: WatchSettings) { self.settings = settings }

    /// A number for the next lane.
    mutating func nextNumber() -> Int {
        defer { count += 1 }
        return count
    }

    func contains(_ lane: WatchLane) -> Bool { lanes.contains { $0 === lane } }

    /// Takes up the folders that were asked for.
    mutating func choose(_ mounts: MountTable) {
        plan.setFolders(requested.foldersToWatch(settings.filter)) { mounts.servedPoint(of: $0) != nil }
    }

    /// Adds a lane, which has to answer all ``tokens`` as well.
    mutating func add(_ lane: WatchLane) {
        lanes.append(lane)
        syncs.join(lane.number)
    }

    /// The syncs that wait for anything, in order.
    var tokens: [UInt64] { syncs.tokens }

    /// The lanes of folders that are to have none of their own.
    var lanesBesidesPlan: [WatchLane] {
        let separate = plan.separate
        return lanes.filter { lane in lane.folder.map { !separate.contains($0) } ?? false }
    }

    /// The folders that are to have a lane of their own, and have none.
    var foldersWithoutLane: [FilePath] {
        plan.separate.filter { folder in !lanes.contains { $0.scope == .alone(folder) } }
    }

    /// Tells a shared lane that begins which folders it has.
    mutating func beginShared(_ lane: WatchLane) {
        shared = plan.shared
        if !shared.isEmpty { lane.inbox.send(.setFolders(shared)) }
    }

    /// Tells the shared lane which folders it has, if these are others than before.
    ///
    /// - Parameter leaving: Lanes that were dismissed, whose folders it may have got.
    mutating func updateShared(takingOverFrom leaving: [WatchLane]) {
        guard shared != plan.shared else { return }
        shared = plan.shared
        for lane in lanes where lane.scope == .shared { lane.inbox.send(.setFolders(shared)) }
        if leaving.contains(where: { lane in lane.folder.map(shared.contains) ?? false }) { askSharedAgain() }
    }

    /// Asks all lanes for something.
    mutating func send(_ command: WatchCommand) {
        if case .sync(let token) = command { syncs.ask(token, of: lanes.map(\.number)) }
        for lane in lanes { lane.inbox.send(command) }
    }

    /// Takes what a lane tells.
    ///
    /// - Returns: What to tell of it: nothing if the lane's word does not count, and the answer to a sync only once all
    ///   lanes have given it.
    mutating func take(_ changes: [FolderChange], from lane: WatchLane) -> [FolderChange] {
        guard contains(lane) else { return [] }
        var told: [FolderChange] = []
        told.reserveCapacity(changes.count)
        for change in changes {
            switch change {
            case .drained(let token, let unsettled):
                told += syncs.answered(token, by: lane.number, unsettled: unsettled)
                continue
            case .scanBegan(let top): scans[lane.number, default: []].append(top)
            case .scanEnded(let top, _):
                if let index = scans[lane.number]?.lastIndex(of: top) { scans[lane.number]?.remove(at: index) }
            case .folder, .continued: answered.insert(lane.number)
            default: break
            }
            told.append(change)
        }
        return told
    }

    /// Takes a lane's word no more, and tells it to end.
    ///
    /// - Returns: What is to be told in its place.
    mutating func dismiss(_ lane: WatchLane) -> [FolderChange] {
        lanes.removeAll { $0 === lane }
        answered.remove(lane.number)
        lane.inbox.send(.stop)
        return (scans.removeValue(forKey: lane.number) ?? []).reversed().map { .scanEnded($0, complete: false) }
    }

    /// Waits for a lane's answer to no sync any more, once those that take its place have joined.
    ///
    /// - Returns: The answers that can be given now.
    mutating func leaveSyncs(_ lane: WatchLane) -> [FolderChange] { syncs.leave(lane.number) }

    /// Has the shared lane answer the syncs that wait once more, with what it was told since it was asked.
    private mutating func askSharedAgain() {
        for lane in lanes where lane.scope == .shared {
            for token in tokens { lane.inbox.send(.sync(token: token)) }
            syncs.join(lane.number)
        }
    }

    /// Notes that a lane's thread has ended: its folder may answer again.
    ///
    /// - Returns: What is to be told in the place of a lane whose word counted up to now.
    mutating func ended(_ lane: WatchLane) -> [FolderChange] {
        let told = contains(lane) ? dismiss(lane) : []
        plan.ended(lane: lane.number)
        return told
    }

    /// Goes on without a lane that is stuck in a look: the folder of the look does not answer. A folder that is not the
    /// lane's any more is none that the outside is to hear of.
    ///
    /// - Parameter mount: The mount that a folder lies on.
    /// - Returns: What is to be told in the lane's place.
    mutating func giveUp(_ lane: WatchLane, in look: LanePulse.Look, mount: (FilePath) -> Int?) -> [FolderChange] {
        let folder = folder(of: look, by: lane)
        let told = dismiss(lane)
        guard let folder else { return told }
        let status = FolderStatus(
            root: folder, mode: .offline(reason: SilenceReason.since(look.began)), identity: nil, watches: 0)
        plan.fellSilent(folder, LanePlan.Silence(lane: lane.number, status: status, mount: mount(folder)))
        return told + [.folder(status)]
    }

    /// The folder for which a lane is in a look; nil if it is none of the lane's.
    private func folder(of look: LanePulse.Look, by lane: WatchLane) -> FilePath? {
        lane.folder ?? plan.shared.first { look.path.lies(in: $0) }
    }

    /// The lanes that are in one look for too long, with the looks.
    func stuckLanes(at now: Instant) -> [(lane: WatchLane, look: LanePulse.Look)] {
        lanes.compactMap { lane in
            lane.pulse.current.flatMap { $0.began + patience(lane) <= now ? (lane, $0) : nil }
        }
    }

    /// When a lane that is in a look counts as stuck; nil while all are at rest.
    var deadline: Instant? {
        lanes.compactMap { lane in lane.pulse.current.map { $0.began + patience(lane) } }.min()
    }

    /// How long a lane may take for one look. A local disk that sleeps takes some seconds to wake.
    private func patience(_ lane: WatchLane) -> Duration {
        switch lane.scope {
        case .shared: settings.patience * 3 / 2
        case .alone: answered.contains(lane.number) ? settings.patience : settings.firstPatience
        }
    }
}

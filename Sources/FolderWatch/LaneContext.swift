import Platform
import SystemPackage

/// What the parts of a lane work with. All of it belongs to the lane's thread.
final class LaneContext {
    let lane: WatchLane
    var settings: WatchSettings
    let disk: LaneDisk
    let mounts = MountWatch()
    let watches: WatchPool
    /// What an earlier watcher has left for folders that are not open yet.
    let inheritance: Inheritance
    let scans = ScanQueue()
    let outlet: ChangeOutlet
    /// The files that are held back until they have settled.
    var settler: Settler
    /// The names of which no event tells that what they lead to has changed.
    var indirect = IndirectNames()

    init(
        lane: WatchLane, settings: WatchSettings, continuing earlier: WatchHandover?,
        deliver: @escaping ([FolderChange]) -> Void
    ) {
        self.lane = lane
        self.settings = settings
        disk = LaneDisk(pulse: lane.pulse)
        outlet = ChangeOutlet(pulse: lane.pulse, deliver: deliver)
        settler = Settler(settle: settings.settle)
        var isQueueWanted = settings.usesInotify
        // What is on a server is polled in any case.
        if let folder = lane.folder, mounts.table.servedPoint(of: folder) != nil { isQueueWanted = false }
        let queue = isQueueWanted ? earlier?.duplicate() : nil
        watches = WatchPool(disk: disk, isQueueWanted: isQueueWanted, adopting: queue)
        inheritance = Inheritance(queue == nil ? WatchState() : earlier?.state ?? WatchState(), watches)
        watches.add(inheritance)
    }

    /// Forgets what is remembered of a name, and of all below it if it is a directory.
    func forget(_ path: FilePath, isDirectory: Bool) {
        indirect.forget(path, isDirectory: isDirectory)
        isDirectory ? settler.forgetDirectory(path) : settler.forgetFile(path)
    }
}

/// Gathers what a lane has to tell, and delivers it in batches.
final class ChangeOutlet {
    private static let largestBatch = 4096

    private let pulse: LanePulse
    private let deliver: ([FolderChange]) -> Void
    private var batch: [FolderChange] = []

    init(pulse: LanePulse, deliver: @escaping ([FolderChange]) -> Void) {
        self.pulse = pulse
        self.deliver = deliver
    }

    /// Tells something, soon.
    func tell(_ change: FolderChange) {
        batch.append(change)
        if batch.count >= Self.largestBatch { flush() }
    }

    /// Delivers what has gathered.
    func flush() {
        guard !batch.isEmpty else { return }
        let full = batch
        batch = []
        pulse.rest()
        deliver(full)
    }
}

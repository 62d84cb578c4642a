import Platform
import SystemPackage

/// One of the folders that a lane was asked for: whether it is there, how it is watched, and what is known of it.
final class WatchedFolder {
    typealias Instant = ContinuousClock.Instant

    /// The folder, as it was asked for.
    let path: FilePath
    let tree: FolderTree
    /// When to look through a polled folder, or for an offline one that can appear without an event.
    private(set) var nextLook: Instant?
    /// Whether another lane is to watch the folder.
    private(set) var isLeaving = false

    /// The watches on what the folder lies in.
    let anchors: FolderAnchors
    private let context: LaneContext
    private var mode: FolderStatus.Mode = .offline(reason: "not looked at yet")
    private var place: FolderPlace
    /// Whether inotify would do if there were more watches.
    private var lacksWatches = false

    init(path: FilePath, covered: FolderIdentity?, _ context: LaneContext) {
        self.path = path
        self.context = context
        place = FolderPlace(covered: covered)
        tree = FolderTree(root: path, context)
        anchors = FolderAnchors(folder: path, context.watches)
    }

    var isOnline: Bool { place.identity != nil }

    var isPolled: Bool {
        if case .polling = mode { true } else { false }
    }

    var status: FolderStatus {
        FolderStatus(root: path, mode: mode, identity: place.identity, watches: tree.watchCount)
    }

    /// What was at the path before something else was mounted or moved there.
    var covered: FolderIdentity? { place.covered }

    /// Asks for all in the folder to be listed.
    ///
    /// - Parameter isFull: Whether what has not changed since the last look is told all the same.
    func scan(isFull: Bool = true) { context.scans.add(path, in: path, isFull: isFull) }

    /// Lists a directory again if it could not be read.
    func retry(_ directory: FilePath) {
        if tree.unreadable.contains(directory) { context.scans.add(directory, in: path) }
    }

    private func tell(_ change: FolderChange) { context.outlet.tell(change) }

    // MARK: Coming

    /// Tries to begin to watch the folder, and waits for it if it is not there.
    func open() {
        if isLeaving { return }
        if context.lane.scope == .shared, context.mounts.table.servedPoint(of: path) != nil {
            isLeaving = true
            return
        }
        let found: FolderIdentity
        do throws(Errno) {
            found = try context.disk.identity(of: path)
        } catch {
            place.nothingFound()
            setOffline(error.reasonInWords, status)
            openIfThere()
            return
        }
        if place.isLeftBehind(found) { return setAnchors() }
        isLeaving = isForAnotherLane(found)
        if isLeaving { return }
        lacksWatches = false
        if resume(found) { return }
        guard let mode = watchedMode(of: found) else { return }
        tree.forgetLooks()
        begin(found, mode)
        tell(.folder(status))
        scan()
    }

    /// Puts a watch on the folder if it can be watched, and finds out how it is to be watched from now on.
    ///
    /// - Returns: nil if the folder turns out to be offline.
    private func watchedMode(of found: FolderIdentity) -> FolderStatus.Mode? {
        if let silent = FolderStatus.Mode.fallback(on: found.fileSystem) { return silent }
        guard context.watches.hasQueue else { return context.watches.pollingMode }
        do throws(Errno) {
            try tree.watch(path)
            return .inotify
        } catch {
            guard let fallback = FolderStatus.Mode.fallback(after: error, allowed: Inotify.allowedWatches()) else {
                setOffline(error.reasonInWords, status)
                return nil
            }
            lacksWatches = true
            return fallback
        }
    }

    private func begin(_ found: FolderIdentity, _ mode: FolderStatus.Mode) {
        place.opened(found, mount: context.mounts.number(of: path))
        self.mode = mode
        nextLook = nil
        setAnchors()
    }

    /// Opens a folder that appeared before the watches were set by which we would have heard of it.
    private func openIfThere() {
        do throws(Errno) {
            _ = try context.disk.identity(of: path)
            open()
        } catch {
            // We will hear when it appears.
            return
        }
    }

    /// Whether a folder that can stop answering is in the shared lane, or one that cannot in a lane without inotify.
    private func isForAnotherLane(_ found: FolderIdentity) -> Bool {
        let isServed = found.fileSystem.silentName != nil || context.mounts.table.servedPoint(of: path) != nil
        if context.lane.scope == .shared { return isServed }
        return !isServed && !context.watches.hasQueue && context.settings.usesInotify
    }

    /// Goes on where an earlier watcher stopped, if the folder is still the same.
    ///
    /// - Returns: Whether the folder is watched now.
    private func resume(_ found: FolderIdentity) -> Bool {
        guard let known = context.inheritance.takeFolder(at: path) else { return false }
        tree.adopt(known.directories)
        guard known.identity == found else {
            tree.clear()
            return false
        }
        begin(found, .inotify)
        if context.inheritance.restore(known, in: context) {
            tell(.continued(status))
        } else {
            tell(.folder(status))
            scan()
        }
        return true
    }

    /// What the next watcher needs to go on from here; nil if inotify does not tell of the folder.
    ///
    /// - Parameter mayHaveMissed: Whether events were lost that no scan has made up for.
    func handover(mayHaveMissed: Bool) -> WatchState.Folder? {
        guard case .inotify = mode, let identity = place.identity else { return nil }
        // A scan that is not full is for what no event tells.
        let isComplete = !mayHaveMissed && !context.scans.isScanning(path)
        return WatchState.Folder(
            path: path, identity: identity, isComplete: isComplete, directories: tree.directories,
            mounts: context.mounts.places(below: path))
    }

    // MARK: Going

    /// Looks whether the folder still is what it was, and if not, takes it offline and opens what is there now.
    ///
    /// - Parameter isLost: Whether its watch is known to be dead; a new directory can have the old one's inode.
    func check(isLost: Bool = false) {
        guard let known = place.identity else { return }
        do throws(Errno) {
            let found = try context.disk.identity(of: path)
            guard isLost || found != known else { return }
            // What is there may be what an unmounted file system left.
            if place.isUnmounted(context.mounts) { return wasUnmounted() }
            takeOffline("another folder is at its path")
            if !isLost { place.cover(known) }
            open()
        } catch {
            // Without a descriptor to spare nothing was seen.
            guard !error.isShortage else { return }
            takeOffline(error.reasonInWords)
            openIfThere()
        }
    }

    /// Looks whether the folder is where it was, and whether one that lacked watches can have them now.
    func checkAndReopen() {
        check()
        if lacksWatches || !isOnline { open() }
    }

    /// Stops watching, telling nothing of what was in the folder.
    private func close() {
        for scan in context.scans.cancel(in: path) { tell(.scanEnded(scan.top, complete: false)) }
        context.forget(path, isDirectory: true)
        place.closed()
        nextLook = nil
        lacksWatches = false
        tree.clear()
    }

    /// Stops watching for good.
    func stop() {
        close()
        anchors.clear()
    }

    private func takeOffline(_ reason: String) {
        let before = status
        close()
        setOffline(reason, before)
    }

    private func setOffline(_ reason: String, _ before: FolderStatus) {
        place.closed()
        mode = .offline(reason: reason)
        setAnchors()
        if status != before { tell(.folder(status)) }
    }

    /// Gives the folder's watches back and polls it.
    func fallBack(to mode: FolderStatus.Mode) {
        let known = place
        close()
        place = known
        self.mode = mode
        lacksWatches = true
        tell(.folder(status))
        scan()
    }

    private func setAnchors() {
        let isTold = anchors.set(isAwaited: !isOnline)
        // Where no event would tell that the folder has appeared, we look for it.
        if !isOnline {
            nextLook = isTold ? nil : .now + context.settings.pollingInterval
        } else if !isPolled {
            nextLook = nil
        }
    }

    // MARK: Mounts

    /// Looks whether the folder is there after something was mounted or unmounted somewhere.
    func checkMount() {
        if isOnline, place.isUnmounted(context.mounts) {
            wasUnmounted()
        } else if isOnline {
            leaveIfCovered()
            check()
        } else {
            open()
        }
    }

    /// Takes the folder offline whose file system was unmounted, unless it is there all the same.
    func wasUnmounted() {
        let known = place.identity
        takeOffline("its file system was unmounted")
        if place.isThere(afterUnmountOf: known, at: path, context) { open() }
    }

    /// Lets go of a folder over which something was mounted that may not answer, before that is looked at.
    private func leaveIfCovered() {
        guard context.lane.scope == .shared, context.mounts.table.servedPoint(of: path) != nil else { return }
        let known = place.identity
        takeOffline("another folder is at its path")
        place.cover(known)
        isLeaving = true
    }

    // MARK: Time

    /// Looks again if it is time.
    func lookIfDue(at now: Instant) {
        guard let due = nextLook, due <= now else { return }
        nextLook = nil
        if isPolled {
            check()
            scan(isFull: false)
        } else if !isOnline {
            open()
        }
    }

    /// Has a polled folder looked through again once a scan of it is over: if that took long, less often, so that it takes
    /// a tenth of the time at most.
    func scanEnded(began: Instant) {
        let now = Instant.now
        nextLook = now + max(context.settings.pollingInterval, (now - began) * 10)
    }
}

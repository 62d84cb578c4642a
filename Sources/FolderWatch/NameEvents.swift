import Platform
import SystemPackage

/// Turns what the kernel tells of names in watched directories into changes of files.
final class NameEvents {
    private let context: LaneContext
    private let folders: WatchedFolders
    private let leftOut: LeftOutCounter
    private let tracker: FileTracker
    private var pairer = MovePairer()

    init(_ context: LaneContext, _ folders: WatchedFolders, _ leftOut: LeftOutCounter, _ tracker: FileTracker) {
        self.context = context
        self.folders = folders
        self.leftOut = leftOut
        self.tracker = tracker
    }

    /// Handles an event of a name.
    func handle(_ event: InotifyEvent, of path: FilePath, in folder: WatchedFolder) {
        let isDirectory = event.kind.contains(.directory) || isLinkedDirectory(path, in: folder)
        let half = MovePairer.Half(
            path: path, isDirectory: isDirectory, isCandidate: isCandidate(path, isDirectory: isDirectory))
        handleNeighbours(of: half, event, in: folder)
        if event.kind.contains(.movedFrom) {
            pairer.departed(half, cookie: event.cookie, at: .now)
        } else if event.kind.contains(.movedTo) {
            arrive(half, pairer.arrived(half, cookie: event.cookie), in: folder)
        } else if event.kind.contains(.deleted) {
            leave(half)
        } else if event.kind.contains(.created) {
            tracker.check(path, in: folder, .created)
        } else if event.kind.contains(.closedAfterWriting) {
            tracker.check(path, in: folder, .written)
        } else if event.kind.contains(.attributes) {
            isDirectory ? folder.retry(path) : tracker.check(path, in: folder, .touched)
        }
    }

    /// Handles what an event of a name means for others: whether something is left out, and whether a download ended.
    private func handleNeighbours(of half: MovePairer.Half, _ event: InotifyEvent, in folder: WatchedFolder) {
        let isLeaving = !event.kind.isDisjoint(with: [.movedFrom, .deleted])
        guard isLeaving || event.kind.contains(.movedTo) else { return }
        let directory = half.path.parent
        // A link that goes looks like any file.
        if isLeaving || !half.isCandidate { leftOut.doubt(directory) }
        if isLeaving, let file = ControlFiles.guarded(by: half.path.nameBytes) {
            tracker.check(directory.appending(bytes: file), in: folder, .written)
        }
    }

    private func isCandidate(_ path: FilePath, isDirectory: Bool) -> Bool {
        let filter = context.settings.filter
        return isDirectory ? filter.isCandidate(directory: path.nameBytes) : filter.isCandidate(file: path.nameBytes)
    }

    /// Whether a path is, or was, a link to a directory, of which the kernel says only that it is no directory.
    ///
    /// Without links, the kernel is right: a directory that is known at the path has changed places with a file.
    private func isLinkedDirectory(_ path: FilePath, in folder: WatchedFolder) -> Bool {
        guard context.settings.followSymlinks else { return false }
        if folder.tree.contains(path) { return true }
        do throws(Errno) {
            return try context.disk.status(of: path, following: true).kind == .directory
        } catch {
            return false
        }
    }

    // MARK: Moves

    /// When the next departure has waited long enough for its arrival; nil if none waits.
    var deadline: ContinuousClock.Instant? { pairer.deadline }

    /// Handles what left the folders, whose arrival should have come by now.
    func handleDepartures(at now: ContinuousClock.Instant) {
        for half in pairer.takeGone(at: now) { leave(half) }
    }

    /// Handles what left the folders, when the queue is known to hold all that has happened.
    func handleAllDepartures() {
        for half in pairer.takeAll() { leave(half) }
    }

    private func arrive(_ half: MovePairer.Half, _ outcome: MovePairer.Outcome, in folder: WatchedFolder) {
        switch outcome {
        case .moved(let old): move(old, half, in: folder)
        case .appeared: tracker.check(half.path, in: folder, .arrived)
        case .gone(let old): leave(.init(path: old, isDirectory: half.isDirectory, isCandidate: true))
        case .nothing: break
        }
    }

    private func move(_ old: FilePath, _ half: MovePairer.Half, in folder: WatchedFolder) {
        let new = half.path
        let source = folders.folder(containing: old)
        let isDirectory =
            half.isDirectory || (context.settings.followSymlinks && source?.tree.contains(old) == true)
        context.outlet.tell(.moved(from: old, to: new, isDirectory: isDirectory))
        // Two names that change places are two moves, of which the second takes away what the first has brought.
        defer { if let source { tracker.check(old, in: source, .touched) } }
        guard isDirectory else {
            let inode = inode(of: new)
            context.settler.moveFile(from: old, to: new, inode: inode)
            context.indirect.forget(old, isDirectory: false)
            // The old name may not have been known; then the file is new.
            _ = context.settler.touch(new, nil, inode: inode, at: .now)
            return
        }
        context.settler.moveDirectory(from: old, to: new)
        if source === folder { folder.tree.move(from: old, to: new) } else { source?.tree.forget(old) }
        context.indirect.forget(old, isDirectory: true)
        // What happened in it was told under the old name up to now, and may not have been found there.
        context.scans.add(new, in: folder.path)
    }

    /// The file that has a name now; nil if there is none to be seen.
    private func inode(of file: FilePath) -> UInt64? {
        do throws(Errno) {
            return try context.disk.status(of: file, following: context.settings.followSymlinks).inode
        } catch {
            return nil
        }
    }

    /// Something left its directory, deleted or moved elsewhere.
    private func leave(_ half: MovePairer.Half) {
        guard half.isCandidate, let folder = folders.folder(containing: half.path) else { return }
        var isTaken = false
        do throws(Errno) {
            let status = try context.disk.status(of: half.path, following: context.settings.followSymlinks)
            // Something else has the name already, of which its own events tell. Only the kinds must not be mixed up.
            if (status.kind == .directory) == half.isDirectory { return }
            isTaken = true
        } catch {
            // Nothing is there, as expected.
        }
        tracker.forget(half.path, isDirectory: half.isDirectory, in: folder)
        // What its events have told is forgotten with the name.
        if isTaken { tracker.check(half.path, in: folder, .touched) }
    }
}

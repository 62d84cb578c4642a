import Platform
import SystemPackage

/// What happened at a path.
enum PathEvent {
    /// A file or directory was made, or a file got one more name.
    case created
    /// A file was closed by a writer.
    case written
    /// It was moved here.
    case arrived
    /// Its attributes changed.
    case touched
}

/// Finds out what has become of files and directories to which something happened, and tells it.
///
/// Events are old when they are read, so what counts is what is found, and a path may be looked at often.
final class FileTracker {
    typealias Instant = ContinuousClock.Instant

    private let context: LaneContext
    private let folders: WatchedFolders
    private let leftOut: LeftOutCounter

    init(_ context: LaneContext, _ folders: WatchedFolders, _ leftOut: LeftOutCounter) {
        self.context = context
        self.folders = folders
        self.leftOut = leftOut
    }

    // MARK: Paths

    /// Looks at a path at which something came to be or was changed.
    func check(_ path: FilePath, in folder: WatchedFolder, _ event: PathEvent) {
        let name = path.nameBytes
        let filter = context.settings.filter
        let isFile = filter.isCandidate(file: name)
        let isDirectory = filter.isCandidate(directory: name)
        let directory = path.parent
        guard isFile || isDirectory else { return leftOut.doubt(directory) }
        var isFollowed = false
        do throws(Errno) {
            var status = try context.disk.status(of: path, following: false)
            if status.kind == .link, context.settings.followSymlinks {
                isFollowed = true
                context.indirect.note(unknown: path)
                status = try context.disk.status(of: path, following: true)
            }
            context.indirect.note(name, in: directory, status, isLink: isFollowed)
            switch status.kind {
            case .directory where isDirectory:
                // Of `mkdir -p a/b/c` the scan of `a` finds all; then come the events of `b` and `c`, with nothing new.
                if event == .created, folder.tree.isWatched(path) { return }
                context.scans.add(path, in: folder.path)
            case .file where isFile:
                let writer = event.writer(of: status, isFollowed: isFollowed)
                if context.settler.touch(path, writer, inode: status.inode, at: .now) { tell(.pending(path)) }
            case .link where isFile, .other where isFile:
                // It may have taken the place of a file.
                context.settler.forgetFile(path)
                tell(.gone(path, isDirectory: false))
                if status.kind == .link { leftOut.doubt(directory) }
            default:
                if filter.isMissed(name, kind: status.kind) { leftOut.doubt(directory) }
            }
        } catch {
            guard error == .noSuchFileOrDirectory else { return }
            // Its going or moving is told by an event of its own; what cannot be looked at fails when it is opened.
            context.settler.forgetFile(path)
            // The link is there, but leads nowhere now.
            if isFollowed { tell(.gone(path, isDirectory: false)) }
        }
    }

    /// Tells that a file or directory is gone, and drops what is held for it.
    func forget(_ path: FilePath, isDirectory: Bool, in folder: WatchedFolder) {
        context.forget(path, isDirectory: isDirectory)
        if isDirectory { folder.tree.forget(path) }
        tell(.gone(path, isDirectory: isDirectory))
    }

    private func tell(_ change: FolderChange) { context.outlet.tell(change) }

    // MARK: Time

    /// Looks at the files that were held back and may have settled.
    func lookAtDueFiles(at now: Instant) {
        ask(context.settler.takeQuestions(at: now), now)
        for file in context.settler.takeDue(at: now) { look(at: file, now) }
    }

    /// Finds out which of the files that somebody has just made are closed by now, whatever was told of that.
    ///
    /// To be called where somebody asks for what is on disk now.
    func lookAtOpenFiles(at now: Instant) { ask(context.settler.open, now) }

    /// Asks whether somebody still has these files open. A file that was made without a name (`O_TMPFILE`) and got one
    /// when it was complete is closed under no name.
    private func ask(_ files: [FilePath], _ now: Instant) {
        for file in files where context.disk.hasWriter(file, following: context.settings.followSymlinks) == false {
            context.settler.noteClosed(file, at: now)
        }
    }

    private func look(at file: FilePath, _ now: Instant) {
        let following = context.settings.followSymlinks
        do throws(Errno) {
            let status = try context.disk.status(of: file, following: following)
            guard status.kind == .file else { throw .noSuchFileOrDirectory }
            let isLink = following ? try context.disk.status(of: file, following: false).kind == .link : false
            context.indirect.note(file.nameBytes, in: file.parent, status, isLink: isLink)
            let wasDoubted = context.settler.isDoubted(file)
            let isSettled = context.settler.look(
                file, size: status.size, modified: status.modified, wallClock: WallClock.nanoseconds(), at: now)
            if isSettled {
                // A file beside it can say that its download is not finished.
                tell(hasControlFile(file) ? .pending(file) : .settled(file))
            } else if wasDoubted, !context.settler.isDoubted(file) {
                tell(.pending(file))
            }
        } catch {
            context.settler.forgetFile(file)
            let isGone = error == .noSuchFileOrDirectory || error == .notDirectory
            // What cannot be looked at is opened all the same: then the error is found, and shown.
            tell(isGone ? .gone(file, isDirectory: false) : .settled(file))
        }
    }

    /// Whether a download manager is not done with a file.
    private func hasControlFile(_ file: FilePath) -> Bool {
        let directory = file.parent
        return ControlFiles.names(for: file.nameBytes).contains { name in
            do throws(Errno) {
                let path = directory.appending(bytes: name)
                return try context.disk.status(of: path, following: false).kind == .file
            } catch {
                return false
            }
        }
    }

    /// Looks at the names of which no event tells that what they lead to has changed.
    ///
    /// To be called where somebody asks for what is on disk now: at a sync, and with every scan of everything.
    func lookAtIndirectNames() {
        guard !context.indirect.isEmpty else { return }
        let (disk, following) = (context.disk, context.settings.followSymlinks)
        let changes = context.indirect.changes { path throws(Errno) in try disk.status(of: path, following: following) }
        for change in changes {
            guard let folder = folders.folder(containing: change.path) else { continue }
            // What is a directory now and was none, or the other way round, is another thing.
            if let before = change.before, before.isDirectory != change.now?.isDirectory {
                forget(change.path, isDirectory: before.isDirectory, in: folder)
                context.indirect.note(unknown: change.path)
            }
            if change.now != nil { check(change.path, in: folder, .written) }
        }
    }
}

extension PathEvent {
    /// Who may be writing a file to which this happened; nil if that is as before.
    fileprivate func writer(of status: FileStatus, isFollowed: Bool) -> Settler.Writer? {
        switch self {
        // A name more for a file that had one is complete; a file with its first name is open for writing, mostly.
        case .created: isFollowed || status.links > 1 ? .gone : .present
        case .written, .arrived: .gone
        case .touched: nil
        }
    }
}

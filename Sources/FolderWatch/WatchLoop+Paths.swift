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

extension WatchLoop {
    /// Looks at a path at which something came to be or was changed.
    ///
    /// Events are old when they are read, so what counts is what is found, and a path may be looked at often.
    ///
    func check(_ path: FilePath, _ index: Int, _ event: PathEvent) {
        let name = path.nameBytes
        let isFile = settings.filter.verdict(file: name) == .candidate
        let isDirectory = settings.filter.verdict(directory: name) == .candidate
        let directory = path.parent
        guard isFile || isDirectory else { return leftOut.doubt(directory, at: .now) }
        var isFollowed = false
        looks(at: path)
        do throws(Errno) {
            var status = try FileStatus(of: path, following: false)
            var writer: Settler.Writer? =
                switch event {
                case .created: .present
                case .written, .arrived: .gone
                case .touched: nil
                }
            if status.kind == .link, settings.followSymlinks {
                isFollowed = true
                indirect.note(unknown: path)
                status = try FileStatus(of: path, following: true)
                if writer == .present { writer = .gone }
            }
            indirect.note(name, in: directory, status, isLink: isFollowed)
            switch status.kind {
            case .directory where isDirectory:
                if event == .created, isWatched(path, index) { return }
                scans.add(path, in: folders[index].path, at: .now)
            case .file where isFile:
                // A name more for a file that had one is complete; a file with its first name is open for writing.
                if writer == .present, status.links > 1 { writer = .gone }
                if settler.touch(path, writer, inode: status.inode, at: .now) { tell(.pending(path)) }
            case .link where isFile, .other where isFile:
                // It may have taken the place of a file.
                settler.forgetFile(path)
                tell(.gone(path, isDirectory: false))
                if status.kind == .link { leftOut.doubt(directory, at: .now) }
            default:
                if settings.filter.isMissed(name, kind: status.kind) { leftOut.doubt(directory, at: .now) }
            }
        } catch {
            guard error == .noSuchFileOrDirectory else { return }
            // Its going or moving is told by an event of its own; what cannot be looked at fails when it is opened.
            settler.forgetFile(path)
            // The link is there, but leads nowhere now.
            if isFollowed { tell(.gone(path, isDirectory: false)) }
        }
    }

    /// Whether a directory that was made at a path is the one that is watched there, and so was listed since.
    ///
    /// Of `mkdir -p a/b/c` the scan of `a` finds all; then come the events of `b` and `c`, with nothing new.
    private func isWatched(_ directory: FilePath, _ index: Int) -> Bool {
        guard let known = folders[index].map.watch(of: directory), let inotify else { return false }
        do throws(Errno) {
            return try inotify.watch(directory, mask(for: directory, index)) == known
        } catch {
            return false
        }
    }

    /// Whether a download manager still has to do with a file.
    private func hasControlFile(_ file: FilePath) -> Bool {
        let directory = file.parent
        return ControlFiles.names(for: file.nameBytes).contains { name in
            do throws(Errno) {
                return try FileStatus(of: directory.appending(bytes: name), following: false).kind == .file
            } catch {
                return false
            }
        }
    }

    /// Looks again at a directory that could not be read.
    func retry(_ directory: FilePath, _ index: Int) {
        guard unreadable.contains(directory) else { return }
        scans.add(directory, in: folders[index].path, at: .now)
    }

    /// Something came into a directory by a move.
    func arrive(_ half: MovePairer.Half, _ outcome: MovePairer.Outcome, _ index: Int) {
        switch outcome {
        case .moved(let old):
            move(old, half, index)
        case .appeared:
            check(half.path, index, .arrived)
        case .gone(let old):
            leave(.init(path: old, isDirectory: half.isDirectory, isCandidate: true))
        case .nothing:
            break
        }
    }

    private func move(_ old: FilePath, _ half: MovePairer.Half, _ index: Int) {
        let new = half.path
        let source = folders.firstIndex { old.lies(in: $0.path) }
        let isDirectory =
            half.isDirectory || (settings.followSymlinks && source.map { folders[$0].map.contains(old) } == true)
        tell(.moved(from: old, to: new, isDirectory: isDirectory))
        // Two names that change places are two moves, of which the second takes away what the first has brought.
        defer { if let source { check(old, source, .touched) } }
        guard isDirectory else {
            let inode = inode(of: new)
            settler.moveFile(from: old, to: new, inode: inode)
            indirect.forget(old, isDirectory: false)
            // Whoever did not know the old name has to look at the new one.
            _ = settler.touch(new, nil, inode: inode, at: .now)
            return
        }
        settler.moveDirectory(from: old, to: new)
        if source == index {
            release(folders[index].map.move(from: old, to: new))
        } else if let source {
            release(folders[source].map.remove(old))
        }
        unreadable = unreadable.filter { !$0.lies(in: old) }
        indirect.forget(old, isDirectory: true)
        if let source { folders[source].fingerprints.forget(old) }
        // What happened in it was told under the old name up to now, and may not have been found there.
        scans.add(new, in: folders[index].path, at: .now)
    }

    /// The file that has a name now; nil if there is none to be seen.
    private func inode(of file: FilePath) -> UInt64? {
        looks(at: file)
        do throws(Errno) {
            return try FileStatus(of: file, following: settings.followSymlinks).inode
        } catch {
            return nil
        }
    }

    /// Something left its directory, deleted or moved elsewhere.
    func leave(_ half: MovePairer.Half) {
        guard half.isCandidate, let index = folders.firstIndex(where: { half.path.lies(in: $0.path) }) else {
            return
        }
        var isTaken = false
        looks(at: half.path)
        do throws(Errno) {
            let status = try FileStatus(of: half.path, following: settings.followSymlinks)
            // Something else has the name already, of which its own events tell. Only the kinds must not be mixed up.
            if (status.kind == .directory) == half.isDirectory { return }
            isTaken = true
        } catch {
            // Nothing is there, as expected.
        }
        forget(half.path, isDirectory: half.isDirectory, index)
        // What its events have told is forgotten with the name.
        if isTaken { check(half.path, index, .touched) }
    }

    /// Tells that a file or directory is gone, and drops what is held for it.
    func forget(_ path: FilePath, isDirectory: Bool, _ index: Int) {
        indirect.forget(path, isDirectory: isDirectory)
        if !isDirectory {
            settler.forgetFile(path)
        } else {
            settler.forgetDirectory(path)
            release(folders[index].map.remove(path))
            unreadable = unreadable.filter { !$0.lies(in: path) }
            folders[index].fingerprints.forget(path)
        }
        tell(.gone(path, isDirectory: isDirectory))
    }

    /// Looks at a file that was held back and may have settled.
    func look(at file: FilePath, _ now: Instant) {
        looks(at: file)
        do throws(Errno) {
            let status = try FileStatus(of: file, following: settings.followSymlinks)
            guard status.kind == .file else { throw .noSuchFileOrDirectory }
            var isLink = false
            if settings.followSymlinks { isLink = try FileStatus(of: file, following: false).kind == .link }
            indirect.note(file.nameBytes, in: file.parent, status, isLink: isLink)
            let wasDoubted = settler.isDoubted(file)
            let isSettled = settler.look(
                file, size: status.size, modified: status.modified, wallClock: WallClock.nanoseconds(), at: now)
            if isSettled {
                // Whoever fetches it says by a file beside it that it is not whole.
                tell(hasControlFile(file) ? .pending(file) : .settled(file))
            } else if wasDoubted, !settler.isDoubted(file) {
                tell(.pending(file))
            }
        } catch {
            settler.forgetFile(file)
            let isGone = error == .noSuchFileOrDirectory || error == .notDirectory
            // Whoever opens what cannot be looked at gets the error, and shows it.
            tell(isGone ? .gone(file, isDirectory: false) : .settled(file))
        }
    }
}

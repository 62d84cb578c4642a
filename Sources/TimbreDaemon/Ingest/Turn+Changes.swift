import CLinux
import FolderWatch
import Glibc
import Platform
import SoundFeatures
import SystemPackage
import TimbreLibrary
import TimbreStore

extension Turn {
    /// Takes in one change that the watcher saw, as far as there is room.
    ///
    /// - Returns: Whether that was all of it; if not, the next turn is to be given the same change.
    @discardableResult
    mutating func take(_ change: FolderChange) throws -> Bool {
        room -= 1
        guard try takeSome(of: change) else { return false }
        state.partial = PartialChange()
        return true
    }

    private mutating func takeSome(of change: FolderChange) throws -> Bool {
        switch change {
        case .listed(let listing): return try take(listing)
        case .settled(let path): try look(at: path, isSettled: true)
        case .pending(let path): try look(at: path, isSettled: false)
        case .gone(let path, let isDirectory): return try take(gone: path, isDirectory: isDirectory)
        case .moved(let from, let to, let isDirectory): return try take(from, movedTo: to, isDirectory: isDirectory)
        case .folder(let status): return try take(status)
        case .continued(let status):
            guard try take(status) else { return false }
            // With the folder all that lies in it, be it watched for its own sake.
            for path in state.owedScans where path.starts(with: status.root) {
                state.owedScans.remove(path)
                state.forEachSync { $0.scanEnded(path) }
            }
        case .scanBegan(let path): state.scans.append(IngestState.Scan(path: path))
        case .scanEnded(let path, let isComplete): return try take(scanOf: path, isComplete: isComplete)
        case .overflowed:
            note(.overflowed)
            for place in state.scans.indices { state.scans[place].isOutdated = true }
            state.owedScans = Set(state.roots.values.filter(\.isOnline).map(\.path))
            for root in state.owedScans { state.roots[root]?.vanishedCount = 0 }
            let owed = state.owedScans
            state.forEachSync { $0.owe(owed) }
        case .drained(let token, let unsettled):
            state.syncs[token]?.drained(
                unsettled: unsettled, files: state.waiting.awaited,
                scans: state.owedScans.union(state.scans.map(\.path)))
        case .unreadable(let path, let reason):
            state.unreadable[path] = reason
            if state.partial.last == nil { note(.unreadable(path, reason)) }
            return try sweep(path) { turn, _, file in try turn.vanish(file, isCertain: false) }
        case .leftOut(let path, let count):
            if state.root(of: path) != nil { try writer.setLeftOut(count, in: path) }
        }
        return true
    }

    /// A file that the watcher names: new, changed, or the same as ever.
    private mutating func look(at path: FilePath, isSettled: Bool) throws {
        guard state.root(of: path) != nil else { return }
        if mayWait(path) { return try note(path, isSettled: isSettled) }
        guard let found = FileIdentity(of: path) else {
            // Gone again already; the watcher says so in its own time.
            state.forEachSync { $0.gone(path, isDirectory: false) }
            return
        }
        let directory = try writer.directory(path.removingLastComponent())
        let name = path.nameBytes
        guard let known = try reader.file(name, in: directory) else {
            let file = try writer.addFile(name, in: directory, identity: found, at: time)
            if isSettled { state.enqueue(file.id, path: path, isUrgent: true) }
            return
        }
        guard isSettled else {
            // Somebody is writing it: a sync does not wait for the end of that.
            state.forEachSync { $0.gone(path, isDirectory: false) }
            return
        }
        if try isDone(known, found) {
            state.forEachSync { $0.gone(path, isDirectory: false) }
        } else {
            state.enqueue(known.id, path: path, isUrgent: true, seen: found)
        }
    }

    /// A file that the watcher names and that is not looked at here: when it is opened, it shows whether it has changed.
    private mutating func note(_ path: FilePath, isSettled: Bool) throws {
        let directory = try writer.directory(path.removingLastComponent())
        let known = try reader.file(path.nameBytes, in: directory)
        let file =
            try known ?? writer.addFile(path.nameBytes, in: directory, identity: .unknown, at: time)
        if isSettled {
            state.enqueue(file.id, path: path, isUrgent: true, seen: .unknown)
        } else if known != nil {
            state.forEachSync { $0.gone(path, isDirectory: false) }
        }
    }

    /// Whether a file that is known need not be looked at; one that was away is back then.
    mutating func isDone(_ known: FileRecord, _ found: FileIdentity) throws -> Bool {
        if known.isOffline, known.failure?.reason == .unreadable {
            // It could not be read as its folder went away: that says nothing of the file.
            var back = known
            (back.state, back.failure, back.isOffline) = (.pending, nil, false)
            try writer.update(back)
            return false
        }
        guard known.state != .pending, found.isUnchanged(since: known.identity), state.waiting.entries[known.id] == nil
        else { return false }
        if known.isOffline || known.identity.device != found.device {
            var back = known
            back.identity = found
            back.isOffline = false
            try writer.update(back)
            edit(.offline([known.id], false))
        }
        return true
    }

    private mutating func take(gone path: FilePath, isDirectory: Bool) throws -> Bool {
        state.forEachSync { $0.gone(path, isDirectory: isDirectory) }
        if isDirectory {
            try writer.forgetLeftOut(under: path)
            state.unreadable = state.unreadable.filter { !$0.key.starts(with: path) }
            return try sweep(path) { turn, _, file in try turn.vanish(file, isCertain: true) }
        } else if let file = try reader.file(at: path) {
            try vanish(file, isCertain: true)
        }
        return true
    }

    private mutating func take(_ from: FilePath, movedTo to: FilePath, isDirectory: Bool) throws -> Bool {
        state.forEachSync { $0.moved(from: from, to: to) }
        if isDirectory {
            // A scan of the new place follows, and counts again.
            try writer.forgetLeftOut(under: from)
            guard try sweep(to, { turn, _, file in try turn.forget(file) }) else { return false }
            // Directories that are left there hold nothing; their names are needed now.
            try writer.removeEmptyDirectories(under: to)
            for directory in try writer.moveDirectory(from, to: to) {
                edit(.directory(directory.id, path: directory.path))
            }
        } else if let file = try reader.file(at: from) {
            let directory = try writer.directory(to.removingLastComponent())
            if let replaced = try reader.file(to.nameBytes, in: directory), replaced.id != file.id {
                try forget(replaced)
            }
            try writer.moveFile(file.id, to: to.nameBytes, in: directory)
            edit(.directory(directory, path: to.removingLastComponent().bytes))
            edit(.rename(file.id, directory: directory, name: to.nameBytes))
        }
        return true
    }
}

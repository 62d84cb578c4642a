import Platform
import SystemPackage

extension WatchLoop {
    /// Looks at the names of which no event tells that what they lead to has changed.
    ///
    /// To be called where somebody asks for what is on disk now: at a sync, and with every scan.
    func lookAtIndirectNames() {
        guard !indirect.isEmpty else { return }
        let following = settings.followSymlinks
        let changes = indirect.changes { (path) throws(Errno) in
            looks(at: path)
            return try FileStatus(of: path, following: following)
        }
        for change in changes {
            guard let index = folders.firstIndex(where: { change.path.lies(in: $0.path) }) else { continue }
            // What is a directory now and was none, or the other way round, is another thing.
            if let before = change.before, before.isDirectory != change.now?.isDirectory {
                forget(change.path, isDirectory: before.isDirectory, index)
                indirect.note(unknown: change.path)
            }
            if change.now != nil { check(change.path, index, .written) }
        }
    }
}

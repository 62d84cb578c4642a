import SystemPackage

/// A thread that watches some of the folders, as the others see it.
///
/// Folders on file systems that cannot stop answering share one lane and its inotify queue. Each of the others has a lane
/// of its own, so that no other folder waits for its server.
final class WatchLane: Sendable {
    enum Scope: Sendable, Hashable {
        case shared
        case alone(FilePath)
    }

    /// Tells it from every other.
    let number: Int
    let scope: Scope
    let inbox: WatchInbox
    let pulse: LanePulse

    init(number: Int, scope: Scope, wasAtRest: @escaping @Sendable () -> Void) throws(Errno) {
        self.number = number
        self.scope = scope
        inbox = try WatchInbox()
        pulse = LanePulse(wasAtRest: wasAtRest)
    }
}

/// A folder that a lane has found to belong to another one.
struct LeavingFolder: Sendable {
    var path: FilePath
    /// What was at the path before something else was mounted there.
    var covered: FolderIdentity?
}

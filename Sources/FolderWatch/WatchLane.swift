import Glibc
import Platform
import Synchronization
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

    /// The folder that the lane is for; nil for the shared one.
    var folder: FilePath? {
        switch scope {
        case .shared: nil
        case .alone(let folder): folder
        }
    }
}

/// A folder that a lane has found to belong to another one.
struct LeavingFolder: Sendable {
    var path: FilePath
    /// What was at the path before something else was mounted there.
    var covered: FolderIdentity?
}

/// What a lane is looking at, told before each look so that others see where it is stuck.
final class LanePulse: Sendable {
    typealias Instant = ContinuousClock.Instant

    /// A look that has not come back.
    struct Look: Sendable {
        let path: FilePath
        let began: Instant
    }

    private let look = Mutex<Look?>(nil)
    private let wasAtRest: @Sendable () -> Void

    /// - Parameter wasAtRest: Called before the first look after a rest.
    init(wasAtRest: @escaping @Sendable () -> Void) { self.wasAtRest = wasAtRest }

    /// Tells that the lane is about to ask the file system about a path.
    func willLook(at path: FilePath) {
        let new = Look(path: path, began: .now)
        let isFirst = look.withLock { look in
            defer { look = new }
            return look == nil
        }
        if isFirst { wasAtRest() }
    }

    /// Tells that the lane is done with looking for now.
    func rest() { look.withLock { $0 = nil } }

    /// The look that the lane is at; nil while it is at none.
    var current: Look? { look.withLock { $0 } }
}

/// The file system as a lane asks it: each question is announced first, as it may never be answered.
struct LaneDisk {
    let pulse: LanePulse

    /// Looks at a path.
    func status(of path: FilePath, following: Bool) throws(Errno) -> FileStatus {
        pulse.willLook(at: path)
        return try FileStatus(of: path, following: following)
    }

    /// Whether somebody has an ordinary file open for writing; nil if that cannot be told.
    func hasWriter(_ file: FilePath, following: Bool) -> Bool? {
        pulse.willLook(at: file)
        do throws(Errno) {
            // Without O_NONBLOCK, opening a pipe that has taken the file's name would wait for a writer.
            let flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | (following ? 0 : O_NOFOLLOW)
            let opened = try OwnedDescriptor.open(file, flags)
            return opened.descriptor.hasWriter
        } catch { return nil }
    }

    /// What lies at the path of a folder, which must be a directory that can be read.
    func identity(of folder: FilePath) throws(Errno) -> FolderIdentity {
        pulse.willLook(at: folder)
        return try FolderIdentity(of: folder)
    }

    /// Opens a directory.
    ///
    /// - Parameter folder: A folder that the directory is, or lies in, without a symbolic link on the way down.
    func open(_ directory: FilePath, below folder: FilePath) throws(Errno) -> OpenDirectory {
        pulse.willLook(at: directory)
        return try OpenDirectory.open(directory, below: folder)
    }
}

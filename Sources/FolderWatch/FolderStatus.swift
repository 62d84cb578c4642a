import CLinux
import Glibc
import Platform
import SystemPackage

/// How one folder is watched.
package struct FolderStatus: Sendable, Hashable {
    /// By what means changes are noticed.
    package enum Mode: Sendable, Hashable {
        /// The kernel tells.
        case inotify
        /// The folder is looked through again and again; the reason says why, and what to do about it.
        case polling(reason: String)
        /// The folder cannot be seen; it is waited for.
        case offline(reason: String)
    }

    /// The folder, as it was asked for.
    package var root: FilePath
    /// By what means changes are noticed.
    package var mode: Mode
    /// What was found at the path; nil while offline.
    package var identity: FolderIdentity?
    /// The inotify watches that the folder takes up.
    package var watches: Int

    package init(root: FilePath, mode: Mode, identity: FolderIdentity?, watches: Int) {
        self.root = root
        self.mode = mode
        self.identity = identity
        self.watches = watches
    }
}

extension FolderStatus.Mode {
    /// How a folder can be watched that the kernel refused to watch: by polling if only watches are lacking.
    ///
    /// - Parameter allowed: The watches that each user may have, if known.
    package static func fallback(after error: Errno, allowed: Int?) -> FolderStatus.Mode? {
        switch error {
        case .noSpace:
            let enough = max(524_288, 2 * (allowed ?? 0))
            let used = allowed.map { "all \($0) inotify watches are in use" } ?? "all inotify watches are in use"
            return .polling(reason: "\(used); allow more by: sysctl fs.inotify.max_user_watches=\(enough)")
        case .noMemory:
            return .polling(reason: "the kernel has no memory for more inotify watches")
        default:
            return nil
        }
    }

    /// How folders are watched when there is no inotify at all.
    package static func fallback(withoutQueue error: Errno) -> FolderStatus.Mode {
        switch error {
        case .tooManyOpenFiles:
            .polling(
                reason: "all inotify instances are in use; allow more by: sysctl fs.inotify.max_user_instances=1024")
        default:
            .polling(reason: "inotify is not to be had: \(error)")
        }
    }

    /// How a folder can be watched on a kind of file system; nil if inotify does.
    package static func fallback(on fileSystem: FileSystemType) -> FolderStatus.Mode? {
        fileSystem.silentName.map { .polling(reason: "\($0) does not tell what others change") }
    }
}

extension Errno {
    /// Why a folder or directory cannot be seen, in words.
    var reasonInWords: String {
        switch self {
        case .noSuchFileOrDirectory: "it does not exist"
        case .notDirectory: "it is not a directory"
        case .permissionDenied, .notPermitted: "permission denied"
        default: "\(self)"
        }
    }

    /// Whether nothing is at a path, or what a link leads to.
    var meansNothing: Bool { [.noSuchFileOrDirectory, .notDirectory, .tooManySymbolicLinkLevels].contains(self) }

    /// Whether only descriptors or memory were lacking, so that nothing was seen.
    var isShortage: Bool { [.tooManyOpenFiles, .tooManyOpenFilesInSystem, .noMemory].contains(self) }
}

/// Why a folder is offline that does not answer, in words.
package enum SilenceReason {
    /// Tells since when there was no answer, by the clock on the wall.
    package static func since(_ began: ContinuousClock.Instant) -> String {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        var seconds = time.tv_sec - Int((.now - began) / .seconds(1))
        var local = unsafe tm()
        unsafe localtime_r(&seconds, &local)
        let (hour, minute) = unsafe (digits(local.tm_hour), digits(local.tm_min))
        return "does not answer since \(hour):\(minute)"
    }

    private static func digits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

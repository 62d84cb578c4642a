import CLinux
import Glibc
import Synchronization
import SystemPackage

/// Which paths lie on file systems that can stop answering, told without looking at them.
///
/// May be asked from anywhere. It follows what is mounted and unmounted.
package final class ServedMounts: Sendable {
    private struct State: ~Copyable {
        let watch = MountWatch()
        var wasAsked = false
    }

    private let state = Mutex(State())

    package init() {}

    /// The mount point of the file system that a path lies on, if that can stop answering; nil if it cannot.
    ///
    /// Goes by the names alone: the path has to be without symbolic links.
    package func point(of path: FilePath) -> FilePath? {
        state.withLock { state in
            state.watch.updateIfChanged()
            return state.watch.table.servedPoint(of: path)
        }
    }
}

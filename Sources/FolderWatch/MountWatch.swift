import Glibc
import Platform
import SystemPackage

/// Tells when something is mounted or unmounted, of which inotify says nothing.
final class MountWatch {
    /// Has `POLLPRI` when the table has changed; -1 where there is no `/proc`.
    let descriptor: Int32

    private let file: OwnedDescriptor?
    /// What was mounted when it was last looked at.
    private(set) var table = MountTable()

    init() {
        do throws(Errno) {
            let opened = try OwnedDescriptor.open("/proc/self/mountinfo", O_RDONLY)
            descriptor = opened.descriptor.rawValue
            file = consume opened
        } catch {
            descriptor = -1
            file = nil
        }
        table = current()
    }

    /// Reads the table again.
    ///
    /// - Returns: The mount points in or at one of the folders where something was mounted since, and those where
    ///   something was unmounted, whether or not something else is mounted there now.
    func update(below folders: [FilePath]) -> (mounted: [FilePath], unmounted: [FilePath]) {
        let earlier = table
        table = current()
        return (table.changes(since: earlier, below: folders), earlier.changes(since: table, below: folders))
    }

    /// Whether something was mounted at a path when the table was last read by ``update(below:)``.
    func wasMountPoint(_ path: FilePath) -> Bool { table.mounts[path] != nil }

    /// Reads the table again if the kernel says that it has changed.
    func updateIfChanged() {
        var entry = pollfd(fd: descriptor, events: Int16(POLLPRI), revents: 0)
        if unsafe poll(&entry, 1, 0) > 0 { table = current() }
    }

    /// Whether something is mounted at a path now.
    func isMountPoint(_ path: FilePath) -> Bool { current().mounts[path] != nil }

    /// What is mounted at or below a folder.
    func places(below folder: FilePath) -> [MountTable.Place] { table.places(below: folder) }

    /// Whether a file system that was mounted is not mounted any more. Without `/proc` it is not known to be gone.
    func isUnmounted(_ number: Int) -> Bool {
        let now = current()
        return !now.numbers.isEmpty && !now.numbers.contains(number)
    }

    /// The number of the mount that a directory lies on, following links; nil if it cannot be told.
    ///
    /// In a chroot whose root is no mount point, the mount that this lies on is not listed: we would never hear of its end.
    func number(of directory: FilePath) -> Int? {
        do throws(Errno) {
            let open = try OwnedDescriptor.open(directory, O_RDONLY | O_DIRECTORY)
            let info = try FilePath("/proc/self/fdinfo/\(open.descriptor.rawValue)").contents()
            // A line is `mnt_id:`, a tab and the number. Source: proc(5).
            let line = info.split(separator: UInt8(ascii: "\n")).first { $0.starts(with: Array("mnt_id:".utf8)) }
            let number = line.flatMap { Int(String(decoding: $0.dropFirst(8), as: UTF8.self)) }
            return number.flatMap { current().numbers.contains($0) ? $0 : nil }
        } catch {
            return nil
        }
    }

    private func current() -> MountTable {
        do throws(Errno) {
            return MountTable(parsing: try FilePath("/proc/self/mountinfo").contents())
        } catch {
            return table
        }
    }
}

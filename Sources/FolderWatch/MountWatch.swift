import Glibc
import SystemPackage

/// Tells when something is mounted or unmounted, of which inotify says nothing.
final class MountWatch {
    /// Has `POLLPRI` when the table has changed; -1 where there is no `/proc`.
    let descriptor: Int32

    private let file: File?
    private var table = MountTable()

    init() {
        do throws(Errno) {
            let opened = try File.open("/proc/self/mountinfo", O_RDONLY)
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
    /// - Returns: The mount points in or at one of the folders where something was mounted since.
    func update(below folders: [FilePath]) -> [FilePath] {
        let earlier = table
        table = current()
        return table.changes(since: earlier, below: folders)
    }

    private func current() -> MountTable {
        var text: [UInt8] = []
        do throws(Errno) {
            let file = try File.open("/proc/self/mountinfo", O_RDONLY)
            while true {
                let piece = try file.read(upTo: 1 << 16)
                if piece.isEmpty { break }
                text += piece
            }
        } catch {
            return table
        }
        return MountTable(parsing: text)
    }
}

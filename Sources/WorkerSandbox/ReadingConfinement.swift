import CLinux
import Glibc
import Platform
import SystemPackage

/// What a server denies itself that reads some folders, starts one program, and at most writes in folders of its own.
///
/// What has been denied stays denied, to this thread, to those that it starts, and to the programs that it starts: so it has
/// to be the only one.
package struct ReadingConfinement {
    /// What may be read, with all that is below it.
    package var folders: [FilePath]
    /// The folders of programs that may be started, beside what the system's loader needs.
    package var programs: [FilePath]

    /// Folders in which files may be made, written and replaced.
    package var notes: [FilePath]

    package init(folders: [FilePath], programs: [FilePath], notes: [FilePath] = []) {
        self.folders = folders
        self.programs = programs
        self.notes = notes
    }

    /// `O_PATH`, which Glibc's module lacks; the same on x86-64 and AArch64.
    private static let pathOnly: Int32 = 0o10_000_000

    /// Goes behind the wall.
    ///
    /// - Returns: Whether it stands: the kernel may lack Landlock.
    package func enter() -> Bool {
        _ = clinux_renounce_privileges()
        _ = clinux_hide_memory()
        guard !Confinement.isSanitized else { return false }
        // Where the kernel has no such filters, the other wall must do.
        _ = clinux_deny_needless_calls()
        var places: [(FilePath, clinux_use)] = [("/etc/ld.so.cache", CLINUX_SOUNDS), ("/dev/null", CLINUX_DEVICE)]
        for folder in folders { places.append((folder, CLINUX_SOUNDS)) }
        for folder in notes { places.append((folder, CLINUX_NOTES)) }
        for folder in programs + Self.libraries { places.append((folder, CLINUX_PROGRAMS)) }
        var opened: [FileDescriptor] = []
        var rules: [clinux_place] = []
        for (path, use) in places {
            // What is not there cannot be read either.
            let number = unsafe path.withPlatformString { unsafe open($0, Self.pathOnly | O_CLOEXEC) }
            guard number >= 0 else { continue }
            opened.append(FileDescriptor(rawValue: number))
            rules.append(clinux_place(descriptor: number, use: use))
        }
        defer { for descriptor in opened { Glibc.close(descriptor.rawValue) } }
        return unsafe rules.withUnsafeBufferPointer { unsafe clinux_deny_paths_except($0.baseAddress, $0.count) } > 0
    }

    /// What programs need to start: where the system keeps its libraries, and the folders of those that this program itself was started with: in a build
    /// that is not for use, Swift's own are elsewhere.
    private static var libraries: [FilePath] {
        // A Swift program reads its own arguments in /proc. What others keep secret there is out of reach all the same.
        var folders: Set<FilePath> = ["/usr", "/lib", "/lib64", "/proc"]
        do throws(Errno) {
            let maps: FilePath = "/proc/self/maps"
            for line in try maps.contents().split(separator: UInt8(ascii: "\n")) {
                guard let slash = line.firstIndex(of: UInt8(ascii: "/")) else { continue }
                folders.insert(FilePath(bytes: Array(line[slash...])).parent)
            }
        } catch {
            // The system's own folders will have to do.
        }
        return Array(folders)
    }
}

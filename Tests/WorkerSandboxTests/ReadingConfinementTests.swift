import Glibc
import Platform
import SystemPackage
import TestFiles
import Testing
import WorkerSandbox

@Suite(.enabled(if: !Confinement.isSanitized))
struct ReadingConfinementTests {
    /// Where the kernel has no Landlock, there is nothing to be seen.
    static let hasLandlock: Bool = {
        let supported: FilePath = "/sys/kernel/security/lsm"
        do throws(Errno) { return String(decoding: try supported.contents(), as: UTF8.self).contains("landlock") } catch
        {
            // Not to be read everywhere: then the process that tries tells.
            return true
        }
    }()

    @Test(.enabled(if: hasLandlock)) func onlyTheFoldersAreLeft() async throws {
        let folder = try TemporaryFolder()
        for name in ["inside", "outside", "notes"] {
            try folder.makeFolder(name)
            _ = try folder.write("RIFF", to: "\(name)/sound")
        }
        let place = folder.path.string
        await #expect(processExitsWith: .success) { [place = place as String] in
            let (inside, outside) = (FilePath("\(place)/inside"), FilePath("\(place)/outside"))
            let notes = FilePath("\(place)/notes")
            guard ReadingConfinement(folders: [inside, "/nowhere"], programs: [], notes: [notes]).enter() else {
                return
            }
            func canOpen(_ path: FilePath, _ flags: Int32) -> Bool {
                do throws(Errno) {
                    _ = try OwnedDescriptor.open(path, flags, mode: 0o600)
                    return true
                } catch { return false }
            }
            guard canOpen(inside.appending("sound"), O_RDONLY) else { exit(11) }
            guard canOpen("/bin/sh", O_RDONLY) else { exit(12) }
            guard !canOpen(inside.appending("sound"), O_WRONLY) else { exit(13) }
            guard !canOpen(inside.appending("new"), O_WRONLY | O_CREAT) else { exit(14) }
            guard !canOpen(outside.appending("sound"), O_RDONLY) else { exit(15) }
            guard !canOpen("/etc/passwd", O_RDONLY) else { exit(16) }
            // Where notes are kept, a file may be made and put in another's place; nothing else, and nowhere else.
            guard canOpen(notes.appending("new"), O_WRONLY | O_CREAT | O_TRUNC) else { exit(20) }
            guard canOpen(notes.appending("sound"), O_RDWR | O_TRUNC) else { exit(21) }
            guard unsafe rename("\(place)/notes/new", "\(place)/notes/sound") == 0 else { exit(22) }
            guard unsafe rename("\(place)/notes/sound", "\(place)/inside/other") != 0 else { exit(23) }
            guard unsafe mkdir("\(place)/notes/folder", 0o700) != 0 else { exit(24) }
            guard unsafe symlink("/etc", "\(place)/notes/link") != 0 else { exit(25) }
            guard !canOpen(outside.appending("new"), O_WRONLY | O_CREAT) else { exit(26) }
            guard socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0) < 0, errno == EPERM else { exit(17) }
            guard socket(AF_UNIX, Int32(SOCK_STREAM.rawValue), 0) >= 0 else { exit(18) }
            guard unsafe chroot("/") != 0, errno == EPERM else { exit(19) }
        }
    }
}

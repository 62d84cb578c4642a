import CLinux
import Glibc
import Platform
import SystemPackage

/// A worker that could not be started, and why.
package struct ExtractorStartError: Error, Hashable, Sendable {
    /// The program in question.
    package var executable: FilePath
    package var errno: Errno
}

extension ExtractorStartError: CustomStringConvertible {
    package var description: String { "\(executable): \(errno)" }
}

extension ExtractorProcess {
    /// The path of `timbre-extract`: what `TIMBRED_EXTRACTOR` says, else the program beside this one.
    package static func locate() throws(ExtractorStartError) -> FilePath {
        if let told = unsafe getenv("TIMBRED_EXTRACTOR"), unsafe told.pointee != 0 {
            return unsafe FilePath(platformString: told)
        }
        let link: FilePath = "/proc/self/exe"
        do throws(Errno) {
            return try link.linkTarget().removingLastComponent().appending("timbre-extract")
        } catch { throw ExtractorStartError(executable: link, errno: error) }
    }

    /// Starts a worker.
    ///
    /// It gets its end of a socket as descriptor 0, nothing as standard output, our standard error, every signal at
    /// its default, and no other descriptor: all that we open is marked `O_CLOEXEC`.
    package static func start(_ executable: FilePath) throws(ExtractorStartError) -> ExtractorProcess {
        var ends: [Int32] = [-1, -1]
        guard unsafe socketpair(AF_UNIX, Int32(SOCK_SEQPACKET.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0 else {
            throw ExtractorStartError(executable: executable, errno: Errno.last)
        }
        defer { _ = close(ends[1]) }
        // As much as the kernel allows: a worker need not wait while its answers do. It is no matter if it has to.
        var room: Int32 = 4 << 20
        _ = unsafe setsockopt(ends[1], SOL_SOCKET, SO_SNDBUF, &room, socklen_t(MemoryLayout<Int32>.size))
        do throws(Errno) {
            let processID =
                if let starter = WorkerStarter.shared {
                    try starter.start(executable, socket: ends[1])
                } else {
                    try spawn(executable, socket: ends[1])
                }
            return ExtractorProcess(socket: FileDescriptor(rawValue: ends[0]), processID: processID)
        } catch {
            _ = close(ends[0])
            throw ExtractorStartError(executable: executable, errno: error)
        }
    }

    /// Readies what starts workers, so that none of the files that are opened from here on can keep them from it.
    package static func prepare() { _ = WorkerStarter.shared }

    /// Starts the program with a socket as descriptor 0, from the calling thread.
    static func spawn(_ executable: FilePath, socket: Int32) throws(Errno) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, socket, 0)
        unsafe posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)

        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        var signals = sigset_t()
        unsafe sigemptyset(&signals)
        unsafe posix_spawnattr_setsigmask(&attributes, &signals)
        unsafe sigfillset(&signals)
        unsafe posix_spawnattr_setsigdefault(&attributes, &signals)
        unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        var processID: Int32 = 0
        let failure = unsafe executable.withPlatformString { path in
            var arguments = unsafe [strdup("timbre-extract"), strdup("--worker"), nil]
            var environment = unsafe workerEnvironment()
            defer {
                for index in unsafe arguments.indices { unsafe free(arguments[index]) }
                for index in unsafe environment.indices { unsafe free(environment[index]) }
            }
            return unsafe posix_spawn(&processID, path, &actions, &attributes, &arguments, &environment)
        }
        guard failure == 0 else { throw Errno(rawValue: failure) }
        return processID
    }

    /// `NAME=value` texts to be freed, and nil: what loader and sanitizers want to know, and nothing of the user's.
    private static func workerEnvironment() -> [UnsafeMutablePointer<CChar>?] {
        // A crash is for the asker to report; collecting a backtrace would hold the file's end back for seconds.
        var environment = unsafe [strdup("SWIFT_BACKTRACE=enable=no")]
        for name in ["LD_LIBRARY_PATH", "ASAN_OPTIONS", "TSAN_OPTIONS", "LLVM_PROFILE_FILE"] {
            if let value = unsafe getenv(name) {
                unsafe environment.append(strdup("\(name)=" + String(cString: value)))
            }
        }
        return unsafe environment + [nil]
    }
}

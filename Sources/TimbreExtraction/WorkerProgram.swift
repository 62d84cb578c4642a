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

/// The program that a worker runs.
package enum WorkerProgram {
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

    /// Starts the program with a socket as descriptor 0, from the calling thread.
    ///
    /// - Returns: The process.
    static func spawn(_ executable: FilePath, withFFmpeg: Bool, socket: FileDescriptor) throws(Errno) -> Int32 {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_adddup2(&actions, socket.rawValue, 0)
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
            let words = ["timbre-extract", "--worker"] + (withFFmpeg ? ["--ffmpeg"] : [])
            var arguments = unsafe words.map { unsafe strdup($0) } + [nil]
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

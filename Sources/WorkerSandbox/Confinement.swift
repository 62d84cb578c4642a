import CLinux
import Glibc

/// What a decoder denies itself before it meets the first hostile byte.
///
/// There are three walls, and each holds where another is missing: the kernel's limits, Landlock against paths and
/// ports, and a filter of system calls. Where the kernel lacks one of them, the others must do. What has been denied
/// stays denied, to all threads, for as long as the process lives.
package struct Confinement {
    /// A wall.
    package struct Walls: OptionSet, Sendable {
        package let rawValue: Int
        package init(rawValue: Int) { self.rawValue = rawValue }

        package static let limits = Walls(rawValue: 1)
        package static let paths = Walls(rawValue: 2)
        package static let calls = Walls(rawValue: 4)
        package static let all: Walls = [.limits, .paths, .calls]
    }

    /// The walls to go behind.
    package var walls: Walls
    /// A connected socket over which to be asked and to answer; −1 for none.
    package var socket: Int32
    /// Descriptors that may be written to, eight at the most.
    package var outputs: [Int32]
    /// Whether files that are open may grow.
    package var mayWriteFiles: Bool

    package init(walls: Walls = .all, socket: Int32 = -1, outputs: [Int32], mayWriteFiles: Bool) {
        self.walls = walls
        self.socket = socket
        self.outputs = outputs
        self.mayWriteFiles = mayWriteFiles
    }

    /// Bytes of address space: far more than decoding in constant memory needs.
    private static let memory: rlim_t = 2 << 30
    /// Descriptors: the standard ones, our own standard error, a file, and some in reserve.
    private static let descriptors: rlim_t = 16

    /// Goes behind the walls.
    ///
    /// What is read from files later than at the start, such as a library's settings, must have been read; the calling
    /// thread should be the only one.
    ///
    /// - Parameter startThreads: Starts threads, which cannot be started later and stand behind the walls as well.
    /// - Returns: The walls that stand: those of ``walls`` that the kernel has.
    @discardableResult package func enter(startingThreads startThreads: () -> Void = {}) -> Walls {
        var standing: Walls = []
        _ = clinux_renounce_privileges()
        // Sanitizers map terabytes of shadow, open files and start programs to report what they find.
        let walls = Self.isSanitized ? [] : walls
        if walls.contains(.paths), clinux_deny_paths() > 0 { standing.insert(.paths) }
        startThreads()
        if walls.contains(.limits) {
            limit()
            standing.insert(.limits)
        }
        if walls.contains(.calls),
            unsafe outputs.withUnsafeBufferPointer({ unsafe clinux_deny_calls(socket, $0.baseAddress, $0.count) }) == 0
        {
            standing.insert(.calls)
        }
        return standing
    }

    private func limit() {
        ProcessLimit.set(RLIMIT_AS, to: Self.memory)
        ProcessLimit.set(RLIMIT_CORE, to: 0)
        ProcessLimit.set(RLIMIT_NOFILE, to: Self.descriptors)
        ProcessLimit.set(__RLIMIT_NPROC, to: 0)
        ProcessLimit.set(__RLIMIT_MEMLOCK, to: 0)
        guard !mayWriteFiles else { return }
        ProcessLimit.set(RLIMIT_FSIZE, to: 0)
        // Being told that a line of diagnostics does not fit into a file is no reason to die.
        signal(SIGXFSZ, SIG_IGN)
        _ = clinux_hide_memory()
    }

    /// Whether the program was built with a sanitizer, which could not work behind the walls.
    package static var isSanitized: Bool {
        unsafe dlsym(nil, "__asan_init") != nil || dlsym(nil, "__tsan_init") != nil
    }
}

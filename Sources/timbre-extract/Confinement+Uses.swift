import CLinux
import Glibc

/// What a worker denies itself before it meets the first hostile byte.
enum Confinement {
    /// Bytes of address space.
    private static let memory: rlim_t = 2 << 30

    /// Renounces rights, memory and precedence, and makes sure that the worker does not outlive its asker.
    static func enter() {
        _ = clinux_renounce_privileges()
        limit(RLIMIT_CORE, to: 0)
        limit(RLIMIT_FSIZE, to: 0)
        // Being told that a line of diagnostics does not fit into a file is no reason to die.
        signal(SIGXFSZ, SIG_IGN)
        // Sanitizers map terabytes of shadow and would not start.
        if !isSanitized { limit(RLIMIT_AS, to: memory) }
        _ = nice(5)
        endWithAsker()
    }

    private static func limit(_ resource: __rlimit_resource, to value: rlim_t) {
        var limit = rlimit(rlim_cur: value, rlim_max: value)
        _ = unsafe setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }

    private static var isSanitized: Bool {
        unsafe dlsym(nil, "__asan_init") != nil || dlsym(nil, "__tsan_init") != nil
    }

    /// Ends the process when the asker's end of the socket closes, even while a decoder hangs.
    ///
    /// The kernel's own means, PR_SET_PDEATHSIG, watches the thread that started us, not its process: a thread of a pool
    /// that is sent home would take the worker with it.
    private static func endWithAsker() {
        var thread = pthread_t()
        let failure = unsafe pthread_create(
            &thread, nil,
            { _ in
                var socket = pollfd(fd: 0, events: 0, revents: 0)
                while unsafe poll(&socket, 1, -1) < 1 {}
                _exit(0)
            }, nil)
        precondition(failure == 0, "no thread")
        pthread_detach(thread)
    }
}

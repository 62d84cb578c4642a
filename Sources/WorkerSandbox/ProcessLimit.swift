import CLinux
import Glibc

/// A limit to which the kernel keeps a process.
package enum ProcessLimit {
    /// Sets a limit that cannot be lifted again; one that is lower already stays.
    static func set(_ resource: __rlimit_resource, to value: rlim_t) {
        var limit = rlimit()
        guard unsafe getrlimit(__rlimit_resource_t(resource.rawValue), &limit) == 0 else { return }
        limit.rlim_max = min(limit.rlim_max, value)
        limit.rlim_cur = min(limit.rlim_cur, limit.rlim_max)
        _ = unsafe setrlimit(__rlimit_resource_t(resource.rawValue), &limit)
    }

    /// Ends the process with SIGXCPU when it has used that many more seconds of processor time.
    ///
    /// The last resort against a decoder that hangs, should the asker be unable to end it; each call starts anew.
    package static func allowProcessorTime(seconds: Int) {
        let resource = __rlimit_resource_t(RLIMIT_CPU.rawValue)
        var (used, limit) = (rusage(), rlimit())
        guard unsafe getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &used) == 0,
            unsafe getrlimit(resource, &limit) == 0
        else { return }
        // The kernel counts whole seconds, of both kinds together.
        let total = used.ru_utime.tv_sec + used.ru_stime.tv_sec + 2 + seconds
        limit.rlim_cur = min(limit.rlim_max, rlim_t(total))
        _ = unsafe setrlimit(resource, &limit)
    }
}

import Glibc
import LibraryReports
import Platform
import SystemPackage

/// Ctrl-C, for what has no end of its own: the program ends then, well and with whole lines.
enum Interruption {
    private static let never = Promise<Bool, Never>()

    /// Has Ctrl-C end the program with 0 once the line under way is written, and a reader of standard output who goes end it
    /// as SIGPIPE does.
    ///
    /// To be called before other threads are started.
    static func endProgram(after output: FollowOutput) throws {
        let signal = try EventSignal()
        unsafe InterruptHandler.signal = signal.descriptor.rawValue
        var action = sigaction()
        // Who ignores it, as the shell has it in the background of a script, goes on doing so: SIG_IGN is 1.
        if unsafe sigaction(SIGINT, nil, &action) == 0,
            unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) != 1
        {
            Glibc.signal(SIGINT) { _ in InterruptHandler.raise() }
        }
        try DetachedThread.start {
            // Of a pipe or socket whose reader has gone, POLLERR is told without being asked for.
            var waits = [
                pollfd(fd: signal.descriptor.rawValue, events: Int16(POLLIN), revents: 0),
                pollfd(fd: 1, events: 0, revents: 0),
            ]
            while true {
                guard unsafe poll(&waits, 2, -1) > 0 else { continue }
                if waits[0].revents != 0 { output.end { exit(0) } }
                if CInt(waits[1].revents) & POLLERR != 0 {
                    output.end {
                        Glibc.signal(SIGPIPE, SIG_DFL)
                        Glibc.raise(SIGPIPE)
                    }
                }
                // A terminal that has hung up sends a signal of its own.
                if waits[1].revents != 0 { waits[1].fd = -1 }
            }
        }
    }

    /// Waits for a while.
    static func pause(_ time: Duration) { _ = never.wait(atMost: time) }
}

/// What the handler of the signal needs: nothing in it may be made when the signal comes.
private enum InterruptHandler {
    nonisolated(unsafe) static var signal: CInt = -1

    /// Only what is known to be safe in a handler is called: signal-safety(7).
    static func raise() {
        var one: UInt64 = 1
        _ = unsafe write(signal, &one, 8)
    }
}

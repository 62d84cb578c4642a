import CSystemd
import Glibc
import Platform
import SystemPackage

/// What the daemon tells systemd (`sd_notify(3)`). Without systemd every message goes nowhere.
package struct ServiceManager: Sendable {
    package init() {}

    /// Says that the socket answers.
    package func ready(status: String) { notify("READY=1\nSTATUS=\(status.escaped(for: .line))") }

    /// Says in one line what the daemon is doing; `systemctl status` shows it.
    package func status(_ text: String) { notify("STATUS=\(text.escaped(for: .line))") }

    /// Says that the configuration is being read again; ``ready(status:)`` ends that.
    ///
    /// The time belongs in the same message, or systemd 253 and later wait for it in vain.
    package func reloading() {
        notify("RELOADING=1\nMONOTONIC_USEC=\(csystemd_monotonic_microseconds())")
    }

    /// Says that the daemon is stopping.
    package func stopping() { notify("STOPPING=1") }

    /// Says that the daemon is alive; due within each ``watchdogInterval``.
    package func watchdog() { notify("WATCHDOG=1") }

    /// How long a silence systemd accepts before it takes the daemon for dead; nil if it does not watch.
    package var watchdogInterval: Duration? {
        var microseconds: UInt64 = 0
        guard unsafe sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    private func notify(_ message: String) {
        // A failure is not the daemon's concern: systemd will notice the silence.
        _ = unsafe sd_notify(0, message)
    }
}

import CSystemd
import Glibc
import Platform
import SystemPackage

/// What the daemon tells systemd, and what systemd has told it (`sd_notify(3)`).
///
/// Without systemd every message goes nowhere, and there is nothing to find.
package struct ServiceManager: Sendable {
    package init() {}

    /// Says that the socket answers.
    package func ready(status: String) { notify("READY=1\nSTATUS=\(status.escaped(for: .line))") }

    /// Says in one line what the daemon is doing; `systemctl status` shows it.
    package func status(_ text: String) { notify("STATUS=\(text.escaped(for: .line))") }

    /// Says that the configuration is being read again; ``ready(status:)`` ends that.
    ///
    /// The time belongs into the same message, or systemd 253 and later wait for it in vain.
    package func reloading() {
        notify("RELOADING=1\nMONOTONIC_USEC=\(csystemd_monotonic_microseconds())")
    }

    /// Says that the daemon is on its way out.
    package func stopping() { notify("STOPPING=1") }

    /// Says that the daemon is alive; due within each ``watchdogInterval``.
    package func watchdog() { notify("WATCHDOG=1") }

    /// After how long a silence systemd takes the daemon for dead; nothing if it does not watch.
    package var watchdogInterval: Duration? {
        var microseconds: UInt64 = 0
        guard unsafe sd_watchdog_enabled(0, &microseconds) > 0 else { return nil }
        return .microseconds(Int64(clamping: microseconds))
    }

    /// The listening Unix stream sockets that systemd has opened for this process under a name.
    ///
    /// They are marked close-on-exec. Each call names the same descriptors; the caller is their owner.
    ///
    /// - Parameter name: `FileDescriptorName=` of the socket unit.
    /// - Throws: `Errno` if systemd's variables are malformed.
    package func listeners(named name: String) throws(Errno) -> [FileDescriptor] {
        var listeners: [FileDescriptor] = []
        for (given, descriptor) in try Self.given.get() where given == name {
            guard sd_is_socket_unix(descriptor.rawValue, CInt(SOCK_STREAM.rawValue), 1, nil, 0) > 0 else { continue }
            listeners.append(descriptor)
        }
        return listeners
    }

    /// What systemd has opened or kept for this process, with the names that it has given it.
    ///
    /// It is asked once: to ask again would be to handle descriptors that may have been closed since, or mean others.
    static let given: Result<[(name: String, descriptor: FileDescriptor)], Errno> = {
        var names: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?
        let count = unsafe sd_listen_fds_with_names(0, &names)
        guard count >= 0 else { return .failure(Errno(rawValue: -count)) }
        defer { unsafe free(strings: names, count: Int(count)) }
        return .success(
            (0..<Int(count)).map { index in
                let name = unsafe names?[index].map { unsafe String(cString: $0) } ?? ""
                return (name, FileDescriptor(rawValue: SD_LISTEN_FDS_START + CInt(index)))
            })
    }()

    private func notify(_ message: String) {
        // A failure is none of the daemon's business: whoever listens there will notice the silence.
        _ = unsafe sd_notify(0, message)
    }

    private static func free(strings: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>?, count: Int) {
        for index in 0..<count { unsafe Glibc.free(strings?[index]) }
        unsafe Glibc.free(strings)
    }
}

import CLinux
import Glibc
import Platform
import SystemPackage
import TestFiles
import Testing

/// Starts and stops a daemon as systemd does, and keeps its descriptors in between (`sd_notify(3)`, `sd_listen_fds(3)`).
final class DescriptorKeeper {
    /// What is kept, by name.
    var kept: [String: FileDescriptor] = [:]
    let socket: FilePath
    private let folder: FilePath
    private let notices: FileDescriptor
    private var process: pid_t = 0

    init(_ folder: FilePath) throws {
        self.folder = folder
        socket = folder.appending("s.sock")
        notices = FileDescriptor(rawValue: Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0))
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(folder.appending("notify").string.utf8)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        let result = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(notices.rawValue, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard result == 0 else { throw Errno.last }
    }

    deinit {
        if process > 0 { kill(process, SIGKILL) }
        for descriptor in kept.values { close(descriptor.rawValue) }
        close(notices.rawValue)
    }

    /// Other descriptors of what is kept.
    func copy() throws -> [String: FileDescriptor] {
        try kept.mapValues { descriptor in
            let copy = fcntl(descriptor.rawValue, F_DUPFD_CLOEXEC, 3)
            guard copy >= 0 else { throw Errno.last }
            return FileDescriptor(rawValue: copy)
        }
    }

    /// Whether the daemon that was started last has written a text to its log.
    func said(_ text: String) throws -> Bool { try log().contains(text) }

    private func log() throws -> String {
        let file = try FileDescriptor.open(folder.appending("log"), .readOnly)
        return try file.closeAfter {
            var bytes = [UInt8](repeating: 0, count: 1 << 16)
            let count = try unsafe bytes.withUnsafeMutableBytes { try unsafe file.read(into: $0) }
            return String(decoding: bytes[..<count], as: UTF8.self)
        }
    }

    /// Starts the daemon with what is kept, and waits until it is ready.
    func start() throws {
        let names = kept.keys.sorted()
        // Out of the way of the numbers that they are going to have in the daemon.
        let high = names.map { fcntl(kept[$0]?.rawValue ?? -1, F_DUPFD_CLOEXEC, 100) }
        defer { for descriptor in high { close(descriptor) } }
        let program = BuiltPrograms.extractor.removingLastComponent().appending("timbred")
        // None are told of as none at all.
        let listening =
            names.isEmpty
            ? "" : "LISTEN_PID=$$ LISTEN_FDS=\(names.count) LISTEN_FDNAMES='\(names.joined(separator: ":"))'"
        let variables = "NOTIFY_SOCKET='\(folder)/notify' XDG_RUNTIME_DIR='\(folder)' \(listening)"
        let line =
            "exec env -u WATCHDOG_USEC \(variables) '\(program)' --config '\(folder)/timbred.toml' "
            + "--state-dir '\(folder)/state' --socket '\(socket)' 2>'\(folder)/log'"
        process = try Self.spawn(line, giving: high)
        try hear { $0.contains("READY=1") }
    }

    /// Ends the daemon and waits for its end, keeping what it gives away.
    func stop(by signal: CInt) throws {
        kill(process, signal)
        try hear { [process] _ in
            var status: CInt = 0
            return unsafe waitpid(process, &status, WNOHANG) == process
        }
        process = 0
    }

    /// Heeds messages until it is over, a minute at most.
    private func hear(until isOver: (String) -> Bool) throws {
        let deadline = ContinuousClock.now + .seconds(60)
        while true {
            var waiting = [pollfd(fd: notices.rawValue, events: Int16(POLLIN), revents: 0)]
            let message = unsafe poll(&waiting, 1, 20) > 0 ? try take() : ""
            if message.isEmpty || !message.contains("FDSTORE"), isOver(message) { return }
            let said = try log()
            try #require(ContinuousClock.now < deadline, "\(said)")
        }
    }

    private func take() throws -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        var descriptor: CInt = -1
        let count = unsafe bytes.withUnsafeMutableBytes {
            unsafe clinux_receive_packet(notices.rawValue, $0.baseAddress!, $0.count, &descriptor, 0)
        }
        guard count >= 0 else { throw Errno.last }
        let message = String(decoding: bytes[..<count], as: UTF8.self)
        let fields = Dictionary(
            message.split(separator: "\n").map { $0.split(separator: "=", maxSplits: 1).map(String.init) }
                .filter { $0.count == 2 }.map { ($0[0], $0[1]) }, uniquingKeysWith: { $1 })
        if fields["FDSTORE"] == "1", let name = fields["FDNAME"], descriptor >= 0 {
            kept[name] = FileDescriptor(rawValue: descriptor)
        } else {
            if fields["FDSTOREREMOVE"] == "1", let name = fields["FDNAME"], let old = kept.removeValue(forKey: name) {
                close(old.rawValue)
            }
            // A barrier: what came before it has been heeded.
            if descriptor >= 0 { close(descriptor) }
        }
        return message
    }

    /// Starts a shell that has some descriptors as its own from 3 on.
    private static func spawn(_ line: String, giving descriptors: [CInt]) throws -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        for (place, descriptor) in descriptors.enumerated() {
            unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(place) + 3)
        }
        var process: pid_t = 0
        var arguments = unsafe [strdup("sh"), strdup("-c"), strdup(line), nil]
        defer { for index in unsafe arguments.indices { unsafe free(arguments[index]) } }
        let failure = unsafe posix_spawn(&process, "/bin/sh", &actions, nil, &arguments, environ)
        guard failure == 0 else { throw Errno(rawValue: failure) }
        return process
    }
}

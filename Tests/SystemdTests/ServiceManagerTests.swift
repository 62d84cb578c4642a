import CLinux
import Glibc
import Platform
import SystemPackage
import TestFiles
import Testing

@testable import Systemd

/// The messages arrive at a socket as systemd's would be. It is named by a variable of the whole process, hence no two
/// of these tests at a time.
@Suite(.serialized) struct ServiceManagerTests {
    let folder: TemporaryFolder
    let socket: NotifySocket

    init() throws {
        folder = try TemporaryFolder()
        socket = try NotifySocket(at: folder.path.appending("notify"))
        unsafe setenv("NOTIFY_SOCKET", socket.path.string, 1)
    }

    @Test func readyCarriesTheStatusOnOneLine() throws {
        ServiceManager().ready(status: "12 files\nREADY=0")
        #expect(try socket.message() == "READY=1\nSTATUS=12 files\\x0aREADY=0")
    }

    @Test func reloadingTellsTheTimeInTheSameMessage() throws {
        var before = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &before)
        ServiceManager().reloading()
        let lines = try socket.message().split(separator: "\n")
        #expect(lines.first == "RELOADING=1")
        let time = try #require(lines.last?.split(separator: "=").last.flatMap { Int($0) })
        #expect(time >= before.tv_sec * 1_000_000 && time < (before.tv_sec + 60) * 1_000_000)
    }

    @Test func otherMessagesAreSystemdsOwn() throws {
        ServiceManager().watchdog()
        #expect(try socket.message() == "WATCHDOG=1")
        ServiceManager().stopping()
        #expect(try socket.message() == "STOPPING=1")
        ServiceManager().status("idle")
        #expect(try socket.message() == "STATUS=idle")
    }

    @Test func theWatchdogIsThisProcesss() {
        unsafe setenv("WATCHDOG_USEC", "30000000", 1)
        unsafe setenv("WATCHDOG_PID", "\(getpid())", 1)
        #expect(ServiceManager().watchdogInterval == .seconds(30))
        unsafe setenv("WATCHDOG_PID", "1", 1)
        #expect(ServiceManager().watchdogInterval == nil)
        unsafe unsetenv("WATCHDOG_USEC")
        unsafe unsetenv("WATCHDOG_PID")
        #expect(ServiceManager().watchdogInterval == nil)
    }

    @Test func withoutSystemdThereAreNoListeners() throws {
        unsafe unsetenv("LISTEN_FDS")
        #expect(try PassedDescriptors.listeners(named: "timbred") == [])
    }
}

/// A datagram socket like the one that systemd reads notifications from.
final class NotifySocket: Sendable {
    let path: FilePath
    private let descriptor: CInt

    init(at path: FilePath) throws {
        self.path = path
        descriptor = Glibc.socket(AF_UNIX, CInt(SOCK_DGRAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let name = Array(path.string.utf8)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { unsafe $0.copyBytes(from: name) }
        let size = socklen_t(MemoryLayout<sockaddr_un>.size)
        let result = unsafe withUnsafePointer(to: &address) {
            unsafe $0.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe bind(descriptor, $0, size) }
        }
        guard result == 0 else { throw Errno.last }
    }

    deinit { close(descriptor) }

    /// The next message. A datagram is there as soon as it was sent.
    func message() throws -> String {
        var bytes = [UInt8](repeating: 0, count: 4096)
        let count = unsafe recv(descriptor, &bytes, bytes.count, CInt(MSG_DONTWAIT))
        guard count >= 0 else { throw Errno.last }
        return String(decoding: bytes[..<count], as: UTF8.self)
    }
}

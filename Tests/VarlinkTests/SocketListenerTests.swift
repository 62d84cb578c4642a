import Glibc
import SystemPackage
import TestServer
import Testing

@testable import Varlink

struct SocketListenerTests {
    func mode(of path: FilePath) -> UInt32? {
        var status = stat()
        guard unsafe path.withPlatformString({ unsafe lstat($0, &status) }) == 0 else { return nil }
        return status.st_mode & 0o777
    }

    @Test func makesItsFolderAndItsSocketForItsOwnerAlone() throws {
        try withFolder { folder in
            let path = folder.appending("run/s.sock")
            var listener: SocketListener? = try SocketListener(path: path, permissions: .user)
            #expect(mode(of: folder.appending("run")) == 0o700)
            #expect(mode(of: path) == 0o600)
            withExtendedLifetime(listener) {}
            listener = nil
            #expect(mode(of: path) == nil, "removed at the end")
        }
    }

    @Test func aSystemSocketIsOpenToItsGroup() throws {
        try withFolder { folder in
            let path = folder.appending("run/s.sock")
            let listener = try SocketListener(path: path, permissions: .system(group: getgid()))
            #expect(mode(of: folder.appending("run")) == 0o755)
            #expect(mode(of: path) == 0o660)
            withExtendedLifetime(listener) {}
        }
    }

    @Test func replacesWhatADeadDaemonLeft() throws {
        try withFolder { folder in
            let path = folder.appending("s.sock")
            let address = try UnixAddress(path)
            let dead = try FileDescriptor.unixSocket()
            let status = unsafe address.with { unsafe bind(dead.rawValue, $0, $1) }
            #expect(status == 0)
            close(dead.rawValue)
            let listener = try SocketListener(path: path, permissions: .user)
            _ = try RawClient(path)
            withExtendedLifetime(listener) {}
        }
    }

    @Test func leavesALivingDaemonAlone() throws {
        try withFolder { folder in
            let path = folder.appending("s.sock")
            let first = try SocketListener(path: path, permissions: .user)
            #expect(throws: SocketError(path: path, reason: .taken(byProcess: getpid()))) {
                _ = try SocketListener(path: path, permissions: .user)
            }
            _ = try RawClient(path)
            withExtendedLifetime(first) {}
        }
    }

    @Test func leavesAFileAlone() throws {
        try withFolder { folder in
            let path = folder.appending("s.sock")
            try FileDescriptor.open(path, .writeOnly, options: .create, permissions: .ownerReadWrite).close()
            #expect(throws: SocketError(path: path, reason: .notASocket)) {
                _ = try SocketListener(path: path, permissions: .user)
            }
            #expect(mode(of: path) == 0o600)
        }
    }

    @Test func namesAPathThatIsTooLong() {
        let path = FilePath("/tmp/" + String(repeating: "x", count: 103))
        #expect(throws: SocketError(path: path, reason: .tooLong)) {
            _ = try SocketListener(path: path, permissions: .user)
        }
        #expect(
            "\(SocketError(path: path, reason: .tooLong))".hasSuffix(
                "the path has 108 bytes, and a socket's can have 107"))
    }

    @Test func takesOverASocketThatListens() throws {
        try withFolder { folder in
            let path = folder.appending("s.sock")
            let address = try UnixAddress(path)
            let handed = try FileDescriptor.unixSocket()
            let status = unsafe address.with { unsafe bind(handed.rawValue, $0, $1) }
            #expect(status == 0)
            #expect(listen(handed.rawValue, 5) == 0)
            var listener: SocketListener? = try SocketListener(adopting: handed)
            _ = try RawClient(path)
            withExtendedLifetime(listener) {}
            listener = nil
            #expect(mode(of: path) != nil, "whoever made it removes it")
        }
    }
}

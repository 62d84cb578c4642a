import Glibc
import Platform
import SystemPackage
import Varlink

/// Runs `body` with a folder of its own, which is removed afterwards.
package func withFolder<Result>(_ body: (FilePath) throws -> Result) throws -> Result {
    var template = Array("/tmp/timbre-XXXXXX\0".utf8CString)
    guard unsafe mkdtemp(&template) != nil else { throw Errno.last }
    let folder = FilePath(String(decoding: template.prefix(18).map(UInt8.init(bitPattern:)), as: UTF8.self))
    defer { clear(folder) }
    return try body(folder)
}

private func clear(_ folder: FilePath) {
    for name in ["s.sock", "run/s.sock", "run", ""] {
        _ = unsafe folder.appending(name).withPlatformString { unsafe remove($0) }
    }
}

/// Serves while `body` runs, which is given the socket's path; then stops the server and waits for its end.
package func withServer(
    _ service: VarlinkService, limits: VarlinkServer.Limits = VarlinkServer.Limits(),
    body: (FilePath, VarlinkServer) throws -> Void
) throws {
    try withFolder { folder in
        let path = folder.appending("s.sock")
        let server = try VarlinkServer(
            listener: SocketListener(path: path, permissions: .user), service: service, limits: limits)
        let ended = try EventSignal()
        try DetachedThread.start { server.runForTest(ended) }
        defer {
            server.stop()
            ended.wait()
        }
        try body(path, server)
    }
}

extension VarlinkServer {
    fileprivate func runForTest(_ ended: EventSignal) {
        do { try run() } catch { fatalError("\(error)") }
        ended.raise()
    }
}

extension EventSignal {
    /// Waits until the signal is raised, and gives up after 20 s.
    fileprivate func wait() {
        var waits = [pollfd(fd: descriptor.rawValue, events: Int16(POLLIN), revents: 0)]
        guard unsafe poll(&waits, 1, 20_000) == 1 else { fatalError("the server did not end") }
    }
}

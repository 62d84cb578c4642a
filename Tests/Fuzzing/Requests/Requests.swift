import Glibc
import PageServer
import Platform
import SystemPackage
import TimbreWire

@testable import TimbrePage

/// Bytes of a client that has no key, sent to the server of the page, over a socket, as they come.
///
/// What comes back is HTTP or nothing. The page's own files are all that a request gets.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    let answer = Target.shared.answer(to: bytes)
    let text = String(decoding: answer, as: UTF8.self)
    precondition(answer.isEmpty || text.hasPrefix("HTTP/1."))
    precondition(!text.contains("\"state\"") && !text.contains(Target.shared.key.text))
    // The parsers that only those reach who have the key.
    let words = bytes.split(separator: UInt8(ascii: "\n"), maxSplits: 1)
    if let first = words.first {
        let range = ByteRange(String(decoding: first, as: UTF8.self), size: 1000)
        if case .part(let start, let count) = range { precondition(count > 0 && start + count <= 1000) }
    }
    _ = SoundForm(head: bytes)
    // What needs no daemon may be answered; whatever needs one is refused.
    let alone = [
        "/api/find", "/api/matches", "/api/files", "/api/mark", "/api/numbered", "/api/figures", "/api/favourites",
        "/api/news",
    ]
    for path in ["/api/similar", "/api/picture", "/api/info", "/api/path", "/api/map", "/api/explain"] + alone {
        let head = PageHead(method: "POST", path: path)
        let status = Target.shared.page.answer(PageRequest(head: head, body: bytes)).status
        precondition(status >= 400 || alone.contains(path))
    }
    return 0
}

/// A server without a daemon, for as long as the process lives.
private final class Target: Sendable {
    static let shared = Target()

    let key = Key.random()
    let page: TimbrePage
    private let port: UInt16
    private let server: Kept

    /// A server, which cannot be copied, in a place that can be shared.
    private final class Kept: Sendable {
        let server: PageServer

        init(_ server: consuming PageServer) { self.server = server }
    }

    private init() {
        signal(SIGPIPE, SIG_IGN)
        do {
            let listener = try LoopbackListener()
            port = listener.port
            page = try TimbrePage(
                port: port, key: key, entry: EntryCode(Key.random()), library: Library(socket: "/nowhere.sock"),
                folders: [], extractor: "/nowhere/timbre-extract")
            server = Kept(try PageServer(listener, to: PeerRule(user: getuid()), responder: page))
        } catch { fatalError("\(error)") }
    }

    /// All that the server says to some bytes.
    func answer(to bytes: [UInt8]) -> [UInt8] {
        let client = connected()
        let socket = client.descriptor.rawValue
        _ = unsafe bytes.withUnsafeBytes { unsafe send(socket, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
        shutdown(socket, Int32(SHUT_WR))
        do throws(Errno) { return try client.descriptor.readToEnd() } catch { return [] }
    }

    /// A connection to the server.
    private func connected() -> OwnedDescriptor {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        address.sin_port = port.bigEndian
        while true {
            let opened = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
            precondition(opened >= 0)
            let client = OwnedDescriptor(owning: FileDescriptor(rawValue: opened))
            // What the client ends leaves its port free at once.
            var leaving = linger(l_onoff: 1, l_linger: 0)
            _ = unsafe setsockopt(opened, SOL_SOCKET, SO_LINGER, &leaving, socklen_t(MemoryLayout<linger>.size))
            let result = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe connect(opened, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
            if result == 0 { return client }
            // The fuzzer's alarm interrupts. And what the server ends keeps its port for a minute: at 500 connections a second
            // all are taken, until the first is free again.
            let error = Errno.last
            guard error == .interrupted || error == .addressNotAvailable else { fatalError("\(error)") }
            usleep(20_000)
        }
    }
}

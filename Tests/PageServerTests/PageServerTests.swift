import Glibc
import Platform
import SystemPackage
import Testing

@testable import PageServer

/// Says what it was asked.
private struct Echo: PageResponder {
    static let mostBytes = 1000

    func review(_ head: PageHead) -> PageReview {
        head.path == "/no" ? .refuse(PageResponse(403, body: .bytes(Array("no".utf8)))) : .read(upTo: Self.mostBytes)
    }

    func answer(_ request: PageRequest) -> PageResponse {
        if request.head.path == "/file" {
            do {
                let file = ServedFile(owning: try MemoryFile.make(Array("0123456789".utf8), named: "test"))
                return PageResponse(206, body: .file(file, from: 3, count: 4))
            } catch { return PageResponse(500) }
        }
        let text = "\(request.head.method) \(request.head.path) \(String(decoding: request.body, as: UTF8.self))"
        return PageResponse(200, fields: [PageField("X-Kind", "echo")], body: .bytes(Array(text.utf8)))
    }
}

@Suite(.timeLimit(.minutes(10)))
struct PageServerTests {
    private func withServer(_ limits: PageServer.Limits = PageServer.Limits(), _ body: (UInt16) throws -> Void) throws {
        let listener = try LoopbackListener()
        let port = listener.port
        let server = try PageServer(listener, to: PeerRule(user: getuid()), limits: limits, responder: Echo())
        try body(port)
        _ = consume server
    }

    /// The answer to one request, the connection closed after it.
    private func answer(to request: String, port: UInt16) throws -> String {
        let client = try RawClient(port: port)
        client.send(request)
        return try client.readToEnd()
    }

    static let end = "Host: x\r\nConnection: close\r\n"

    @Test func anAnswerGoesOut() throws {
        try withServer { port in
            let answer = try answer(to: "GET /a%20b?c=d HTTP/1.1\r\n\(Self.end)\r\n", port: port)
            #expect(answer.hasPrefix("HTTP/1.1 200 OK\r\n"))
            #expect(answer.contains("\r\nX-Kind: echo\r\n"))
            #expect(answer.hasSuffix("\r\n\r\nGET /a b "))
        }
    }

    @Test func aBodyComesInWhole() throws {
        try withServer { port in
            let client = try RawClient(port: port)
            client.send("POST / HTTP/1.1\r\n\(Self.end)Content-Length: 10\r\n\r\n01234")
            client.send("56789")
            #expect(try client.readToEnd().hasSuffix("POST / 0123456789"))
        }
    }

    @Test func aPartOfAFileGoesOut() throws {
        try withServer { port in
            let answer = try answer(to: "GET /file HTTP/1.1\r\n\(Self.end)\r\n", port: port)
            #expect(answer.contains("\r\nContent-Length: 4\r\n") && answer.hasSuffix("\r\n\r\n3456"))
            let head = try self.answer(to: "HEAD /file HTTP/1.1\r\n\(Self.end)\r\n", port: port)
            #expect(head.contains("\r\nContent-Length: 4\r\n") && head.hasSuffix("\r\n\r\n"))
        }
    }

    @Test func twoRequestsGoOverOneConnection() throws {
        try withServer { port in
            let client = try RawClient(port: port)
            client.send("GET /1 HTTP/1.1\r\nHost: x\r\n\r\nGET /2 HTTP/1.1\r\nHost: x\r\n\r\n")
            let answers = try client.read(until: "GET /2 ")
            #expect(answers.contains("GET /1 ") && answers.contains("GET /2 "))
        }
    }

    static let refused: [(String, String)] = [
        ("GET /no HTTP/1.1\r\n\(end)\r\n", "403"),
        ("POST / HTTP/1.1\r\n\(end)Content-Length: 1001\r\n\r\n", "413"),
        ("POST / HTTP/1.1\r\n\(end)Content-Length: 99999999999999999999999\r\n\r\n", "413"),
        ("GET / HTTP/1.1\r\n\(end)\((0..<100).map { "X-\($0): y\r\n" }.joined())\r\n", "431"),
        ("GET / HTTP/1.1\r\n\(end)X: \(String(repeating: "y", count: 40_000))\r\n\r\n", "4"),
        ("GET /\(String(repeating: "y", count: 40_000)) HTTP/1.1\r\n\(end)\r\n", "4"),
        ("GET / HTTP/1.1\r\n\r\n", "400"),
        ("POST / HTTP/1.1\r\n\(end)Content-Length: -1\r\n\r\n", "4"),
        ("\u{16}\u{3}\u{1}\r\n\r\n", ""), ("\r\n\r\n\r\n\r\nGET", ""),
    ]

    @Test("What is too large, or no HTTP, is refused, and the server goes on", arguments: refused)
    func refuses(request: String, status: String) throws {
        try withServer { port in
            let client = try RawClient(port: port)
            client.send(request)
            client.send("\r\n\r\n")
            let answer = try client.read(until: "\r\n\r\n")
            #expect(answer.isEmpty || answer.hasPrefix("HTTP/1.1 \(status)") || answer.hasPrefix("HTTP/1.0 \(status)"))
            #expect(try self.answer(to: "GET /on HTTP/1.1\r\n\(Self.end)\r\n", port: port).hasSuffix("GET /on "))
        }
    }

    @Test func clientsThatSayNothingMakeRoom() throws {
        var limits = PageServer.Limits()
        limits.connections = 4
        try withServer(limits) { port in
            let first = try RawClient(port: port)
            let second = try RawClient(port: port)
            first.send("GET / HT")
            var others: [Other] = []
            for _ in 0..<20 { others.append(try Other(port: port)) }
            #expect(try answer(to: "GET /me HTTP/1.1\r\n\(Self.end)\r\n", port: port).hasSuffix("GET /me "))
            // Those that have waited longest were hung up on.
            #expect(try first.readToEnd() == "")
            #expect(try second.readToEnd() == "")
            #expect(others.count == 20)
        }
    }

    /// A client that can be kept in a list.
    private final class Other {
        let client: RawClient

        init(port: UInt16) throws {
            client = try RawClient(port: port)
            client.send("GET")
        }
    }

    @Test func itKnowsHowLongNobodyHasAsked() throws {
        let listener = try LoopbackListener()
        let port = listener.port
        let server = try PageServer(listener, to: PeerRule(user: getuid()), responder: Echo())
        let asked = ContinuousClock.now
        let before = server.idleSince
        #expect(before.map { $0 < asked } == true)
        _ = try answer(to: "GET / HTTP/1.1\r\n\(Self.end)\r\n", port: port)
        let after = server.idleSince
        #expect(after.map { $0 > asked } ?? true)
    }

    @Test func anotherUsersProgramIsNotAnswered() throws {
        let listener = try LoopbackListener()
        let port = listener.port
        // Whoever runs this test is another user than this one, unless it is root.
        let server = try PageServer(listener, to: PeerRule(user: .max), responder: Echo())
        if getuid() != 0 { #expect(try answer(to: "GET / HTTP/1.1\r\n\(Self.end)\r\n", port: port) == "") }
        _ = consume server
    }
}

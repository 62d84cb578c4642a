import PageServer
import Testing

@testable import TimbrePage

struct RequestRulesTests {
    static let own = PageField("Host", "127.0.0.1:4711")

    static func get(_ fields: [PageField], path: String = "/", method: String = "GET", version: String = "HTTP/1.1")
        -> PageHead
    {
        PageHead(method: method, path: path, version: version, fields: fields)
    }

    static let visit = [
        PageField("Sec-Fetch-Site", "cross-site"), PageField("Sec-Fetch-Mode", "navigate"),
        PageField("Sec-Fetch-Dest", "document"),
    ]

    static let cases: [(PageHead, RequestRules.Refusal?)] = [
        (get([own]), nil),
        (get([PageField("host", "LOCALHOST:4711")]), nil),
        (get([own, PageField("Origin", "http://127.0.0.1:4711"), PageField("Sec-Fetch-Site", "same-origin")]), nil),
        (get([own, PageField("Sec-Fetch-Site", "none")]), nil),
        // A link is followed.
        (get([own] + visit), nil),
        // Another site's page shows ours in a frame, or asks for more than the page.
        (get([own, visit[0], visit[1], PageField("Sec-Fetch-Dest", "iframe")]), .site),
        (get([own] + visit, path: "/api/status"), .site),
        (get([own] + visit, method: "POST"), .site),
        (get([own, PageField("Sec-Fetch-Site", "same-site")]), .site),
        (get([own, PageField("Sec-Fetch-Site", "none"), PageField("Sec-Fetch-Site", "cross-site")]), .site),
        // A name that leads to 127.0.0.1 (DNS rebinding), another port, no name, two names.
        (get([PageField("Host", "evil.example:4711")]), .host),
        (get([PageField("Host", "127.0.0.1")]), .host),
        (get([PageField("Host", "127.0.0.1:4712")]), .host),
        (get([PageField("Host", "127.0.0.1:4711.evil.example")]), .host),
        (get([]), .host), (get([own, own]), .host),
        // Another origin.
        (get([own, PageField("Origin", "https://evil.example")]), .origin),
        (get([own, PageField("Origin", "null")]), .origin),
        (get([own, PageField("Origin", "https://127.0.0.1:4711")]), .origin),
        (get([own, PageField("Origin", "http://127.0.0.1:4711"), PageField("Origin", "http://x")]), .origin),
        (get([own], method: "PUT"), .method), (get([own], method: "OPTIONS"), .method),
        (get([own], version: "HTTP/1.0"), .malformed),
        (get([own, PageField("Transfer-Encoding", "chunked")]), .malformed),
        (get([own, PageField("Content-Length", "1"), PageField("Content-Length", "2")]), .malformed),
    ]

    @Test("Only what comes from the page, or from a person, is answered", arguments: cases)
    func objection(head: PageHead, refusal: RequestRules.Refusal?) {
        #expect(RequestRules(port: 4711).objection(to: head) == refusal)
    }
}

import CZlib
import PageServer
import Testing

@testable import TimbrePage

struct PageFilesTests {
    static let page = text(PageSource.bytes("index.html"))

    static func text(_ bytes: [UInt8]) -> String { String(decoding: bytes, as: UTF8.self) }

    @Test func thePageHasNoScriptAndNoStyleInside() {
        #expect(!Self.page.contains("<style") && !Self.page.contains(" style=") && !Self.page.contains("<script>"))
        #expect(Self.page.firstMatch(of: /\son[a-z]+=/) == nil)
    }

    @Test func allThatThePageNamesIsThere() {
        let names = Self.page.matches(of: /(?:src|href)="([^"]+)"/).map { String($0.1) }
        #expect(names.count == 3)
        for name in names { #expect(PageFiles.response("/\(name)") != nil, "\(name)") }
        #expect(PageFiles.response("/") != nil && PageFiles.response("/nothing") == nil)
    }

    @Test func nothingComesFromElsewhere() {
        for text in [Self.page, Self.text(PageSource.bytes("style.css")), Self.text(PageScript.joined)] {
            #expect(!text.contains("http://") && !text.contains("https://"))
        }
    }

    static let encodings: [(String?, Bool)] = [
        ("gzip, deflate, br, zstd", true), ("deflate", true), ("DEFLATE;q=0.5", true), ("deflate; q=1.0", true),
        (nil, false),
        ("", false), ("gzip", false), ("deflate;q=0", false), ("gzip, deflate; q=0.000", false), ("deflate;q=x", false),
        ("deflated", false), ("*", false),
    ]

    @Test("What browsers unpack is sent packed", arguments: encodings)
    func packed(accepted: String?, isPacked: Bool) throws {
        let plain = try #require(PageFiles.response("/style.css"))
        let answer = try #require(PageFiles.response("/style.css", accepting: accepted))
        #expect(answer.fields.contains(PageField("Vary", "Accept-Encoding")))
        #expect(answer.fields.contains(PageField("Content-Encoding", "deflate")) == isPacked)
        guard case .bytes(let bytes) = answer.body, case .bytes(let wanted) = plain.body else {
            Issue.record("not bytes")
            return
        }
        guard isPacked else {
            #expect(bytes == wanted)
            return
        }
        #expect(bytes.count < wanted.count / 2)
        var size = uLong(wanted.count)
        var unpacked = [UInt8](repeating: 0, count: wanted.count)
        let outcome = unsafe uncompress(&unpacked, &size, bytes, uLong(bytes.count))
        #expect(outcome == Z_OK && unpacked == wanted && Int(size) == wanted.count)
    }

    /// What the page is to take before anything is asked for.
    @Test func thePageIsSmall() throws {
        var sent = 0
        for path in ["/", "/style.css", "/page.js", "/icon.svg"] {
            let answer = try #require(PageFiles.response(path, accepting: "deflate"))
            if case .bytes(let bytes) = answer.body { sent += bytes.count }
        }
        #expect(sent < 40_000)
    }
}

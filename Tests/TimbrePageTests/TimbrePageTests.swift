import PageServer
import Synchronization
import SystemPackage
import TestLibrary
import TestServer
import Testing
import TimbreWire
import Varlink

@testable import TimbrePage

/// The page's questions, asked of a made-up library over a real socket.
struct TimbrePageTests {
    let key = Key.random()
    let code = Key.random()

    func page(_ socket: FilePath) -> TimbrePage {
        TimbrePage(
            port: 4711, key: key, entry: EntryCode(code), library: Library(socket: socket), folders: ["/s"],
            extractor: "/nowhere/timbre-extract")
    }

    func head(_ path: String, method: String = "POST", _ fields: [PageField] = []) -> PageHead {
        PageHead(method: method, path: path, fields: [PageField("Host", "127.0.0.1:4711")] + fields)
    }

    var withKey: PageField { PageField("Authorization", "Bearer \(key.text)") }

    /// What comes of a request whose head is accepted.
    func ask(_ page: TimbrePage, _ path: String, _ body: String = "{}") -> (status: Int, text: String) {
        let response = page.answer(PageRequest(head: head(path, [withKey]), body: Array(body.utf8)))
        guard case .bytes(let bytes) = response.body else { return (response.status, "") }
        return (response.status, String(decoding: bytes, as: UTF8.self))
    }

    func status(_ review: PageReview) -> Int? {
        if case .refuse(let response) = review { response.status } else { nil }
    }

    @Test func nothingIsAskedWithoutTheKey() {
        let page = page("/nowhere")
        for path in ["status", "similar", "random", "find", "sound", "heard", "picture", "nothing"] {
            #expect(status(page.review(head("/api/\(path)"))) == 401)
            #expect(status(page.review(head("/api/\(path)", [PageField("Authorization", "Bearer x")]))) == 401)
            #expect(status(page.review(head("/api/\(path)", [withKey]))) == nil)
        }
    }

    @Test func questionsArePostedAndPagesAreGot() {
        let page = page("/nowhere")
        #expect(status(page.review(head("/api/status", method: "GET", [withKey]))) == 405)
        #expect(status(page.review(head("/", method: "POST"))) == 405)
        #expect(status(page.review(head("/", method: "GET"))) == nil)
        #expect(
            status(page.review(PageHead(method: "GET", path: "/", fields: [PageField("Host", "evil.example")]))) == 421)
    }

    @Test func onlySoundsFromElsewhereMayBeLarge() {
        func most(_ path: String) -> Int {
            if case .read(let most) = page("/nowhere").review(head(path, [withKey])) { most } else { -1 }
        }
        #expect(most("/api/heard") == 64 << 20)
        #expect(most("/api/similar") == 1 << 20)
        #expect(most("/api/enter") == 1024)
    }

    @Test func theCodeIsExchangedForTheKeyOnce() {
        let page = page("/nowhere")
        #expect(ask(page, "/api/enter", #"{"code":"x"}"#).status == 403)
        #expect(ask(page, "/api/enter", #"{"code":"\#(code.text)"}"#).text == #"{"key":"\#(key.text)"}"#)
        #expect(ask(page, "/api/enter", #"{"code":"\#(code.text)"}"#).status == 403)
    }

    @Test func everyAnswerKeepsBrowsersFromGuessing() {
        let page = page("/nowhere")
        let paths = ["/", "/main.js", "/nothing", "/api/status", "/api/nothing", "/sound/x"]
        var answers = paths.map { page.answer(PageRequest(head: head($0, method: "GET"), body: [])) }
        if case .refuse(let refusal) = page.review(head("/api/status")) { answers.append(refusal) }
        #expect(answers.count == 7)
        for answer in answers {
            let names = answer.fields.map(\.name)
            for name in [
                "Content-Security-Policy", "X-Content-Type-Options", "Referrer-Policy", "Content-Type",
                "Cross-Origin-Resource-Policy", "Cross-Origin-Opener-Policy", "Permissions-Policy", "Cache-Control",
            ] { #expect(names.count { $0 == name } == 1, "\(name)") }
            #expect(!names.contains { $0.lowercased().hasPrefix("access-control") || $0 == "Set-Cookie" })
        }
    }

    @Test func questionsGoToTheLibrary() throws {
        let results = [
            SimilarResult(
                rank: 1, path: WirePath("/s/a\"<b>\n.wav".utf8), distance: 0.5, score: 0.9, hamming: 2, start: 0,
                end: 0.5,
                duration: 1)
        ]
        let library = FakeLibrary(results: results)
        try withServer(library) { socket in
            let page = page(socket)
            #expect(ask(page, "/api/status").text.contains(#""state":"idle""#))
            #expect(ask(page, "/api/random", #"{"count":1,"seed":2}"#).text == #"{"files":[]}"#)
            let similar = ask(
                page, "/api/similar", #"{"like":[{"path":"/s/x"}],"not":[{"path":"/s/y"}],"count":7,"places":true}"#)
            #expect(similar.status == 200 && similar.text.contains(#""path":"/s/a\"<b>\n.wav""#))
            let asked = library.asked.withLock { $0.last }
            #expect(asked?.queries == [QuerySound(.file(WirePath("/s/x".utf8)))] && asked?.not?.count == 1)
            #expect(asked?.count == 7 && asked?.segments == true)
            let found = ask(page, "/api/find", #"{"words":["1"],"not":[],"folders":[],"count":9}"#)
            #expect(found.text == #"{"files":[{"channels":0,"duration":0,"path":"/s/1"}],"ready":true,"total":1}"#)
            #expect(
                ask(page, "/api/picture", #"{"sound":{"path":"/s/x"},"width":400,"theme":"dark","lanes":["bands"]}"#)
                    .text.hasPrefix("<svg"))
        }
    }

    @Test func nothingThatChangesTheLibraryIsAQuestion() throws {
        try withServer(FakeLibrary()) { socket in
            for name in [
                "retry", "addfolder", "AddFolder", "pause", "retrain", "prune", "usemodel", "scan", "sync", "reload",
            ] {
                #expect(ask(page(socket), "/api/\(name)").status == 404)
            }
        }
    }

    static let troubles: [(any Error, Int)] = [
        (LibraryError.notIndexed(WirePath("/s/x".utf8), state: nil, reason: "gone"), 404),
        (LibraryError.emptyQuery(reason: "silent"), 422), (LibraryError.busy(reason: "busy"), 503),
        (LibraryError.internal(reason: "?"), 500), (LibraryError.stopping, 503),
        (LibraryError.invalidParameter("count"), 422),
    ]

    @Test("What the library complains about is passed on", arguments: troubles)
    func passedOn(error: any Error, status: Int) throws {
        try withServer(FakeLibrary(failure: error)) { socket in
            #expect(ask(page(socket), "/api/similar", #"{"like":[{"path":"/s/x"}],"count":1}"#).status == status)
        }
    }

    @Test func withoutADaemonThePageSaysSo() {
        let page = page("/nowhere.sock")
        let answer = ask(page, "/api/status")
        #expect(answer.status == 503 && answer.text.contains("NoDaemon"))
    }

    static let rubbish = [
        "", "null", "[]", "{", "{\"like\":1}", "{\"like\":[{}],\"count\":1}", "{\"like\":[],\"count\":1.5}",
        "{\"like\":[{\"heard\":7}],\"count\":1}", "\u{0}", String(repeating: "[", count: 5000),
    ]

    @Test("Rubbish is refused", arguments: rubbish)
    func isRefused(body: String) throws {
        try withServer(FakeLibrary()) { socket in
            #expect(ask(page(socket), "/api/similar", body).status == 400)
        }
    }

    @Test func aSoundThatIsForgottenIsSaidToBe() throws {
        try withServer(FakeLibrary()) { socket in
            let answer = ask(page(socket), "/api/similar", #"{"like":[{"heard":"x"}],"count":1}"#)
            #expect(answer.status == 422 && answer.text.contains("drop it again"))
        }
    }

    @Test func whatTheLibraryDoesNotKnowSoIsNotPlayed() throws {
        try withServer(FakeLibrary()) { socket in
            let page = page(socket)
            // It has no size and no time, and there is no such file.
            #expect(ask(page, "/api/sound", #"{"path":"/s/x"}"#).status == 409)
            #expect(ask(page, "/api/sound", #"{"path":"/etc/passwd"}"#).status == 403)
            #expect(ask(page, "/api/sound", #"{"path":""}"#).status == 400)
            #expect(ask(page, "/sound/x").status == 404)
        }
    }
}

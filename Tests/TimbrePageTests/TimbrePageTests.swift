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

    func page(_ socket: FilePath) throws -> TimbrePage {
        try TimbrePage(
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

    @Test func nothingIsAskedWithoutTheKey() throws {
        let page = try page("/nowhere")
        for path in [
            "status", "similar", "random", "find", "sound", "heard", "picture", "map", "path", "news", "favourites",
            "mark", "files", "matches", "numbered", "figures", "info", "explain", "nothing",
        ] {
            #expect(status(page.review(head("/api/\(path)"))) == 401)
            #expect(status(page.review(head("/api/\(path)", [PageField("Authorization", "Bearer x")]))) == 401)
            #expect(status(page.review(head("/api/\(path)", [withKey]))) == nil)
        }
    }

    @Test func questionsArePostedAndPagesAreGot() throws {
        let page = try page("/nowhere")
        #expect(status(page.review(head("/api/status", method: "GET", [withKey]))) == 405)
        #expect(status(page.review(head("/", method: "POST"))) == 405)
        #expect(status(page.review(head("/", method: "GET"))) == nil)
        #expect(
            status(page.review(PageHead(method: "GET", path: "/", fields: [PageField("Host", "evil.example")]))) == 421)
    }

    @Test func onlySoundsFromElsewhereMayBeLarge() throws {
        let page = try page("/nowhere")
        func most(_ path: String) -> Int {
            if case .read(let most) = page.review(head(path, [withKey])) { most } else { -1 }
        }
        #expect(most("/api/heard") == 64 << 20)
        #expect(most("/api/similar") == 1 << 20)
        #expect(most("/api/enter") == 1024)
    }

    @Test func theCodeIsExchangedForTheKeyOnce() throws {
        let page = try page("/nowhere")
        #expect(ask(page, "/api/enter", #"{"code":"x"}"#).status == 403)
        #expect(ask(page, "/api/enter", #"{"code":"\#(code.text)"}"#).text == #"{"key":"\#(key.text)"}"#)
        #expect(ask(page, "/api/enter", #"{"code":"\#(code.text)"}"#).status == 403)
    }

    @Test func everyAnswerKeepsBrowsersFromGuessing() throws {
        let page = try page("/nowhere")
        let paths = ["/", "/page.js", "/nothing", "/api/status", "/api/nothing", "/sound/x"]
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
            let page = try page(socket)
            #expect(ask(page, "/api/status").text.contains(#""state":"idle""#))
            #expect(ask(page, "/api/random", #"{"count":1,"seed":2}"#).text == #"{"files":[]}"#)
            let similar = ask(
                page, "/api/similar", #"{"like":[{"path":"/s/x"}],"not":[{"path":"/s/y"}],"count":7,"places":true}"#)
            #expect(similar.status == 200 && similar.text.contains(#""path":"/s/a\"<b>\n.wav""#))
            let asked = library.asked.withLock { $0.last }
            #expect(asked?.queries == [QuerySound(.file(WirePath("/s/x".utf8)))] && asked?.not?.count == 1)
            #expect(asked?.count == 7 && asked?.segments == true)
            try untilWhole(page)
            let found = ask(page, "/api/find", #"{"words":["1"],"not":[],"folders":[],"count":9}"#)
            let one = #"{"channels":0,"duration":0,"number":101,"path":"/s/1"}"#
            #expect(found.text == #"{"files":[\#(one)],"ready":true,"total":1}"#)
            #expect(
                ask(page, "/api/numbered", #"{"numbers":[101,7,101]}"#).text
                    == #"{"files":[\#(one),null,\#(one)],"ready":true}"#)
            #expect(
                ask(page, "/api/files", #"{"paths":[{"path":"/s/9"},{"path":"/s/0"}]}"#).text
                    == #"{"files":[null,{"channels":0,"duration":0,"number":100,"path":"/s/0"}],"ready":true}"#)
            let matches = page.answer(
                PageRequest(
                    head: head("/api/matches"), body: Array(#"{"words":["2"],"not":[],"folders":[],"count":0}"#.utf8)))
            guard case .bytes(let numbers) = matches.body else { throw Errno.invalidArgument }
            #expect(numbers == [102, 0, 0, 0])
            // Which files have the tags the library is asked.
            let tagged = #"{"words":[],"not":[],"folders":[],"count":9,"filter":{"key":"Am","tags":[{"word":"tape"}]}}"#
            #expect(
                ask(page, "/api/find", tagged).text
                    == #"{"complete":true,"files":[{"channels":0,"duration":0,"number":100,"path":"/s/0"}],"ready":true,"total":1}"#
            )
            #expect(
                ask(page, "/api/find", tagged.replacing(#"["#, with: #"["1""#, maxReplacements: 1)).text
                    == #"{"complete":true,"files":[],"ready":true,"total":0}"#)
            let way = ask(page, "/api/path", #"{"from":{"path":"/s/a"},"to":{"path":"/t/b"}}"#)
            #expect(way.status == 200 && way.text.contains(#""path_bytes":"L3MvbYA=""#))
            #expect(
                ask(page, "/api/picture", #"{"sound":{"path":"/s/x"},"width":400,"theme":"dark","lanes":["bands"]}"#)
                    .text.hasPrefix("<svg"))
        }
    }

    /// Waits until all names have come from the library.
    func untilWhole(_ page: TimbrePage) throws {
        let deadline = ContinuousClock.now + .seconds(20)
        while !ask(page, "/api/find", #"{"words":[],"not":[],"folders":[],"count":1}"#).text.contains(#""ready":true"#)
        {
            try #require(ContinuousClock.now < deadline)
        }
    }

    @Test func newsSaysWhetherADaemonAnswers() throws {
        try withServer(FakeLibrary()) { socket in
            let page = try page(socket)
            try untilWhole(page)
            let response = page.answer(PageRequest(head: head("/api/news"), body: []))
            guard case .pipe(let served) = response.body else { throw Errno.invalidArgument }
            // In the first line if it is known by then, else in the next.
            var told = ""
            repeat {
                var bytes = [UInt8](repeating: 0, count: 100)
                let count = try unsafe bytes.withUnsafeMutableBytes { try unsafe served.descriptor.read(into: $0) }
                try #require(count > 0)
                told += String(decoding: bytes[..<count], as: UTF8.self)
            } while !told.contains(#""daemon":"#)
        }
    }

    @Test func nothingThatChangesTheLibraryIsAQuestion() throws {
        try withServer(FakeLibrary()) { socket in
            let page = try page(socket)
            for name in [
                "retry", "addfolder", "AddFolder", "pause", "retrain", "prune", "usemodel", "scan", "sync", "reload",
            ] {
                #expect(ask(page, "/api/\(name)").status == 404)
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
            let page = try page(socket)
            #expect(ask(page, "/api/similar", #"{"like":[{"path":"/s/x"}],"count":1}"#).status == status)
        }
    }

    @Test func withoutADaemonThePageSaysSo() throws {
        let page = try page("/nowhere.sock")
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
            let page = try page(socket)
            #expect(ask(page, "/api/similar", body).status == 400)
        }
    }

    @Test func aSoundThatIsForgottenIsSaidToBe() throws {
        try withServer(FakeLibrary()) { socket in
            let answer = try ask(page(socket), "/api/similar", #"{"like":[{"heard":"x"}],"count":1}"#)
            #expect(answer.status == 422 && answer.text.contains("drop it again"))
        }
    }

    @Test func whatTheLibraryDoesNotKnowSoIsNotPlayed() throws {
        try withServer(FakeLibrary()) { socket in
            let page = try page(socket)
            // It has no size and no time, and there is no such file.
            #expect(ask(page, "/api/sound", #"{"path":"/s/x"}"#).status == 409)
            #expect(ask(page, "/api/sound", #"{"path":"/etc/passwd"}"#).status == 403)
            #expect(ask(page, "/api/sound", #"{"path":""}"#).status == 400)
            #expect(ask(page, "/sound/x").status == 404)
        }
    }
}

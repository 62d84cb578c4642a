import ContentHash
import Glibc
import Platform
import SystemPackage
import TestIngest
import TestModels
import TestServer
import Testing
import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

@testable import LibraryFeed
@testable import TimbreAnswers

/// What those are told who keep a copy of a library, and who search one elsewhere.
@Suite(.timeLimit(.minutes(10)), .serialized)
struct ChangeAnswersTests {
    private let library: StoredLibrary
    private let test: TestResponder

    init() throws {
        library = try StoredLibrary(
            of: [
                "kicks/deep.wav": "1 1 2 1 1", "kicks/soft.wav": "1 1 2 1 3", "hat.wav": "7 8 7 9", "broken.wav": "!",
            ],
            smallModelWithVectors())
        test = try TestResponder(library)
        // Its start is over once it answers.
        try test.ingest.catchUp()
    }

    private func path(_ name: String) -> WirePath { WirePath(library.path(name).bytes) }

    /// All changes behind a reply, in pages of a few.
    private func changes(after reply: Changes.Reply? = nil) throws -> [Changes.Reply] {
        var pages: [Changes.Reply] = []
        let last = try test.responder.changes(
            Changes.Parameters(after: reply?.next, history: reply?.history, limit: 2), from: .owner
        ) { pages.append($0) }
        return pages + [last]
    }

    private func names(_ pages: [Changes.Reply]) -> Set<String> {
        Set(pages.flatMap(\.files).map { String(decoding: $0.name.bytes, as: UTF8.self) })
    }

    @Test func everythingIsToldAndThenWhatChanged() throws {
        let all = try changes()
        #expect(names(all) == ["deep.wav", "soft.wav", "hat.wav"] && all.count > 1)
        #expect(
            all[0].anew && all.dropFirst().allSatisfy { !$0.anew }
                && all.map(\.last).firstIndex(of: true) == all.count - 1)
        let file = try #require(all.flatMap(\.files).first { $0.name.bytes == Array("deep.wav".utf8) })
        let directory = all.flatMap(\.directories).first { $0.id == file.directory }
        #expect(directory?.path == path("kicks"))
        let indexed = try #require(library.index.file(Int64(file.id)))
        #expect(TimbreVector(bytes: file.vectors.bytes.prefix(128)) == indexed.vector)
        #expect(file.codes.bytes == indexed.spans.flatMap(\.code.bytes) && file.duration == indexed.duration)

        let hat = try #require(try library.file("hat.wav")?.id)
        try library.remove("hat.wav")
        let news = try changes(after: all.last)
        #expect(news.flatMap(\.gone) == [Int(hat)] && names(news).isEmpty && !news[0].anew)
        #expect(try changes(after: news.last).allSatisfy { $0.files.isEmpty && $0.gone.isEmpty && !$0.anew })
    }

    @Test func aPageCanBeAllThatIsWanted() throws {
        let page = try test.responder.changes(Changes.Parameters(limit: 2, once: true), from: .owner) { _ in
            Issue.record("there is one reply")
        }
        #expect(page.anew && !page.last && page.files.count + page.directories.count <= 4)
    }

    /// What is told once there is something to tell.
    ///
    /// - Parameters:
    ///   - other: Whom to ask, if not the one of all tests.
    ///   - act: Is done when somebody waits for what is told; nil if nobody should have to wait.
    private func news(
        after page: Changes.Reply, of other: TestResponder? = nil, _ act: (() throws -> Void)? = nil
    ) throws -> Changes.Reply {
        let test = other ?? test
        let service = VarlinkService(
            library: test.responder, policy: AccessPolicy(owner: getuid()), version: "1", url: "")
        let news = Promise<Changes.Reply, any Error>()
        var told: Changes.Reply?
        try withServer(service) { path, _ in
            try DetachedThread.start {
                news.fulfil(
                    Result {
                        var client = try VarlinkClient(connectingTo: path)
                        let parameters = Changes.Parameters(
                            after: page.next, history: page.history, follow: true, once: true, known: page.model)
                        return try client.call(Changes.self, parameters) { _ in Issue.record("there is one reply") }
                    })
            }
            if let act {
                while !test.ingest.feed.isWaitedFor { sched_yield() }
                try act()
            }
            told = try news.wait()
        }
        return try #require(told)
    }

    @Test func onePageCanBeWaitedFor() throws {
        let last = try #require(try changes().last)
        let news = try news(after: last) { try library.add("3 3 4", to: "new.wav") }
        #expect(names([news]) == ["new.wav"] && news.last && news.model == last.model)
        // What has come already is not waited for.
        #expect(names([try self.news(after: last)]) == ["new.wav"])
    }

    @Test func alsoALibraryWithoutAnyChangeIsWaitedFor() throws {
        let library = try StoredLibrary(of: [:], smallModelWithVectors())
        let empty = try TestResponder(library)
        try empty.ingest.catchUp()
        let page = try empty.responder.changes(Changes.Parameters(limit: 2, once: true), from: .owner) { _ in }
        #expect(page.next == 0 && page.anew)
        let news = try news(after: page, of: empty) { try library.add("3 3 4", to: "new.wav") }
        #expect(names([news]) == ["new.wav"])
    }

    @Test func anotherModelIsNewsToWhoWaitsForAPage() throws {
        let last = try #require(try changes().last)
        let other = try otherModel().identifier.description
        let news = try news(after: last) {
            _ = try test.responder.useModel(ModelChoice(model: other), from: .owner)
        }
        #expect(news.model == other)
        // Also to who knew another one than there was when the wait began.
        let end = try #require(try changes().last)
        var former = end
        former.model = last.model
        let start = ContinuousClock.now
        let again = try self.news(after: former)
        #expect(again.model == other && again.next == end.next)
        // Ten seconds would have been waited for anything else.
        #expect(ContinuousClock.now - start < .seconds(10))
    }

    @Test func whoFollowsIsToldMoreWhenThereIsMore() throws {
        struct Enough: Error {}
        let service = VarlinkService(
            library: test.responder, policy: AccessPolicy(owner: getuid()), version: "1", url: "")
        var pages: [Changes.Reply] = []
        try withServer(service) { path, _ in
            do {
                var client = try VarlinkClient(connectingTo: path)
                _ = try client.call(Changes.self, Changes.Parameters(follow: true)) { page in
                    pages.append(page)
                    if pages.count == 1 { try library.add("3 3 4", to: "new.wav") }
                    if names(pages).contains("new.wav") { throw Enough() }
                }
            } catch is Enough {}
        }
        #expect(pages[0].last && pages.count == 2 && names([pages[1]]) == ["new.wav"])
    }

    @Test func aSearchElsewhereIsToldWhatOneHereGoesBy() throws {
        let sound = QuerySound(.file(path("kicks/deep.wav")))
        let vectors = try test.responder.vectors(Vectors.Parameters(queries: [sound]), from: .owner)
        let file = try #require(try library.file("kicks/deep.wav")?.id)
        #expect(vectors.own == [Int(file)] && vectors.readings.count == 1)
        let query = try #require(TimbreVector(bytes: vectors.readings[0][0].bytes))
        let found = try test.responder.similar(Similar.Parameters(queries: [sound]), from: .owner)
        let squared = try found.results.map { result in
            let record = try #require(try library.catalog.read { try $0.file(at: FilePath(bytes: result.path.bytes)) })
            return Double(query.squaredDistance(to: try #require(library.index.vector(of: record.id))))
        }
        let meant = try test.responder.distances(
            Distances.Parameters(vectors: vectors.readings[0], squared: squared, model: vectors.model), from: .owner)
        #expect(meant.distances == found.results.map(\.distance) && meant.scores == found.results.map(\.score))
        #expect(throws: LibraryError.self) {
            try test.responder.distances(
                Distances.Parameters(vectors: vectors.readings[0], squared: squared, model: "sha256:00"), from: .owner)
        }
    }

    /// Another model of the library, with vectors, that is not in use.
    private func otherModel() throws -> TimbreModel {
        let model = try smallModelWithVectors(step: 3 / 127)
        let imported = try test.responder.importModel(
            ImportModel.Parameters(document: String(decoding: model.json(), as: UTF8.self)), from: .owner)
        #expect(!imported.active && imported.contents == 0)
        return model
    }

    /// All that is told under a model.
    private func files(under model: TimbreModel, _ page: Int = 2) throws -> [String: Changes.File] {
        var files: [Changes.File] = []
        let last = try test.responder.changes(
            Changes.Parameters(limit: page, model: model.identifier.description), from: .owner
        ) { files += $0.files }
        #expect(last.model == model.identifier.description && last.last)
        return Dictionary(
            (files + last.files).map { (String(decoding: $0.name.bytes, as: UTF8.self), $0) }, uniquingKeysWith: { $1 })
    }

    @Test func changesCanBeToldUnderAModelThatIsNotInUse() throws {
        let other = try otherModel()
        let told = try files(under: other)
        let live = try changes().flatMap(\.files)
        #expect(Set(told.keys) == ["deep.wav", "soft.wav", "hat.wav"])
        #expect(try #require(told["deep.wav"]).vectors != live.first { $0.name == told["deep.wav"]?.name }?.vectors)
        // Nothing was kept, and nobody asks by it.
        let models = try test.responder.listModels(from: .owner).models
        #expect(models.first { $0.hash == other.identifier.description }?.contents == 0)
        // What is stored when it is put to use is the same.
        _ = try test.responder.useModel(ModelChoice(model: other.identifier.description), from: .owner)
        #expect(try files(under: other) == told)
        let inUse = try changes()
        #expect(inUse[0].model == other.identifier.description)
        for file in inUse.flatMap(\.files) {
            #expect(told[String(decoding: file.name.bytes, as: UTF8.self)]?.vectors == file.vectors)
        }
    }

    @Test func aFollowerIsToldUnderTheModelThatItAskedFor() throws {
        struct Enough: Error {}
        let other = try otherModel().identifier.description
        let service = VarlinkService(
            library: test.responder, policy: AccessPolicy(owner: getuid()), version: "1", url: "")
        var pages: [Changes.Reply] = []
        try withServer(service) { path, _ in
            do {
                var client = try VarlinkClient(connectingTo: path)
                _ = try client.call(Changes.self, Changes.Parameters(follow: true, model: other)) { page in
                    pages.append(page)
                    if pages.count == 1 { try library.add("3 3 4", to: "new.wav") }
                    if names(pages).contains("new.wav") { throw Enough() }
                }
            } catch is Enough {}
        }
        #expect(pages.allSatisfy { $0.model == other } && names([pages[1]]) == ["new.wav"])
    }

    @Test func aModelThatTheLibraryDoesNotHaveIsNone() throws {
        let unknown = "sha256:" + String(repeating: "0", count: 64)
        #expect(throws: LibraryError.noSuchModel(unknown)) {
            try test.responder.changes(Changes.Parameters(once: true, model: unknown), from: .owner) { _ in }
        }
        #expect(throws: (any Error).self) { try Changes.check(Changes.Parameters(model: "1")) }
    }

    @Test func distancesMeanTheSameUnderAModelThatIsNoLongerInUse() throws {
        let sound = QuerySound(.file(path("kicks/deep.wav")))
        let vectors = try test.responder.vectors(Vectors.Parameters(queries: [sound]), from: .owner)
        let asked = Distances.Parameters(vectors: vectors.readings[0], squared: [0, 400], model: vectors.model)
        let before = try test.responder.distances(asked, from: .owner)
        _ = try test.responder.useModel(ModelChoice(model: otherModel().identifier.description), from: .owner)
        let after = try test.responder.distances(asked, from: .owner)
        #expect(after == before)
    }

    @Test func onlyTheModelThatWasNamedIsTakenIn() throws {
        let model = try smallModelWithVectors(step: 3 / 127)
        let document = String(decoding: model.json(), as: UTF8.self)
        let other = "sha256:" + String(repeating: "0", count: 64)
        #expect(
            throws: LibraryError.invalidModel(reason: "it is \(model.identifier), and not \(other)")
        ) {
            try test.responder.importModel(ImportModel.Parameters(document: document, hash: other), from: .owner)
        }
        #expect(try test.responder.listModels(from: .owner).models.count == 1)
        let named = ImportModel.Parameters(document: document, hash: model.identifier.description)
        #expect(try test.responder.importModel(named, from: .owner).hash == model.identifier.description)
    }
}

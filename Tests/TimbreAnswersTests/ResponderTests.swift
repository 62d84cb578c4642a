import ContentHash
import Platform
import SoundFeatures
import SystemPackage
import TestIngest
import TestModels
import Testing
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

@testable import TimbreAnswers

/// What clients are answered, method by method, from a small library.
@Suite(.timeLimit(.minutes(10)))
struct ResponderTests {
    private let library: StoredLibrary
    private let test: TestResponder
    private var responder: Responder { test.responder }

    /// Two kicks that are alike, a hat, a copy of it, silence, and a file that could not be read.
    init() throws {
        library = try StoredLibrary(
            of: [
                "kicks/deep.wav": "1 1 2 1 1", "kicks/soft.wav": "1 1 2 1 3", "hats/open.wav": "7 8 7 9",
                "hats/copy.wav": "7 8 7 9", "silence.wav": "- - -", "broken.wav": "!",
            ], smallModelWithVectors())
        test = try TestResponder(library)
    }

    private func path(_ name: String) -> WirePath { WirePath(library.path(name).bytes) }
    private func names(_ paths: [WirePath]) -> [String] { paths.map { library.name(of: $0.bytes) } }

    private func similar(_ name: String, _ change: (inout Similar.Parameters) -> Void = { _ in }) throws
        -> Similar.Reply
    {
        var parameters = Similar.Parameters(queries: [QuerySound(.file(path(name)))])
        change(&parameters)
        return try responder.similar(parameters, from: .owner)
    }

    // Searches.

    @Test func whatSoundsMostAlikeComesFirstAndTheQueryIsLeftOut() throws {
        let reply = try similar("kicks/deep.wav")
        #expect(names(reply.results.map(\.path)) == ["kicks/soft.wav", "hats/open.wav", "hats/copy.wav"])
        #expect(reply.metric == .timbre && reply.complete)
        #expect(reply.query.map(\.path) == [path("kicks/deep.wav")] && reply.query[0].inLibrary)
        #expect(reply.model == library.library.snapshot.generation.model.identifier.description)
        #expect(
            names(try similar("kicks/deep.wav") { $0.includeSelf = true }.results.map(\.path)).first == "kicks/deep.wav"
        )
    }

    @Test func aSearchIsLimitedByCountFolderAndWhatItIsToBeFarFrom() throws {
        #expect(try similar("kicks/deep.wav") { $0.count = 1 }.results.count == 1)
        let below = try similar("kicks/deep.wav") { $0.filter = FileFilter(under: self.path("hats")) }
        #expect(names(below.results.map(\.path)) == ["hats/open.wav", "hats/copy.wav"])
        let away = try similar("kicks/deep.wav") { $0.not = [QuerySound(.file(self.path("hats/open.wav")))] }
        #expect(names(away.results.map(\.path)) == ["kicks/soft.wav"])
    }

    @Test func whatIsAwayIsFoundOnlyIfAskedFor() throws {
        try library.takeAway("kicks/soft.wav")
        #expect(!names(try similar("kicks/deep.wav").results.map(\.path)).contains("kicks/soft.wav"))
        let all = try similar("kicks/deep.wav") { $0.offline = true }
        #expect(names(all.results.map(\.path)).first == "kicks/soft.wav")
    }

    @Test func aSoundFromElsewhereFindsWhatOneOfTheLibraryDoes() throws {
        let frames = features([1, 1, 2, 1, 1])
        let outside = QueryFeatures(
            sampleCount: 5 * 512, duration: 0.1, cepstra: Base64(frames.cepstra), bands: Base64(frames.bands))
        let reply = try responder.similar(
            Similar.Parameters(queries: [QuerySound(.features(outside, path: nil))]), from: .owner)
        #expect(reply.results.first?.path == path("kicks/deep.wav") && reply.results.first?.distance == 0)
        #expect(reply.query.map(\.inLibrary) == [false])
    }

    @Test func whatCannotBeSearchedByIsSaid() throws {
        let silent = #expect(throws: LibraryError.self) { try similar("silence.wav") }
        guard case .emptyQuery = silent else {
            Issue.record("\(String(describing: silent))")
            return
        }
    }

    @Test("A file that cannot be searched by says why", arguments: ["none.wav", "broken.wav"])
    func notIndexed(name: String) throws {
        let isKnown = name == "broken.wav"
        let expected = LibraryError.notIndexed(
            path(name), state: isKnown ? .failed : nil, reason: isKnown ? "it breaks off" : "there is no such file")
        #expect(throws: expected) { try similar(name) }
        #expect(throws: expected) {
            try responder.explain(
                Explain.Parameters(a: QuerySound(.file(path(name))), b: QuerySound(.file(path("kicks/deep.wav")))),
                from: .owner)
        }
    }

    @Test func twoSoundsAreExplained() throws {
        let reply = try responder.explain(
            Explain.Parameters(
                a: QuerySound(.file(path("kicks/deep.wav"))), b: QuerySound(.file(path("kicks/soft.wav")))),
            from: .owner)
        #expect(reply.shared.map(\.code) == [1, 2] && reply.onlyA.isEmpty)
        #expect(reply.onlyB == [CodeCount(code: 3, frames: 1)])
        let found = try similar("kicks/deep.wav").results.first?.distance
        #expect(reply.timbre?.distance == found && reply.obstacle == nil)
    }

    @Test func aSoundIsLookedAtWhereverItLies() throws {
        let inside = try responder.look(Look.Parameters(sound: QuerySound(.file(path("kicks/deep.wav")))), from: .owner)
        let frames = features([1, 1, 2, 1, 1])
        let outside = QueryFeatures(
            sampleCount: 5 * 512, duration: inside.duration, cepstra: Base64(frames.cepstra),
            bands: Base64(frames.bands))
        var expected = inside
        expected.inLibrary = false
        let reply = try responder.look(
            Look.Parameters(sound: QuerySound(.features(outside, path: nil))), from: .owner)
        #expect(inside.inLibrary && inside.use == [CodeCount(code: 1, frames: 4), CodeCount(code: 2, frames: 1)])
        // How long the last span is depends on the number of samples, which the test library makes up.
        expected.spans = reply.spans
        #expect(reply == expected)
        #expect(reply.spans.map(\.code) == inside.spans.map(\.code))
        let behind = Look.Parameters(
            sound: QuerySound(.file(path("kicks/deep.wav"))), at: TimeSpan(start: 100, end: 101))
        #expect(throws: LibraryError.self) { try responder.look(behind, from: .owner) }
        #expect(throws: LibraryError.notIndexed(path("none.wav"), state: nil, reason: "there is no such file")) {
            try responder.look(Look.Parameters(sound: QuerySound(.file(self.path("none.wav")))), from: .owner)
        }
    }

    // Listings.

    @Test func allFilesAreListedInTheOrderOfTheirPaths() throws {
        let reply = try responder.list(List.Parameters(), from: .owner) { _ in Issue.record("one reply is enough") }
        #expect(
            names(reply.files.map(\.path)) == [
                "broken.wav", "silence.wav", "hats/copy.wav", "hats/open.wav", "kicks/deep.wav", "kicks/soft.wav",
            ])
        #expect(reply.files.map(\.state) == [.failed] + Array(repeating: .indexed, count: 5))
        let below = try responder.list(List.Parameters(directory: path("kicks")), from: .owner) { _ in }
        #expect(names(below.files.map(\.path)) == ["kicks/deep.wav", "kicks/soft.wav"])
    }

    @Test func filteredFilesAreListedInTheSameOrder() throws {
        func list(_ filter: FileFilter?, below directory: WirePath? = nil) throws -> [String] {
            let reply = try responder.list(List.Parameters(directory: directory, filter: filter), from: .owner) { _ in }
            return names(reply.files.filter { $0.state == .indexed }.map(\.path))
        }
        let all = try list(nil)
        #expect(all.count == 5)
        #expect(try list(FileFilter(channels: 1)) == all)
        #expect(try list(FileFilter(channels: 2)) == [])
        #expect(try list(FileFilter(channels: 1), below: path("kicks")) == ["kicks/deep.wav", "kicks/soft.wav"])
        #expect(try list(FileFilter(under: path("hats"), channels: 1), below: path("kicks")) == [])
        let numbers = try responder.numbers(Numbers.Parameters(filter: FileFilter(channels: 1)), from: .owner) { _ in }
        #expect(Set(numbers.numbers) == Set(library.index.ids.map(Int.init)) && numbers.complete == nil)
    }

    @Test func whatIsLeftOutIsListedIfAskedFor() throws {
        try library.write("words", to: "notes.txt")
        let reply = try responder.list(List.Parameters(all: true), from: .owner) { _ in }
        let left = try #require(reply.files.last)
        #expect(left.path == path("notes.txt") && left.state == .skipped && left.error != nil)
    }

    @Test func aFolderThatIsNotWatchedIsNotListed() throws {
        let elsewhere = WirePath("/elsewhere".utf8)
        #expect(throws: LibraryError.notWatched(elsewhere)) {
            try responder.list(List.Parameters(directory: elsewhere), from: .owner) { _ in }
        }
        #expect(throws: LibraryError.notWatched(elsewhere)) {
            try responder.duplicates(Duplicates.Parameters(under: elsewhere), from: .owner) { _ in }
        }
        #expect(throws: LibraryError.notWatched(elsewhere)) {
            try responder.evaluate(Evaluate.Parameters(under: elsewhere), from: .owner) { _ in }
        }
    }

    @Test func allThatIsKnownOfAFileIsTold() throws {
        let info = try responder.info(path("hats/open.wav"), from: .owner)
        #expect(info.copies == [path("hats/copy.wav")])
        #expect(info.file.spans == 1 && info.file.duration == 4 * 1024 / 44_100.0)
        #expect(info.codes.map(\.spans.count) == [1])
        #expect(info.codes.first?.model == info.file.model)
        let broken = try responder.info(path("broken.wav"), from: .owner)
        #expect(broken.file.error == "it breaks off" && broken.codes.isEmpty && broken.attempts == 1)
        #expect(throws: LibraryError.self) { try responder.info(path("none.wav"), from: .owner) }
    }

    @Test func whatCouldNotBeReadIsTold() throws {
        let failed = try responder.errors(from: .owner) { _ in }.files
        #expect(failed.map(\.path) == [path("broken.wav")])
        #expect(failed.first?.reason == "damaged" && failed.first?.attempts == 1 && failed.first?.time == 2)
    }

    @Test func theSameSeedDrawsTheSameFiles() throws {
        let first = try responder.random(Random.Parameters(count: 3, seed: 5), from: .owner)
        let second = try responder.random(Random.Parameters(count: 3, seed: 5), from: .owner)
        #expect(first == second && first.files.count == 3)
        let all = try responder.random(Random.Parameters(count: 100), from: .owner)
        #expect(Set(all.files.map(\.path)).count == 5)
    }

    // Duplicates, evaluation and upkeep.

    @Test func copiesAreFoundAndAskedForAlsoTheSameSound() throws {
        try library.add("- - 1 1 2 1 1", to: "kicks/late.wav")
        for (near, expected) in [
            (false, [["hats/open.wav", "hats/copy.wav"]]),
            (true, [["kicks/deep.wav", "kicks/late.wav"], ["hats/open.wav", "hats/copy.wav"]]),
        ] {
            var groups: [DuplicateGroup] = []
            let last = try responder.duplicates(Duplicates.Parameters(near: near), from: .owner) { groups += $0.groups }
            #expect((groups + last.groups).map { names($0.files.map(\.path)) } == expected)
            #expect(last.nothing == nil)
        }
        let none = try responder.duplicates(Duplicates.Parameters(under: path("kicks")), from: .owner) { _ in }.nothing
        #expect(
            none == EmptyAnswer(files: 5, filters: [FilterCount(.under, files: 3)], left: 3, offline: 0))
    }

    @Test func answersAreScoredByTheNamesOfFolders() throws {
        let outcome = try #require(try responder.evaluate(Evaluate.Parameters(), from: .owner) { _ in }.outcome)
        #expect(outcome.queries == 4 && outcome.labels == 2 && outcome.metrics.p1.value == 1)
        let few = #expect(throws: LibraryError.self) {
            try responder.evaluate(Evaluate.Parameters(under: path("hats")), from: .owner) { _ in }
        }
        guard case .nothingToEvaluate = few else {
            Issue.record("\(String(describing: few))")
            return
        }
    }

    @Test func theLiveIndexAnswersAsTheDatabaseDoes() throws {
        let reply = try responder.verify(Verify.Parameters(queries: 10, seed: 1), from: .owner)
        #expect(reply.differences.isEmpty && reply.queries == 5)
        // One that the index has forgotten.
        let gone = try #require(try library.file("kicks/soft.wav"))
        library.library.apply([.remove(gone.id)], isComplete: true)
        let wrong = try responder.verify(Verify.Parameters(queries: 10, seed: 1), from: .owner)
        #expect(wrong.differences.contains { $0.query == path("kicks/soft.wav") })
    }

    @Test func whatIsKeptOfDeletedFilesIsForgottenOnlyWhenThatIsMeant() throws {
        try library.remove("kicks/soft.wav")
        let plan = try responder.prune(Prune.Parameters(dryRun: true), from: .owner)
        #expect(!plan.pruned && plan.contents == 1 && plan.examples == [path("kicks/soft.wav")])
        #expect(try library.catalog.read { try $0.orphans().count } == 1)
        #expect(try responder.prune(Prune.Parameters(dryRun: false), from: .owner).pruned)
        #expect(try library.catalog.read { try $0.orphans().count } == 0)
    }

    // The service.

    @Test func theStateOfTheServiceIsTold() throws {
        let status = try responder.status(from: .owner)
        #expect(status.files.indexed == 5 && status.files.failed == 1 && status.contents == 4)
        #expect(status.folders.map(\.path) == [WirePath(library.root.bytes)])
        #expect(status.folders.map(\.mode) == [.offline] && status.folders.map(\.files) == [6])
        #expect(status.model?.id == 1 && status.model?.active == true && status.version == "1")
    }

    @Test func aPauseLastsUntilItIsEnded() throws {
        #expect(try responder.pause(from: .owner).state == .paused)
        #expect(throws: LibraryError.busy(reason: "ingest is paused; timbrectl resume lets it go on")) {
            try responder.sync(from: .owner)
        }
        #expect(try responder.resume(from: .owner).state == .idle)
    }

    @Test func aFileThatIsTriedAgainWaits() throws {
        _ = try responder.pause(from: .owner)
        #expect(try responder.retry(Retry.Parameters(files: [path("broken.wav")]), from: .owner).queued == 1)
        #expect(try library.file("broken.wav")?.state == .pending)
        #expect(throws: LibraryError.self) {
            try responder.retry(Retry.Parameters(files: [path("none.wav")]), from: .owner)
        }
    }

    @Test func aFolderOfTheConfigurationIsRemovedThere() throws {
        let root = WirePath(library.root.bytes)
        #expect(throws: LibraryError.inConfiguration(root)) { try responder.removeFolder(root, from: .owner) }
        let none = WirePath("/elsewhere".utf8)
        #expect(throws: LibraryError.notWatched(none)) { try responder.removeFolder(none, from: .owner) }
        #expect(throws: LibraryError.self) { try responder.addFolder(path("none"), from: .owner) }
    }

    // Models.

    @Test func aModelIsKeptShownAndPutToUse() throws {
        let other = try smallModelWithVectors().json()
        let plain = try smallModel(9)
        let document = String(decoding: plain.json(), as: UTF8.self)
        let kept = try responder.importModel(ImportModel.Parameters(document: document), from: .owner)
        #expect(kept.id == 2 && !kept.active && kept.origin == "import")
        #expect(try responder.listModels(from: .owner).models.map(\.id) == [2, 1])
        #expect(try responder.exportModel(ModelChoice(model: "2"), from: .owner).document == document)
        #expect(
            try responder.exportModel(ModelChoice(), from: .owner).document == String(decoding: other, as: UTF8.self))
        #expect(try responder.useModel(ModelChoice(model: kept.hash), from: .owner).active)
        #expect(library.library.snapshot.generation.model == plain)
        #expect(try similar("kicks/deep.wav").metric == .codes)
        #expect(try responder.showModel(ModelChoice(), from: .owner).use.count == 9)
    }

    @Test func aModelThatIsNotThereOrIsNoneIsRefused() throws {
        #expect(throws: LibraryError.noSuchModel("7")) {
            try responder.showModel(ModelChoice(model: "7"), from: .owner)
        }
        let error = #expect(throws: LibraryError.self) {
            try responder.importModel(ImportModel.Parameters(document: "{}"), from: .owner)
        }
        guard case .invalidModel = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }
}

import ContentHash
import Platform
import Synchronization
import SystemPackage
import TestIngest
import TestModels
import Testing
import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire

@testable import TimbreTraining

@Suite(.timeLimit(.minutes(10)))
struct RetrainerTests {
    private let stop = StopFlag()

    /// Thirty sounds of three timbres each.
    private func library() throws -> StoredLibrary {
        let test = try StoredLibrary()
        for number in 0..<30 {
            try test.add("\(number % 12) \(number * 5 % 12) - \(number * 7 % 11)", to: "\(number).wav")
        }
        return test
    }

    private func retrainer(_ test: StoredLibrary, _ running: BackgroundIngest) -> Retrainer {
        Retrainer(catalog: test.catalog, library: test.library, ingest: running.ingest, stop: stop)
    }

    private func request(seed: UInt64 = 1, _ count: Int = 5, isDry: Bool = false) -> TrainingRequest {
        TrainingRequest(seed: seed, centroidCount: count, isDry: isDry)
    }

    /// A file that was found, and how far away.
    private struct Answer: Equatable {
        var file: Int64
        var distance: Double
    }

    /// All answers that the library gives now.
    private func answers(_ test: StoredLibrary) -> [[Answer]] {
        let index = test.index
        return index.ids.map { id in
            let codes = index.file(id)?.spans.map(\.code) ?? []
            return index.nearestFiles(to: codes, count: 50, excluding: [id]).map {
                Answer(file: $0.file, distance: $0.distance)
            }
        }
    }

    @Test(
        "A training ends with the client that waits for it", arguments: ["gathering frames", "coding", "storing codes"])
    func abandoned(stage: String) throws {
        let test = try library()
        let running = try BackgroundIngest(test)
        let isGone = Mutex(false)
        var request = request()
        request.isAbandoned = { isGone.withLock { $0 } }
        #expect(throws: LibraryError.stopping) {
            try retrainer(test, running).retrain(request) { now, _, _ in
                if now == stage { isGone.withLock { $0 = true } }
            }
        }
        #expect(test.library.snapshot.generation.id == 1)
        #expect(try test.catalog.read { try $0.liveModel() } == 1)
    }

    @Test func aDryRunKeepsNothingAndTheSameSeedGivesTheSameModel() throws {
        let test = try library()
        let running = try BackgroundIngest(test)
        let retrainer = retrainer(test, running)
        let before = answers(test)
        let first = try retrainer.retrain(request(isDry: true)) { _, _, _ in }
        let second = try retrainer.retrain(request(isDry: true)) { _, _, _ in }
        let other = try retrainer.retrain(request(6, isDry: true)) { _, _, _ in }
        #expect(first.newModel == second.newModel && first.newModel != other.newModel)
        #expect(first.newError == second.newError && first.listsChanged == second.listsChanged)
        #expect(first.generation == nil)
        #expect((first.contents, first.listsCompared) == (30, 30))
        #expect(first.frames == 90)
        #expect(try test.catalog.read { try $0.models() }.count == 1)
        #expect(answers(test) == before)
    }

    @Test func aNewModelTakesThePlaceOfTheOldOneAndTheOldOneComesBackExactly() throws {
        let test = try library()
        let running = try BackgroundIngest(test)
        let retrainer = retrainer(test, running)
        let old = test.library.snapshot.generation
        let before = answers(test)
        var stages: Set<String> = []
        let outcome = try retrainer.retrain(request()) { stage, done, total in
            stages.insert(stage)
            #expect(done <= total)
        }
        #expect(stages.count >= 4)
        let new = test.library.snapshot.generation
        #expect(outcome.generation == Int(new.id) && new.id != old.id)
        #expect(outcome.newModel == new.model.identifier.description)
        #expect(try test.catalog.read { try $0.liveModel() } == new.id)
        #expect(try test.catalog.read { try $0.codeCount(model: new.id) } == 30)
        #expect(
            test.index.ids.allSatisfy { id in
                test.index.file(id)?.spans.allSatisfy { $0.code.bits.allSatisfy { $0 < 5 } } == true
            })
        #expect(answers(test) != before)
        let fresh = try test.freshIndex()
        #expect(fresh.ids.map(fresh.file) == test.index.ids.map(test.index.file))
        let again = try retrainer.retrain(request()) { _, _, _ in }
        #expect(again.newModel == outcome.newModel && again.generation == outcome.generation)
        #expect(again.listsChanged == 0)

        try retrainer.use(old) {}
        #expect(test.library.snapshot.generation.id == old.id)
        #expect(answers(test) == before)
    }

    @Test func whatComesUnderANewModelIsCodedWhenTheOldOneComesBack() throws {
        let test = try library()
        let old = test.library.snapshot.generation
        do {
            let running = try BackgroundIngest(test)
            _ = try retrainer(test, running).retrain(request()) { _, _, _ in }
        }
        let file = try test.add("3 4 5 6 7", to: "late.wav")
        #expect(try test.catalog.read { try $0.code(of: file.content ?? 0, model: old.id) } == nil)
        let running = try BackgroundIngest(test)
        try ModelStorage(ingest: running.ingest).activate(old)
        #expect(test.index.file(file.id)?.spans.map(\.code.bits) == [[3, 4, 5, 6, 7]])
    }

    @Test func aLibraryThatIsTooSmallSaysSo() throws {
        let test = try StoredLibrary()
        try test.add("1 2 3", to: "a.wav")
        let running = try BackgroundIngest(test)
        let error = #expect(throws: LibraryError.self) {
            try retrainer(test, running).retrain(request()) { _, _, _ in }
        }
        guard case .busy(let reason) = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(reason.contains("too small"))
    }

    @Test func oneTrainingAtATime() throws {
        let test = try library()
        let running = try BackgroundIngest(test)
        let retrainer = retrainer(test, running)
        try retrainer.alone {
            _ = #expect(throws: LibraryError.self) { try retrainer.alone {} }
        }
        try retrainer.alone {}
    }

    @Test func aTrainingThatIsCancelledKeepsNothing() throws {
        let test = try library()
        let running = try BackgroundIngest(test)
        let retrainer = retrainer(test, running)
        stop.raise()
        #expect(throws: LibraryError.self) { try retrainer.retrain(request()) { _, _, _ in } }
        #expect(try test.catalog.read { try $0.models() }.count == 1)
    }

    @Test("A default model of a later version takes the place of the one before", arguments: [false, true])
    func adopts(hasVectors: Bool) throws {
        let test = try StoredLibrary(
            of: ["a.wav": "1 2 3", "b.wav": "4 5 - 6"], hasVectors ? smallModelWithVectors() : smallModel())
        let model = try smallModelWithNetwork()
        let running = try BackgroundIngest(test)
        try retrainer(test, running).adopt(model)
        let live = test.library.snapshot.generation
        #expect(live.model == model && live.calibration != nil)
        #expect(try test.catalog.read { try $0.liveModel() } == live.id)
        #expect(test.index.ids.count == 2 && test.index.ids.allSatisfy { test.index.file($0)?.vector != nil })
        #expect(try LibraryOpening(catalog: test.catalog).newerDefault(than: live) == nil)
    }
}

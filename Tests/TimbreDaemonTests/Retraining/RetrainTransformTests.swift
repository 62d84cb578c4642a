import ContentHash
import Testing
import TimbreCoding
import TimbreIndex
import TimbreStore
import TimbreWire

@testable import TimbreDaemon

/// What `retrain` learns of sounds, and what it keeps.
@Suite(.timeLimit(.minutes(5)))
struct RetrainTransformTests {
    /// Four folders of sounds; those of one have the same two timbres in them, in all orders and lengths.
    private func library(_ count: Int, _ model: TimbreModel) throws -> TestLibrary {
        let test = try TestLibrary(model)
        var generator = SeededGenerator(seed: 9)
        for folder in 0..<4 { try test.makeFolder("folder \(folder)") }
        for number in 0..<count {
            let folder = number % 4
            let frames = (0..<3 + generator.index(below: 5)).map { _ in
                generator.index(below: 5) == 0 ? generator.index(below: 12) : 3 * folder + generator.index(below: 2)
            }
            try test.write(frames.map(String.init).joined(separator: " "), to: "folder \(folder)/\(number).wav")
        }
        try test.turn(try test.scan((0..<4).map { "folder \($0)" }))
        while let finding = try test.nextFinding() { try test.turn(unchecked: finding) }
        return test
    }

    private func retrain(_ test: TestLibrary, _ request: Retrainer.Request) throws -> RetrainOutcome {
        let running = try RunningIngest(test)
        let retrainer = Retrainer(catalog: test.catalog, library: test.library, ingest: running.ingest)
        return try retrainer.retrain(request) { _, _, _ in }
    }

    private func request(_ count: Int = 12, isDry: Bool = false) -> Retrainer.Request {
        Retrainer.Request(seed: 1, centroidCount: count, isDry: isDry)
    }

    @Test func aLibraryWithoutATransformLearnsOneAndKeepsItWhileNoneFindsBetter() throws {
        let test = try library(200, smallModel())
        var request = request()
        let first = try retrain(test, request)
        #expect(first.transform == "learnt" && first.refused == nil)
        let model = test.library.snapshot.generation.model
        #expect(model.identifier.description == first.newModel && model.transform != nil)
        #expect(model.calibration?.timbreFiles != nil && model.calibration?.timbreSpans != nil)
        #expect(model.provenance?.error == first.newError)
        #expect(test.index.ids.allSatisfy { test.index.file($0)?.vector != nil })
        let plain = try test.catalog.read { reader in
            try PlainSearch(model: try #require(try reader.liveModel()), reader)
        }
        #expect(plain.differences(from: test.index).isEmpty)

        // The same sounds teach the same again: what is in use finds as well.
        let second = try retrain(test, request)
        #expect(second.transform == "kept" && second.newModel == first.newModel)
        #expect(second.retrieval.map(\.measure) == [.variants, .folders, .codes])
        #expect(second.refused == nil)

        request.isByFolder = true
        request.isForced = true
        request.isDry = true
        let byFolder = try retrain(test, request)
        #expect(byFolder.transform == "learnt" && byFolder.newModel != first.newModel)
        let change = try #require(byFolder.retrieval.first { $0.measure == .folders })
        #expect(change.new >= change.old)
    }

    @Test func theSameSoundsAreHeldOutWhateverElseThereIs() throws {
        let test = try library(60, smallModel())
        let contents = try test.catalog.read { try $0.liveContents() }.sorted { $0.hash < $1.hash }
        let learning = TransformLearning(catalog: test.catalog, seed: 1) { false }
        func split(_ contents: [ContentRecord]) throws -> (learnt: Set<Int64>, heldOut: Set<Int64>) {
            let (learnt, heldOut) = learning.split(try learning.gather(from: contents) { _, _ in })
            return (Set(learnt.map(\.content)), Set(heldOut.sounds.map(\.content)))
        }
        let (all, some) = (try split(contents), try split(Array(contents.suffix(30))))
        #expect(all.learnt.count + all.heldOut.count == contents.count && all.learnt.isDisjoint(with: all.heldOut))
        #expect((5...25).contains(all.heldOut.count))
        #expect(some.heldOut.isSubset(of: all.heldOut) && some.learnt.isSubset(of: all.learnt))
    }

    @Test func aCodebookThatFindsWorseIsNotPutToUseUnlessForced() throws {
        let test = try library(200, smallModel())
        var request = request(2)
        let refused = try retrain(test, request)
        #expect(refused.generation == nil && refused.refused?.contains("codes") == true)
        let change = try #require(refused.retrieval.first { $0.measure == .codes })
        #expect(change.isWorse)
        #expect(test.library.snapshot.generation.id == 1)
        #expect(try test.catalog.read { try $0.models() }.count == 1)
        request.isForced = true
        let forced = try retrain(test, request)
        #expect(forced.generation != nil && forced.refused == nil)
        #expect(test.library.snapshot.generation.model.identifier.description == forced.newModel)
    }

    @Test func aSmallLibraryKeepsTheTransformThatItHas() throws {
        let test = try library(40, smallModelWithVectors())
        let outcome = try retrain(test, request(isDry: true))
        #expect(outcome.transform == "kept")
        let without = try library(40, smallModel())
        #expect(try retrain(without, request(isDry: true)).transform == nil)
    }
}

import ContentHash
import Platform
import TestIngest
import TestModels
import Testing
import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

@testable import TimbreTraining

/// What `retrain` learns of sounds, and what it keeps.
@Suite(.timeLimit(.minutes(10)))
struct RetrainMetricTests {
    /// Folders of sounds; those of one have the same two timbres in them, in all orders and lengths.
    private func library(_ count: Int, folders: Int = 4, _ model: TimbreModel) throws -> StoredLibrary {
        let test = try StoredLibrary(model)
        var generator = SeededGenerator(seed: 9)
        for number in 0..<count {
            let folder = number % folders
            let frames = (0..<3 + generator.index(below: 5)).map { _ in
                generator.index(below: 5) == 0
                    ? generator.index(below: 12) : (3 * folder + generator.index(below: 2)) % 12
            }
            try test.add(frames.map(String.init).joined(separator: " "), to: "folder \(folder)/\(number).wav")
        }
        return test
    }

    private func retrain(
        _ test: StoredLibrary, _ request: TrainingRequest, fallback: TimbreModel? = nil
    ) throws -> RetrainOutcome {
        let running = try BackgroundIngest(test)
        let model = try fallback ?? smallModel()
        let retrainer = Retrainer(
            catalog: test.catalog, library: test.library, ingest: running.ingest, stop: StopFlag(),
            defaultModel: { model })
        return try retrainer.retrain(request) { _, _, _ in }
    }

    private func request(_ count: Int = 12, isDry: Bool = false) -> TrainingRequest {
        TrainingRequest(seed: 1, centroidCount: count, isDry: isDry)
    }

    @Test func withoutLabelsTheNetworkStaysAndVectorsAreTakenOver() throws {
        let test = try library(60, smallModelWithNetwork())
        let before = test.index
        let outcome = try retrain(test, request())
        #expect(outcome.transform == "kept" && outcome.refused == nil && outcome.generation == 2)
        #expect(outcome.retrieval.map(\.measure) == [.codes])
        let model = test.library.snapshot.generation.model
        #expect(try model.metric == smallModelWithNetwork().metric && model.score == smallModelWithNetwork().score)
        #expect(model.provenance?.error == outcome.newError)
        #expect(test.index.ids == before.ids)
        for id in before.ids {
            #expect(try #require(before.file(id)).vector == test.index.file(id)?.vector)
            #expect(test.index.file(id)?.vector != nil)
        }
        let fresh = try test.freshIndex()
        #expect(fresh.ids.map(fresh.file) == test.index.ids.map(test.index.file))
        // What is taken over is what would be computed.
        try test.catalog.read { reader in
            for content in try reader.liveContents() {
                let kept = try reader.code(of: content.id, model: 2)
                #expect(try test.library.snapshot.generation.code(of: content.id, reader) == kept)
            }
        }
    }

    @Test func aLibraryWhoseModelHasNoNetworkTakesThatOfTheDefault() throws {
        for old in [try smallModel(), try smallModelWithVectors()] {
            let test = try library(40, old)
            let outcome = try retrain(test, request(), fallback: smallModelWithNetwork())
            #expect(outcome.transform == "shipped" && outcome.generation == 2)
            #expect(try test.library.snapshot.generation.model.metric == smallModelWithNetwork().metric)
            #expect(test.index.ids.allSatisfy { test.index.file($0)?.vector != nil })
        }
    }

    @Test func byFolderTheProjectionIsLearntAndKeptOnlyIfItFindsBetterInOtherFolders() throws {
        let test = try library(200, smallModelWithNetwork())
        var request = request(isDry: true)
        request.isByFolder = true
        let outcome = try retrain(test, request)
        #expect(outcome.retrieval.map(\.measure) == [.folders, .codes])
        let change = try #require(outcome.retrieval.first)
        #expect(outcome.transform == (change.isBetter ? "learnt" : "kept"))
        request.isForced = true
        let forced = try retrain(test, request)
        #expect(forced.transform == "learnt" && forced.newModel != outcome.oldModel)
        #expect(forced.newModel == (try retrain(test, request)).newModel)
        #expect((0...1).contains(change.old) && change.queries > 100)
        request.isDry = false
        _ = try retrain(test, request)
        let model = test.library.snapshot.generation.model
        #expect(try model.network?.weights.branches == smallModelWithNetwork().network?.weights.branches)
        #expect(try model.metric != smallModelWithNetwork().metric)
        #expect(model.score?.reference.count == 100)
        #expect(try TimbreModel(json: model.json()) == model)
        // Once more it begins with what is shipped, and not with what was learnt.
        request.isDry = true
        let again = try retrain(test, request, fallback: smallModelWithNetwork())
        #expect(again.newModel == forced.newModel && again.oldModel == forced.newModel)
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
        #expect(forced.generation != nil && forced.refused == nil && forced.transform == nil)
        #expect(test.library.snapshot.generation.model.identifier.description == forced.newModel)
    }

    @Test func aSmallLibraryKeepsTheProjectionThatItHas() throws {
        let test = try library(40, smallModelWithNetwork())
        var request = request(isDry: true)
        request.isByFolder = true
        #expect(try retrain(test, request).transform == "kept")
    }
}

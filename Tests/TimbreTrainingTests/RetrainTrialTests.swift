import Platform
import TestIngest
import TestModels
import Testing
import TimbreCodes
import TimbreCoding
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire

@testable import TimbreTraining

/// A retrain is advised only where one was tried, and found more.
@Suite(.timeLimit(.minutes(10)))
struct RetrainTrialTests {
    /// A model that tells two axes apart, and fitted what it was trained on.
    private func poorModel() throws -> TimbreModel {
        try TimbreModel(
            centroids: smallModel(2).centroids,
            provenance: .init(created: 1, frames: 100, files: 10, seed: 1, error: 0.01))
    }

    /// Sounds along axes that the model does not know.
    ///
    /// - Parameter tellsFolders: Whether there are folders whose sounds have axes in common; if not, all lie in one.
    private func library(tellsFolders: Bool, count: Int = 60) throws -> StoredLibrary {
        let test = try StoredLibrary(poorModel())
        try add(count, to: test, tellsFolders: tellsFolders)
        return test
    }

    private func add(_ count: Int, to test: StoredLibrary, tellsFolders: Bool, from first: Int = 0) throws {
        var generator = SeededGenerator(seed: UInt64(first + 9))
        for number in first..<first + count {
            let folder = number % 4
            let axes = (0..<4 + generator.index(below: 4)).map { _ in 3 + 2 * folder + generator.index(below: 2) }
            let name = tellsFolders ? "folder \(folder)" : "folder"
            try test.add(axes.map(String.init).joined(separator: " "), to: "\(name)/\(number).wav")
        }
    }

    private func trial(_ test: StoredLibrary, _ running: BackgroundIngest, asked: CallCount) throws -> RetrainTrial {
        let model = try smallModel()
        let retrainer = Retrainer(
            catalog: test.catalog, library: test.library, ingest: running.ingest, stop: StopFlag(),
            defaultModel: { model })
        return RetrainTrial(
            catalog: test.catalog, library: test.library, ingest: running.ingest, retrainer: retrainer
        ) {
            asked.value += 1
            return TrainingRequest(seed: 1, centroidCount: 8, isDry: true)
        }
    }

    /// How often a training was asked for; one thread counts.
    private final class CallCount: @unchecked Sendable { var value = 0 }

    private func isAdvised(_ test: StoredLibrary, _ gauge: DriftGauge) throws -> Bool {
        try #require(try gauge.read(test.library.snapshot.generation, test.catalog)).retrainAdvised
    }

    @Test("Advises what found more, and nothing else", arguments: [true, false])
    func advises(tellsFolders: Bool) throws {
        let test = try library(tellsFolders: tellsFolders)
        let (running, gauge, asked) = (try BackgroundIngest(test), DriftGauge(), CallCount())
        let trial = try trial(test, running, asked: asked)
        #expect(try !isAdvised(test, gauge))
        let before = test.library.snapshot.generation.id
        try trial.runIfDue(gauge)
        #expect(try isAdvised(test, gauge) == tellsFolders)
        #expect(test.library.snapshot.generation.id == before, "a trial changes nothing")
        #expect(try test.catalog.read { try $0.models() }.count == 1)
        // It is made once.
        try trial.runIfDue(gauge)
        #expect(asked.value == 1)
    }

    @Test func aLibraryThatHasGrownIsTriedAgain() throws {
        let test = try library(tellsFolders: true, count: 24)
        let (running, gauge, asked) = (try BackgroundIngest(test), DriftGauge(), CallCount())
        let trial = try trial(test, running, asked: asked)
        try trial.runIfDue(gauge)
        let known = try test.catalog.read { try $0.contentCount() }
        try add(3 * known, to: test, tellsFolders: true, from: 24)
        #expect(try test.catalog.read { try $0.contentCount() } > 2 * known)
        #expect(try !isAdvised(test, gauge))
        try trial.runIfDue(gauge)
        #expect(asked.value == 2)
    }

    @Test func soundsThatFitAreNotTried() throws {
        let test = try StoredLibrary(poorModel())
        for number in 0..<30 {
            try test.add((0...number).map { "\($0 % 2)" }.joined(separator: " "), to: "\(number).wav")
        }
        let (running, asked) = (try BackgroundIngest(test), CallCount())
        try trial(test, running, asked: asked).runIfDue(DriftGauge())
        #expect(asked.value == 0)
    }

    @Test func whatTheModelInUseHasLearntFromSaysNothing() throws {
        // The sounds came at times 1 to 60, and the model was made after them.
        let late = try TimbreModel(
            centroids: smallModel(2).centroids,
            provenance: .init(created: 1000, frames: 100, files: 10, seed: 1, error: 0.01))
        let test = try StoredLibrary(late)
        try add(60, to: test, tellsFolders: true)
        let (running, gauge, asked) = (try BackgroundIngest(test), DriftGauge(), CallCount())
        try trial(test, running, asked: asked).runIfDue(gauge)
        #expect(try asked.value == 1 && !isAdvised(test, gauge))
    }

    @Test("Advice wants a gain in answers, and no loss by codes")
    func gains() {
        func change(_ measure: RetrievalChange.Measure, _ low: Double, _ high: Double) -> RetrievalChange {
            RetrievalChange(measure: measure, queries: 9, old: 0.5, new: 0.5, low: low, high: high)
        }
        #expect(RetrainTrial.isGain([change(.folders, 0.01, 0.1), change(.codes, -0.1, 0.1)]))
        #expect(!RetrainTrial.isGain([change(.folders, -0.01, 0.1), change(.codes, 0.01, 0.1)]))
        #expect(!RetrainTrial.isGain([change(.folders, 0.01, 0.1), change(.codes, -0.2, -0.1)]))
        #expect(!RetrainTrial.isGain([]))
    }
}

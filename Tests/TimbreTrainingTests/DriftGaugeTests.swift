import TestIngest
import TestModels
import Testing
import TimbreCoding
import TimbreLibrary
import TimbreStore
import TimbreWire

@testable import TimbreTraining

struct DriftGaugeTests {
    private func model(error: Double?) throws -> TimbreModel {
        try TimbreModel(
            centroids: smallModel().centroids,
            provenance: .init(created: 1, frames: 100, files: 10, seed: 1, error: error))
    }

    private func reading(_ test: StoredLibrary, _ gauge: DriftGauge = DriftGauge()) throws -> Drift? {
        try gauge.read(test.library.snapshot.generation, test.catalog)
    }

    @Test func anEmptyLibraryDoesNotDrift() throws {
        #expect(try reading(StoredLibrary(model(error: 0.1))) == nil)
    }

    @Test func soundsThatLieOnTheCentroidsFit() throws {
        let test = try StoredLibrary(model(error: 0.1))
        for number in 0..<30 { try test.add("\(number % 12) \(number % 7)", to: "\(number).wav") }
        let drift = try #require(try reading(test))
        #expect(drift.newest < 1e-6 && drift.training == 0.1)
        // Thirty names, but contents that are alike are one.
        #expect(drift.files == (try test.catalog.read { try $0.liveContents() }.count))
        #expect(!drift.retrainAdvised)
    }

    @Test func soundsAreStrangeFromTwentyOn() throws {
        // Axis 12 has no centroid: the distance to any is √2, its square 2.
        let test = try StoredLibrary(model(error: 0.5))
        let gauge = DriftGauge()
        for number in 0..<19 {
            try test.add((0...number).map { _ in "12" }.joined(separator: " "), to: "\(number).wav")
        }
        let generation = test.library.snapshot.generation
        let early = try #require(try gauge.reading(generation, test.catalog))
        #expect(early.sounds == 19 && abs(early.error - 2) < 1e-3 && !early.isStrange)
        try test.add((0...40).map { _ in "12" }.joined(separator: " "), to: "last.wav")
        let late = try #require(try gauge.reading(generation, test.catalog))
        #expect(late.sounds == 20 && late.isStrange)
        // Nothing is advised that was not tried.
        #expect(try reading(test, gauge)?.retrainAdvised == false)
    }

    @Test func onlyTheNewestCount() throws {
        let test = try StoredLibrary(model(error: 0.5))
        for number in 0..<30 {
            try test.add((0...number).map { _ in "12" }.joined(separator: " "), to: "\(number).wav")
        }
        for number in 0..<50 { try test.add((0...number).map { _ in "3" }.joined(separator: " "), to: "new \(number)") }
        let drift = try #require(try reading(test))
        #expect(drift.files == 50 && drift.newest < 1e-6 && !drift.retrainAdvised)
    }

    @Test func withoutAFigureFromTrainingNothingIsStrange() throws {
        let test = try StoredLibrary(model(error: nil))
        for number in 0..<30 {
            try test.add((0...number).map { _ in "12" }.joined(separator: " "), to: "\(number).wav")
        }
        let found = try #require(try DriftGauge().reading(test.library.snapshot.generation, test.catalog))
        #expect(!found.isStrange && found.training == nil)
    }
}

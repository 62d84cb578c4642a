import ContentHash
import Testing
import TimbreCodes

@testable import TimbreCoding

struct CentroidTrainerTests {
    /// Points around some centres, as many around each as its place says.
    func clusters(_ centres: [[Float]], sizes: [Int], spread: Float, using generator: inout SeededGenerator)
        -> FrameSample
    {
        var values: [Float] = []
        for (centre, size) in zip(centres, sizes) {
            for _ in 0..<size { values += centre.map { $0 + spread * Float(generator.fraction() - 0.5) } }
        }
        return FrameSample(values: values)
    }

    @Test func findsClustersAndOrdersThemByPopulation() throws {
        var generator = SeededGenerator(seed: 1)
        let centres = randomFrames(8, using: &generator)
        let sizes = [300, 900, 100, 800, 200, 700, 400, 600]
        let sample = clusters(centres, sizes: sizes, spread: 0.02, using: &generator)
        let result = try CentroidTrainer(centroidCount: 8, seed: 1).train(on: sample)
        #expect(result.use.counts == sizes.sorted(by: >))
        let expected = zip(sizes, centres).sorted { $0.0 > $1.0 }.flatMap(\.1)
        #expect(zip(result.centroids, expected).allSatisfy { abs($0 - $1) < 0.005 })
        #expect(result.use == FrameCoder(centroids: result.centroids).use(on: sample))
    }

    @Test("The number of threads does not matter", arguments: [1, 2, 3, 7])
    func isTheSameWithAnyNumberOfThreads(threads: Int) throws {
        var generator = SeededGenerator(seed: 2)
        let sample = FrameSample(values: randomFrames(20_000, using: &generator).flatMap(\.self))
        var trainer = CentroidTrainer(centroidCount: 32, seed: 9)
        trainer.threadCount = threads
        trainer.iterationLimit = 8
        let result = try trainer.train(on: sample)
        let bytes = result.centroids.flatMap { centroid in
            (0..<4).map { UInt8(truncatingIfNeeded: centroid.bitPattern >> UInt32(8 * $0)) }
        }
        // What this sample and seed gave when the trainer was written: G6 of every machine since.
        #expect(
            ContentHash(of: bytes).hexadecimal == "d936c2733557b447b56460e79492652f5d78741cb5ed2e3705c201f32413abb4")
    }

    @Test func anotherSeedGivesOtherCentroids() throws {
        var generator = SeededGenerator(seed: 3)
        let sample = FrameSample(values: randomFrames(2000, using: &generator).flatMap(\.self))
        let results = try (1...2).map { try CentroidTrainer(centroidCount: 16, seed: $0).train(on: sample) }
        #expect(results[0].centroids != results[1].centroids)
    }

    @Test func eachRoundLowersTheError() throws {
        var generator = SeededGenerator(seed: 4)
        let sample = FrameSample(values: randomFrames(5000, using: &generator).flatMap(\.self))
        var errors: [Double] = []
        var fractions: [Double] = []
        let result = try CentroidTrainer(centroidCount: 128, seed: 1).train(on: sample) {
            if $0.iteration > 0 { errors.append($0.meanSquaredError) }
            fractions.append($0.fraction)
        }
        #expect(errors.count == result.iterations)
        #expect(errors.count > 2 && errors.count <= 50)
        #expect(zip(errors, errors.dropFirst()).allSatisfy { $0 > $1 - 1e-9 })
        #expect(zip(fractions, fractions.dropFirst()).allSatisfy { $0 <= $1 })
        #expect(errors.last == result.use.meanSquaredError)
    }

    @Test func everyCentroidIsUsedEvenIfMostFramesAreAlike() throws {
        // 128 different frames, one of them a hundred thousand times.
        var generator = SeededGenerator(seed: 5)
        let different = randomFrames(128, using: &generator)
        var values = different.flatMap(\.self)
        for _ in 0..<10_000 { values += different[7] }
        let result = try CentroidTrainer(centroidCount: 128, seed: 1).train(on: FrameSample(values: values))
        #expect(result.centroids.count == 128 * 13)
        #expect(result.use.unusedCount == 0)
        #expect(result.use.counts[0] == 10_001)
        #expect(result.use.squaredError < 1e-6)
    }

    @Test func aCentroidWithoutFramesMovesToTheFarthestFrame() {
        func frame(_ first: Float) -> [Float] { [first] + Array(repeating: 0, count: 12) }
        // The first centroid is nearest to all frames, 4 and then 3 being the farthest; 4 is there twice.
        let sample = FrameSample(values: [0, 4, 3, 1, 4].flatMap(frame))
        let centroids = frame(0.5) + frame(9) + frame(10)
        var clusters = Clusters(frameCount: 5, centroidCount: 3)
        clusters.assign(sample, to: centroids, threadCount: 2)
        #expect(clusters.use.counts == [5, 0, 0])
        #expect(clusters.use.squaredError == 0.25 + 12.25 + 6.25 + 0.25 + 12.25)
        #expect(clusters.means(of: sample, replacing: centroids) == frame(2.4) + frame(4) + frame(3))
    }

    @Test func saysHowManyDifferentFramesAreMissing() {
        var generator = SeededGenerator(seed: 6)
        let different = randomFrames(20, using: &generator).flatMap(\.self)
        let sample = FrameSample(values: different + different)
        #expect(throws: CentroidTrainer.Failure.tooFewFrames(distinct: 20, wanted: 21)) {
            try CentroidTrainer(centroidCount: 21, seed: 1).train(on: sample)
        }
        #expect(throws: CentroidTrainer.Failure.tooFewFrames(distinct: 0, wanted: 2)) {
            try CentroidTrainer(centroidCount: 2, seed: 1).train(on: FrameSample())
        }
        #expect(throws: Never.self) { try CentroidTrainer(centroidCount: 20, seed: 1).train(on: sample) }
    }

    @Test("Can be cancelled at every step", arguments: [0, 1, 15, 17])
    func canBeCancelled(step: Int) {
        var generator = SeededGenerator(seed: 7)
        let sample = FrameSample(values: randomFrames(500, using: &generator).flatMap(\.self))
        var asked = 0
        #expect(throws: CentroidTrainer.Failure.cancelled) {
            try CentroidTrainer(centroidCount: 16, seed: 1).train(
                on: sample,
                isCancelled: {
                    defer { asked += 1 }
                    return asked == step
                })
        }
        #expect(asked == step + 1)
    }
}

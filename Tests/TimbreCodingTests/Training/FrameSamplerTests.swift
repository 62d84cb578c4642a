import ContentHash
import Testing
import TimbreCodes
import TimbreCoding

struct FrameSamplerTests {
    func content(_ number: Int) -> ContentHash { ContentHash(of: Array("sound \(number)".utf8)) }

    @Test(
        "The quota is the largest that stays within the limit",
        arguments: [100, 101, 250, 1000, 5000, 7000, 9999, 20_000])
    func quotaIsLargest(limit: Int) {
        var generator = SeededGenerator(seed: UInt64(limit))
        let counts = (0..<100).map { _ in generator.index(below: 200) }
        func taken(_ quota: Int) -> Int { counts.reduce(0) { $0 + min($1, quota) } }
        let quota = FrameSampler(seed: 1, limit: limit).quota(for: counts)
        #expect(taken(quota) <= limit)
        #expect(taken(quota + 1) > limit || quota >= counts.max() ?? 0)
    }

    @Test func everySoundGivesAFrameHoweverManyThereAre() {
        let sampler = FrameSampler(seed: 1, limit: 3)
        #expect(sampler.quota(for: [0, 5, 5, 5, 5, 5]) == 1)
        #expect(sampler.quota(for: []) == 1)
    }

    @Test func shortSoundsAreTakenWholeAndLongOnesInPart() {
        let sampler = FrameSampler(seed: 1, limit: 100)
        let counts = [10, 1000, 50, 0]
        let quota = sampler.quota(for: counts)
        let frames = counts.enumerated().map { sampler.frames(of: content($0), count: $1, quota: quota) }
        #expect(frames.map(\.count) == [10, 45, 45, 0])
        #expect(frames[0] == Array(0..<10))
        for chosen in frames { #expect(chosen == Set(chosen).sorted()) }
    }

    @Test func whatIsChosenOfASoundDoesNotDependOnTheOthers() {
        let sampler = FrameSampler(seed: 1)
        let frames = sampler.frames(of: content(1), count: 1000, quota: 20)
        #expect(frames == sampler.frames(of: content(1), count: 1000, quota: 20))
        #expect(frames != sampler.frames(of: content(2), count: 1000, quota: 20))
        #expect(frames != FrameSampler(seed: 2).frames(of: content(1), count: 1000, quota: 20))
    }

    @Test func everyFrameIsAboutAsLikely() {
        var counts = [Int](repeating: 0, count: 20)
        for seed in 0..<20_000 {
            for frame in FrameSampler(seed: UInt64(seed)).frames(of: content(1), count: 20, quota: 5) {
                counts[frame] += 1
            }
        }
        // Five standard deviations of a binomial distribution with p = 1/4.
        #expect(counts.allSatisfy { abs($0 - 5000) < 307 })
    }

    @Test func choosesAmongTheFramesThatAreNotSilent() {
        let frames = (1...4).map { number in (0..<13).map { Float($0 == number ? 1 : 0) } }
        let sound = cepstra([nil, frames[0], nil, frames[1], frames[2], nil, frames[3]])
        #expect(FrameSample.soundingFrames(in: sound) == 4)
        var sample = FrameSample()
        sample.append(sound, choosing: [0, 3])
        #expect(sample.values == frames[0] + frames[3])
        sample.append(sound)
        #expect(sample.count == 6)
    }

    @Test func aSampleIsTheSameHoweverItsFramesAreKept() throws {
        var generator = SeededGenerator(seed: 1)
        let sound = cepstra(randomFrames(9000, using: &generator))
        var (exact, stored) = (FrameSample(), FrameSample(storing: 9000))
        exact.append(sound)
        stored.append(sound)
        #expect(exact.count == 9000 && stored.count == 9000 && exact.values == stored.values)
        let trainer = CentroidTrainer(centroidCount: 16, seed: 1)
        #expect(try trainer.train(on: exact) == trainer.train(on: stored))
        let coder = FrameCoder(centroids: try trainer.train(on: exact).centroids)
        #expect(coder.use(on: exact) == coder.use(on: stored))
    }
}

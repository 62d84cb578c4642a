import ContentHash
import Testing
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
        #expect(sampler.choose(from: [:]).isEmpty)
    }

    @Test func shortSoundsAreTakenWholeAndLongOnesInPart() {
        let sampler = FrameSampler(seed: 1, limit: 100)
        let choices = sampler.choose(from: [content(1): 10, content(2): 1000, content(3): 50, content(4): 0])
        let frames = Dictionary(uniqueKeysWithValues: choices.map { ($0.content, $0.frames) })
        #expect(frames.mapValues(\.count) == [content(1): 10, content(2): 45, content(3): 45])
        #expect(frames[content(1)] == Array(0..<10))
        #expect(choices.map(\.content) == choices.map(\.content).sorted())
        for choice in choices { #expect(choice.frames == Set(choice.frames).sorted()) }
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
}

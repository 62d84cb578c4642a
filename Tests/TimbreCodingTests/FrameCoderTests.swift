import Testing
import TimbreCodes
import TimbreCoding

struct FrameCoderTests {
    @Test("Agrees bit for bit with a plain search", arguments: [2, 3, 16, 63, 64, 65, 127, 128])
    func agrees(centroidCount: Int) {
        var generator = SeededGenerator(seed: UInt64(centroidCount))
        let frames = randomFrames(700, using: &generator)
        let centroids = randomFrames(centroidCount, using: &generator)
        let coder = FrameCoder(centroids: centroids.flatMap(\.self))
        let expected = frames.map { nearest($0.map(stored), in: centroids) }
        var use = CodebookUse(centroidCount: centroidCount)
        #expect(coder.codes(of: cepstra(frames), countedIn: &use) == expected.map { UInt8($0.code) })
        #expect(use.squaredError == expected.reduce(0.0) { $0 + Double($1.squaredDistance) })
        #expect(use.counts == (0..<centroidCount).map { code in expected.count { $0.code == code } })
        let assigned = coder.assign(frames.flatMap { $0.map(stored) })
        #expect(assigned.squaredDistances.map(\.bitPattern) == expected.map(\.squaredDistance.bitPattern))
    }

    @Test func theLowestOfEquallyNearCentroidsWins() {
        var generator = SeededGenerator(seed: 3)
        let different = randomFrames(5, using: &generator)
        // Each centroid 25 times: its lowest index must win.
        let coder = FrameCoder(centroids: (0..<125).flatMap { different[$0 % 5] })
        #expect(coder.codes(of: cepstra(different.reversed())) == [4, 3, 2, 1, 0])
    }

    @Test func silentFramesHaveNoCode() {
        var generator = SeededGenerator(seed: 4)
        let centroids = randomFrames(3, using: &generator)
        let coder = FrameCoder(centroids: centroids.flatMap(\.self))
        let sound = cepstra([nil, centroids[2], nil, nil, centroids[0], nil])
        var use = CodebookUse(centroidCount: 3)
        #expect(coder.codes(of: sound, countedIn: &use) == [255, 2, 255, 255, 0, 255])
        #expect(use.frameCount == 2)
        #expect(use.unusedCount == 1)
        #expect(coder.codes(of: cepstra([nil, nil])) == [255, 255])
        #expect(coder.codes(of: []) == [])
    }

    @Test func perplexityCountsCentroidsInUse() {
        var use = CodebookUse(centroidCount: 8)
        #expect(use.perplexity == 0)
        use.counts = [5, 5, 5, 5, 0, 0, 0, 0]
        #expect(abs(use.perplexity - 4) < 1e-12)
        use.counts = [20, 0, 0, 0, 0, 0, 0, 0]
        #expect(use.perplexity == 1)
    }

    @Test func refusesOneCentroid() async {
        await #expect(processExitsWith: .failure) { _ = FrameCoder(centroids: Array(repeating: 0, count: 13)) }
    }
}

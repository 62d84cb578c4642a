import ContentHash
import SoundFeatures
import TestModels
import Testing
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

struct PendingFindingsTests {
    private let start = ContinuousClock.now
    private var pending = PendingFindings()

    private func finding(_ text: String, hasChanged: Bool = false) -> Finding {
        let answer = FakeSound(Array(text.utf8)).answer(hashOnly: false)
        return Finding(file: 1, result: .answer(answer), identity: .unknown, hasChanged: hasChanged)
    }

    @Test mutating func aFewWaitForMoreAndNotForLong() {
        #expect(pending.due == nil && !pending.isDue(at: start))
        pending.add(finding("1"), at: start)
        pending.add(finding("2"), at: start + .milliseconds(40))
        #expect(pending.due == start + .milliseconds(50))
        #expect(!pending.isDue(at: start + .milliseconds(49)))
        #expect(pending.isDue(at: start + .milliseconds(50)))
        pending.removeFirst(2)
        #expect(pending.isEmpty && pending.due == nil)
    }

    @Test mutating func manyAreWorthATurnAtOnce() {
        for _ in 1..<PendingFindings.many { pending.add(finding("!damaged"), at: start) }
        #expect(!pending.isDue(at: start))
        pending.add(finding("!damaged"), at: start)
        #expect(pending.isDue(at: start))
    }

    @Test mutating func largeOnesAreTooAndOnlyWhileTheyAreThere() {
        var finding = finding("1")
        let frames = features(Array(repeating: 1, count: (32 << 20) / FeatureFrames.bandStride))
        let info = SoundInfo(
            sampleRate: 44_100, channelCount: 1, frameCount: 1, sampleCount: 1, format: "text", isIncomplete: false)
        finding.result = .answer(
            .extracted(Extraction(info: info, frames: frames, content: ContentHash(of: [1]), size: 1)))
        pending.add(finding, at: start)
        pending.add(self.finding("2"), at: start)
        #expect(pending.isDue(at: start))
        pending.removeFirst(1)
        #expect(!pending.isDue(at: start))
    }

    @Test mutating func codesAreMadeOfWhatBelongsToTheBytesThatWereRead() throws {
        for finding in [finding("1 2"), finding("3", hasChanged: true), finding("!empty"), finding("4 5")] {
            pending.add(finding, at: start)
        }
        let generation = Generation(id: 1, model: try smallModel())
        let (first, all) = (pending.codes(ofFirst: 1, under: generation), pending.codes(ofFirst: 4, under: generation))
        let hashes = ["1 2", "4 5"].map { ContentHash(of: Array($0.utf8)) }
        #expect(Set(first.keys) == [hashes[0]] && Set(all.keys) == Set(hashes))
        #expect(all[hashes[1]]?.frames == [4, 5])
        // Another model makes others.
        let other = Generation(id: 2, model: try smallModel(4))
        #expect(pending.codes(ofFirst: 4, under: other)[hashes[1]]?.frames != [4, 5])
    }
}

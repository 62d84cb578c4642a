import Testing

@testable import TimbreStore

struct LiveContentTests {
    @Test(arguments: [(0, 0), (1, 1024), (1 << 40 - 1, 1 << 24 - 1)] as [(Int64, Int)])
    func numberAndFramesComeBack(id: Int64, count: Int) {
        let content = LiveContent(id: id, soundingCount: count)
        #expect(content.id == id && content.soundingCount == count)
    }

    @Test func ofTheLongestSoundsTheBeginningCounts() {
        let content = LiveContent(id: 3, soundingCount: 1 << 30)
        #expect(content.id == 3 && content.soundingCount == 1 << 24 - 1)
        #expect(MemoryLayout<LiveContent>.size == 8)
    }
}

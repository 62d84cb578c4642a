import Testing
import TimbreStore

@testable import TimbreLibrary

struct PackPlanTests {
    private let plan = PackPlan(size: 160)

    private func packs(_ counts: Int..., model: Int64 = 1) -> [PackRecord] {
        counts.enumerated().map { PackRecord(last: Int64($0 + 1) * 1000, model: model, fileCount: $1) }
    }

    private func next(
        _ packs: [PackRecord], touched: [Int64] = [], end: @escaping (Int64) -> Int64? = { _ in nil }
    ) -> ClosedRange<Int64>? {
        plan.next(packs, touched: touched, model: 1, end: end)
    }

    @Test func filesBehindThePacksWaitUntilThereAreEnough() {
        #expect(next([]) == nil)
        #expect(next([]) { $0 == .min ? 170 : nil } == .min...170)
        #expect(next(packs(160, 160)) { $0 == 2001 ? 2200 : nil } == 2001...2200)
        #expect(next(packs(160, 160)) == nil)
    }

    @Test func aPackOfAnotherModelComesFirst() {
        #expect(next(packs(160, 160, model: 2)) { _ in 9999 } == .min...1000)
        #expect(next(packs(160) + [PackRecord(last: 2000, model: 2, fileCount: 160)]) { _ in 9999 } == 1001...2000)
    }

    @Test func aPackIsMadeAnewOnceTenthsOfItWereTouched() {
        // 160 / 16 files.
        #expect(next(packs(160, 160), touched: Array(1001...1009)) == nil)
        #expect(next(packs(160, 160), touched: Array(1001...1010)) == 1001...2000)
        #expect(next(packs(160, 160), touched: Array(995...1015)) == 1001...2000)
    }

    @Test func manyTouchedFilesHereAndThereAreDoneWithPackByPack() {
        let packs = packs(160, 160, 160, 160, 160)
        let few = (0..<5).flatMap { pack in (1...7).map { Int64(pack * 1000 + $0) } }
        #expect(next(packs, touched: few) == nil)
        // 160 / 4 files in all.
        #expect(next(packs, touched: few + Array(4008...4012)) == 4001...5000)
    }

    @Test func smallPacksAreJoinedWithTheNext() {
        #expect(next(packs(60, 20, 160), touched: Array(1...10)) == .min...2000)
        #expect(next(packs(60, 21, 160), touched: Array(1...10)) == .min...1000)
        #expect(next(packs(160, 20), touched: Array(1001...1010)) == 1001...2000)
    }

    @Test func filesBeyondAllPacksAreNotTouched() {
        #expect(next(packs(160), touched: Array(1001...1099)) == nil)
    }
}

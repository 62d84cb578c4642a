import Testing

@testable import TimbreMap

struct TakenPointsTests {
    @Test func aFreePointIsTaken() {
        var taken = TakenPoints()
        #expect(taken.take(MapPoint(x: 3, y: -4)) == MapPoint(x: 3, y: -4))
    }

    @Test func noPointIsTakenTwiceAndAllLieNear() {
        var taken = TakenPoints([MapPoint(x: 10, y: 10)])
        let points = (0..<120).map { _ in taken.take(MapPoint(x: 10, y: 10)) }
        #expect(Set(points).count == 120)
        #expect(!points.contains(MapPoint(x: 10, y: 10)))
        // With the one that was taken, they are a square of 11 by 11.
        #expect(points.allSatisfy { abs($0.x - 10) <= 5 && abs($0.y - 10) <= 5 })
    }

    @Test func theEdgeIsNotLeft() {
        var taken = TakenPoints()
        let points = (0..<50).map { _ in taken.take(MapPoint(nearestTo: 1e9, -1e9)) }
        #expect(points[0] == MapPoint(x: 32_767, y: -32_767))
        #expect(Set(points).count == 50)
        #expect(points.allSatisfy { abs(Int($0.x)) <= 32_767 && abs(Int($0.y)) <= 32_767 })
    }
}

import Testing
import TimbreCodes

@testable import TimbreMap

struct NewcomersTests {
    private let sounds = SoundMapTests.sounds(kinds: 5, of: 30)

    private func laidOut() -> [(vector: TimbreVector, point: MapPoint)] {
        Array(zip(sounds, SoundMap(of: sounds) { _ in }.points).map { ($0, $1) })
    }

    @Test func aNewcomerLiesBesideTheNearest() {
        let laidOut = laidOut()
        var newcomers = Newcomers(laidOut: laidOut)
        for vector in SoundMapTests.sounds(kinds: 5, of: 12, seed: 3).suffix(20) {
            let nearest = laidOut.min {
                $0.vector.squaredDistance(to: vector) < $1.vector.squaredDistance(to: vector)
            }
            let point = newcomers.place(vector)
            guard let nearest else { continue }
            // 200 at the most, and a few for those that were there before.
            let (x, y) = (Double(point.x) - Double(nearest.point.x), Double(point.y) - Double(nearest.point.y))
            #expect(x * x + y * y < 210 * 210)
        }
    }

    @Test func noTwoLieOnTheSamePoint() {
        let laidOut = laidOut()
        var newcomers = Newcomers(laidOut: laidOut, others: [MapPoint(x: 1, y: 1)])
        let placed = (0..<200).map { newcomers.place(sounds[$0 % 7]) }
        #expect(Set(placed + laidOut.map(\.point) + [MapPoint(x: 1, y: 1)]).count == 200 + laidOut.count + 1)
    }

    @Test func whereOneLiesDoesNotDependOnWhoCameBefore() {
        let laidOut = laidOut()
        let vectors = SoundMapTests.sounds(kinds: 5, of: 3, seed: 8)
        var (one, other) = (Newcomers(laidOut: laidOut), Newcomers(laidOut: laidOut))
        let forwards = vectors.map { one.place($0) }
        let backwards = vectors.reversed().map { other.place($0) }
        // But for those that would lie on the same point.
        #expect(zip(forwards, backwards.reversed()).count { $0 == $1 } >= vectors.count - 4)
    }

    @Test func besideASingleSoundThereIsRoom() {
        var newcomers = Newcomers(laidOut: [(sounds[0], MapPoint(x: 5, y: 6))])
        #expect(newcomers.place(sounds[1]) == MapPoint(x: 6, y: 6))
    }
}

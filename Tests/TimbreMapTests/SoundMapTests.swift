import CTimbreKernels
import Testing
import TimbreCodes
import TimbreIndex

@testable import TimbreMap

struct SoundMapTests {
    /// Sounds of some kinds: points around as many others.
    static func sounds(kinds: Int, of each: Int, seed: UInt64 = 3) -> [TimbreVector] {
        var generator = SeededGenerator(seed: seed)
        func vector(_ body: (Int) -> Int) -> TimbreVector {
            var vector = TimbreVector(first: SIMD64())
            for place in 0..<64 { vector[place] = Int8(body(place)) }
            return vector
        }
        let centres = (0..<kinds).map { _ in vector { _ in generator.index(below: 81) - 40 } }
        return (0..<kinds * each).map { number in
            vector { Int(centres[number % kinds][$0]) + generator.index(below: 21) - 10 }
        }
    }

    private func squaredDistance(_ a: MapPoint, _ b: MapPoint) -> Int {
        let (x, y) = (Int(a.x) - Int(b.x), Int(a.y) - Int(b.y))
        return x * x + y * y
    }

    @Test func soundsOfAKindLieTogether() {
        let points = SoundMap(of: Self.sounds(kinds: 6, of: 50)) { _ in }.points
        #expect(points.count == 300)
        for (place, point) in points.enumerated() {
            let nearest = points.indices.filter { $0 != place }
                .sorted { squaredDistance(points[$0], point) < squaredDistance(points[$1], point) }
            #expect(nearest.prefix(10).allSatisfy { $0 % 6 == place % 6 })
        }
    }

    @Test func nearlyAllLieInTheMiddleAndNoTwoOnTheSamePoint() {
        let points = SoundMap(of: Self.sounds(kinds: 20, of: 30)) { _ in }.points
        #expect(points.count { abs(Int($0.x)) <= 30_000 && abs(Int($0.y)) <= 30_000 } >= 597)
        #expect(Set(points).count == 600)
    }

    @Test func theSameSoundsGiveTheSameMap() {
        let sounds = Self.sounds(kinds: 30, of: 100)
        #expect(SoundMap(of: sounds) { _ in }.points == SoundMap(of: sounds) { _ in }.points)
    }

    @Test("Every processor moves points to the same places, bit for bit")
    func variants() {
        let sounds = Self.sounds(kinds: 7, of: 30)
        let neighbourhood = Neighbourhood(of: VectorTable(sounds)) { _ in }
        var generator = SeededGenerator(seed: 5)
        let x = sounds.map { _ in Float(generator.fraction()) }
        let y = sounds.map { _ in Float(generator.fraction()) }
        let layouts = [timbre_variant.portable, timbre_best_variant()].map { variant in
            var descent = MapDescent(neighbourhood, from: (x, y), seed: 1, variant: variant)
            for step in 0..<50 { descent.step(step, exaggeration: 4, momentum: 0.5) }
            return descent
        }
        #expect(layouts[0].x == layouts[1].x && layouts[0].y == layouts[1].y)
    }

    @Test func copiesDoNotPutAnythingOffTheMap() {
        let sounds = Self.sounds(kinds: 2, of: 10)
        let points = SoundMap(of: sounds + sounds + sounds + sounds) { _ in }.points
        #expect(Set(points).count == 80)
        #expect(points.count { $0.x != 0 || $0.y != 0 } >= 79)
    }

    @Test func theFewestSoundsMakeAMapEvenIfAllAreTheSame() {
        let sound = Self.sounds(kinds: 1, of: 1)[0]
        let points = SoundMap(of: Array(repeating: sound, count: SoundMap.fewestSounds)) { _ in }.points
        #expect(Set(points).count == SoundMap.fewestSounds)
    }

    @Test func theNextMapIsNotTurned() {
        let sounds = Self.sounds(kinds: 8, of: 40)
        let before = SoundMap(of: sounds) { _ in }.points
        let after = SoundMap(of: sounds, earlier: before) { _ in }.points
        // Of each sound the direction in which it lies from the middle is much the same.
        let products = zip(before, after).map { Double($0.x) * Double($1.x) + Double($0.y) * Double($1.y) }
        #expect(products.count { $0 > 0 } > 280)
    }

    @Test func theWorkEndsWhenSomebodyWantsIt() {
        struct Enough: Error {}
        var shares: [Double] = []
        #expect(throws: Enough.self) {
            _ = try SoundMap(of: Self.sounds(kinds: 5, of: 40)) { share in
                shares.append(share)
                if share > 0.5 { throw Enough() }
            }
        }
        #expect(shares.first == 0 && shares == shares.sorted() && shares.last ?? 1 < 0.52)
    }
}

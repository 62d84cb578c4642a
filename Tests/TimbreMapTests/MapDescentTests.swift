import CTimbreKernels
import Testing
import TimbreCodes
import TimbreIndex

@testable import TimbreMap

struct MapDescentTests {
    private let sounds = SoundMapTests.sounds(kinds: 4, of: 20)

    @Test("A neighbour's share is that of a normal distribution with the wanted perplexity")
    func shares() {
        let squares = (0..<60).map { 1000 + Double($0 * $0) }
        let shares = Neighbourhood.shares(ofSquares: squares)
        #expect(abs(shares.reduce(0, +) - 1) < 1e-9)
        #expect(zip(shares, shares.dropFirst()).allSatisfy { $0 > $1 })
        let entropy = -shares.reduce(0) { $0 + $1 * Self.logarithm($1) }
        #expect(abs(entropy - Self.logarithm(20)) < 1e-4)
        // Ratios of a normal distribution: the logarithm falls with the square.
        let fall = Self.logarithm(shares[0] / shares[10]) / 100
        #expect(abs(Self.logarithm(shares[0] / shares[20]) / 400 - fall) < 1e-9)
    }

    private static func logarithm(_ value: Double) -> Double {
        // The series of artanh, after halving: this file knows no other mathematics than that of the definition.
        var (value, halves) = (value, 0.0)
        while value < 0.75 { (value, halves) = (value * 2, halves - 1) }
        while value > 1.5 { (value, halves) = (value / 2, halves + 1) }
        func series(_ value: Double) -> Double {
            let ratio = (value - 1) / (value + 1)
            return stride(from: 1.0, to: 60, by: 2).reduce((sum: 0.0, power: ratio)) {
                ($0.sum + 2 * $0.power / $1, $0.power * ratio * ratio)
            }.sum
        }
        return series(value) + halves * series(2)
    }

    @Test func neighboursAreTheNearestOfAll() {
        let neighbourhood = Neighbourhood(of: VectorTable(sounds)) { _ in }
        #expect(neighbourhood.degree == 60)
        for place in [0, 17, 79] {
            let nearest = sounds.indices.filter { $0 != place }.sorted { a, b in
                (sounds[a].squaredDistance(to: sounds[place]), a) < (sounds[b].squaredDistance(to: sounds[place]), b)
            }
            let found = neighbourhood.neighbours[place * 60..<place * 60 + 60].map(Int.init)
            #expect(found == Array(nearest.prefix(60)))
        }
        #expect(abs(neighbourhood.weights.reduce(0, +) - 0.5) < 1e-4)
    }

    @Test("The forces of the inner loops are those of the plain definition")
    func forces() {
        var generator = SeededGenerator(seed: 2)
        let count = 37
        let x = (0..<count).map { _ in Float(generator.fraction() * 4 - 2) }
        let y = (0..<count).map { _ in Float(generator.fraction() * 4 - 2) }
        // A sample of 13 and three that pad it.
        let (sampleX, sampleY) = (x.prefix(13) + [1e18, 1e18, 1e18], y.prefix(13) + [1e18, 1e18, 1e18])
        var (forceX, forceY) = ([Float](repeating: 9, count: count), [Float](repeating: 9, count: count))
        let sum = unsafe timbre_map_repulsion(
            timbre_best_variant(), x, y, count, Array(sampleX), Array(sampleY), 16, &forceX, &forceY)
        var plain = 0.0
        for place in 0..<count {
            var (wantedX, wantedY) = (0.0, 0.0)
            for other in 0..<13 {
                let (dx, dy) = (Double(x[place] - x[other]), Double(y[place] - y[other]))
                let nearness = 1 / (1 + dx * dx + dy * dy)
                plain += nearness
                wantedX += nearness * nearness * dx
                wantedY += nearness * nearness * dy
            }
            #expect(abs(Double(forceX[place]) - wantedX) < 1e-5 && abs(Double(forceY[place]) - wantedY) < 1e-5)
        }
        #expect(abs(sum - plain) < 1e-3)

        let neighbours = (0..<count).flatMap { place in (1...3).map { UInt32((place + $0 * 5) % count) } }
        let weights = neighbours.map { _ in Float(generator.fraction()) }
        unsafe timbre_map_attraction(x, y, count, neighbours, weights, 3, &forceX, &forceY)
        var (wantedX, wantedY) = ([Double](repeating: 0, count: count), [Double](repeating: 0, count: count))
        for (edge, neighbour) in neighbours.enumerated() {
            let (place, other) = (edge / 3, Int(neighbour))
            let (dx, dy) = (Double(x[place] - x[other]), Double(y[place] - y[other]))
            let pull = Double(weights[edge]) / (1 + dx * dx + dy * dy)
            wantedX[place] += pull * dx
            wantedY[place] += pull * dy
            wantedX[other] -= pull * dx
            wantedY[other] -= pull * dy
        }
        for place in 0..<count {
            #expect(abs(Double(forceX[place]) - wantedX[place]) < 1e-5)
            #expect(abs(Double(forceY[place]) - wantedY[place]) < 1e-5)
        }
    }

    @Test("Where all points repel, the layout falls down the divergence that t-SNE is defined by")
    func divergenceFalls() {
        let neighbourhood = Neighbourhood(of: VectorTable(sounds)) { _ in }
        var generator = SeededGenerator(seed: 4)
        let x = sounds.map { _ in Float(generator.fraction() * 0.01) }
        let y = sounds.map { _ in Float(generator.fraction() * 0.01) }
        var descent = MapDescent(neighbourhood, from: (x, y), seed: 1)
        let before = divergence(descent, neighbourhood)
        for step in 0..<300 { descent.step(step, exaggeration: step < 100 ? 12 : 1, momentum: step < 100 ? 0.5 : 0.8) }
        let after = divergence(descent, neighbourhood)
        #expect(after < before / 2)
        for step in 300..<320 { descent.step(step, exaggeration: 1, momentum: 0.8) }
        #expect(abs(divergence(descent, neighbourhood) - after) < 0.05)
    }

    /// The sum of p log (p/q) over all pairs.
    private func divergence(_ descent: MapDescent, _ neighbourhood: Neighbourhood) -> Double {
        let count = sounds.count
        var wanted: [Int: Double] = [:]
        for (edge, neighbour) in neighbourhood.neighbours.enumerated() {
            let (a, b) = (edge / neighbourhood.degree, Int(neighbour))
            wanted[a * count + b, default: 0] += Double(neighbourhood.weights[edge])
            wanted[b * count + a, default: 0] += Double(neighbourhood.weights[edge])
        }
        func nearness(_ a: Int, _ b: Int) -> Double {
            let (dx, dy) = (Double(descent.x[a] - descent.x[b]), Double(descent.y[a] - descent.y[b]))
            return 1 / (1 + dx * dx + dy * dy)
        }
        let all = (0..<count).reduce(0.0) { sum, a in
            sum + (0..<count).reduce(0.0) { $0 + ($1 == a ? 0 : nearness(a, $1)) }
        }
        return wanted.reduce(0) { sum, pair in
            let (a, b) = pair.key.quotientAndRemainder(dividingBy: count)
            return pair.value > 0 ? sum + pair.value * Self.logarithm(pair.value / (nearness(a, b) / all)) : sum
        }
    }
}

import TestBands
import Testing

@testable import SoundEvents

/// Looks for a burst in hiss that holds it among others, several decibels above and below.
struct FindingTests {
    private let places = [60, 190, 333, 480, 610]
    private let others = [25, 120, 260, 400, 545, 660]

    /// The recording, and the burst by itself.
    private func scene(level: Float) -> (bands: [UInt8], query: EventQuery?) {
        var bands = MadeUpBands(seed: 4)
        var levels = bands.hiss(700)
        let burst = bands.burst(18, from: 35, level: level)
        for place in places { MadeUpBands.mix(burst, into: &levels, at: place) }
        for (number, place) in others.enumerated() {
            MadeUpBands.mix(bands.burst(18, from: [5, 80][number % 2], level: level), into: &levels, at: place)
        }
        let alone = burst.map { $0.map { $0 + 25 } }
        return (MadeUpBands.stored(levels), EventQuery(phases: [MadeUpBands.stored(alone)]))
    }

    @Test("The patches of a sound are the nearest to it", arguments: [-50, -40, -20] as [Float])
    func patchesFindIt(level: Float) throws {
        let (bands, found) = scene(level: level)
        let query = try #require(found)
        let events = SoundEvents(in: bands)
        let cosines = (0..<events.count).map { place in
            PatchTemplates(of: query, over: Int(events.shapes[place]))
                .cosines(with: events.patches.span.extracting(140 * place..<140 * place + 140))[0]
        }
        let best = cosines.indices.sorted { (cosines[$0], $1) > (cosines[$1], $0) }.map { Int(events.frames[$0]) }
        for place in places { #expect(best.prefix(places.count + 1).contains { abs($0 - place) <= 1 }) }
    }

    @Test("A closer look tells where it begins", arguments: [-50, -40, -20] as [Float])
    func closerLookFindsItsStart(level: Float) throws {
        let (bands, found) = scene(level: level)
        let query = try #require(found)
        for place in places {
            for event in place - 2...place + 2 {
                let look = CloserLook(query, in: bands, from: 0, of: 700, at: event)
                #expect(look.frame == place)
                #expect(look.cosine > (level > -45 ? 0.8 : 0.6))
            }
        }
        for place in others { #expect(CloserLook(query, in: bands, from: 0, of: 700, at: place).cosine < 0.5) }
    }

    @Test func kernelGivesThePlainCosine() throws {
        var bands = MadeUpBands(seed: 11)
        let query = try #require(EventQuery(phases: [MadeUpBands.stored(bands.burst(6, from: 50, level: -20))]))
        let templates = PatchTemplates(of: query, over: 3)
        let patches = (0..<140 * 9).map { UInt8($0 < 140 ? 7 : 240 * bands.draw()) }
        let cosines = templates.cosines(with: patches.span)
        for place in 0..<9 {
            let plain = templates.plainCosine(with: Array(patches[140 * place..<140 * place + 140]))
            #expect(abs(cosines[place] - plain) < 1e-5)
        }
    }

    @Test func aLimitChangesNothingThatReachesIt() throws {
        var bands = MadeUpBands(seed: 5)
        let query = try #require(EventQuery(phases: [MadeUpBands.stored(bands.burst(18, from: 35, level: -30))]))
        let events = SoundEvents(in: scene(level: -30).bands)
        for shape in 0..<BackgroundShape.count {
            let templates = PatchTemplates(of: query, over: shape)
            let all = templates.cosines(with: events.patches.span)
            for limit in [-0.5, 0.1, 0.3, 0.5, 0.7, 0.9] as [Float] {
                let some = templates.cosines(with: events.patches.span, least: templates.leastCosines(for: limit))
                for (exact, found) in zip(all, some) {
                    if exact >= limit { #expect(found == exact) } else { #expect(found <= exact) }
                }
            }
        }
    }
}

extension PatchTemplates {
    /// The greatest cosine with one patch, computed as plainly as it can be; −1 if the patch is the same everywhere.
    fileprivate func plainCosine(with patch: [UInt8]) -> Float {
        let values = patch.prefix(length).map(Double.init)
        let mean = values.reduce(0, +) / Double(length)
        let norm = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }.squareRoot()
        guard norm > 0 else { return -1 }
        return scales.indices.reduce(-1) { best, place in
            let template = self.values[place * Self.room..<place * Self.room + length]
            let product = zip(values, template).reduce(0) { $0 + ($1.0 - mean) * Double($1.1) }
            return max(best, Float(product / norm) * scales[place])
        }
    }
}

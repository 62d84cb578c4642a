import TestBands
import Testing

@testable import SoundEvents

struct SoundEventsTests {
    /// Hiss of some length with bursts at some frames.
    private func recording(_ count: Int, bursts: [Int], seed: UInt64 = 1) -> [UInt8] {
        var bands = MadeUpBands(seed: seed)
        var levels = bands.hiss(count)
        for (number, frame) in bursts.enumerated() {
            MadeUpBands.mix(bands.burst(20, from: 20 + 13 * number % 70, level: -30), into: &levels, at: frame)
        }
        return MadeUpBands.stored(levels)
    }

    @Test("Events are those of the plain definition", arguments: [1, 2, 15, 16, 17, 40, 171, 172, 173, 400])
    func areThoseOfThePlainDefinition(count: Int) {
        let bands = recording(count, bursts: stride(from: 5, to: count, by: 37).map(\.self))
        let plain = PlainEvents(bands: bands)
        let levels = QuarterLevels(bands: bands)
        #expect(levels.levels(of: 0..<count).map(Int.init) == plain.levels.flatMap(\.self))
        let background = Background(of: levels)
        for frame in [0, count / 2, count - 1] {
            #expect(background.levels(at: frame).map(Int.init) == plain.background(at: frame))
        }
        let events = SoundEvents(in: bands)
        #expect(events.frames.map(Int.init) == Onsets.find(in: plain.flux.map(Int32.init)))
        for (place, frame) in events.frames.enumerated() {
            #expect(events.patches[140 * place..<140 * place + 140].map(Int.init) == plain.patch(at: Int(frame)))
        }
    }

    @Test func beginWithEachBurst() {
        let bursts = [50, 95, 103, 260, 299]
        let events = SoundEvents(in: recording(400, bursts: bursts))
        for burst in bursts { #expect(events.frames.contains(UInt32(burst))) }
    }

    @Test func areNeverFarFromOneAnother() {
        let events = SoundEvents(in: recording(700, bursts: [90, 91, 200]))
        #expect(events.frames.first == 0)
        #expect(zip(events.frames, events.frames.dropFirst()).allSatisfy { 0 < $1 - $0 && $1 - $0 <= 24 })
        #expect(700 - Int(events.frames.last ?? 0) <= 24)
    }

    @Test("What is needed of a recording for one place gives what all of it gives", arguments: [0, 3, 150, 600, 690])
    func thePartSuffices(frame: Int) throws {
        let bands = recording(700, bursts: [3, 150, 320, 600, 690])
        var made = MadeUpBands(seed: 9)
        let query = try #require(
            EventQuery(phases: [MadeUpBands.stored(made.burst(20, from: 30, level: -10))]))
        let whole = CloserLook(query, in: bands, from: 0, of: 700, at: frame)
        let needed = CloserLook.framesNeeded(by: query, at: frame, of: 700)
        let part = Array(bands[104 * needed.lowerBound..<104 * needed.upperBound])
        let look = CloserLook(query, in: part, from: needed.lowerBound, of: 700, at: frame)
        #expect(look.cosine == whole.cosine && look.frame == whole.frame)
        #expect(needed.count < 700)
    }

    @Test func silenceHasNoQuery() {
        #expect(EventQuery(phases: [[UInt8](repeating: 0, count: 104 * 20)]) == nil)
        #expect(EventQuery(phases: [[]]) == nil)
    }

    @Test func nothingHasNoEvents() {
        #expect(SoundEvents(in: []).count == 0)
    }
}

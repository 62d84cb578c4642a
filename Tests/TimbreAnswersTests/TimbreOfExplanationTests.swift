import EarlierMetric
import SoundFeatures
import TestIngest
import TestModels
import Testing
import TimbreCodes
import TimbreIndex
import TimbreLibrary
import TimbreWire

@testable import TimbreAnswers

/// The part of an explanation that is about timbre vectors.
struct TimbreOfExplanationTests {
    private func library() throws -> StoredLibrary {
        try StoredLibrary(
            of: [
                "a": "1 1 2 3 3 1", "b": "2 2 4 1 - 5", "c": "9 8 7 6 5 4 3 2 1", "d": "0 0 0 0 11 11",
                "a copy": "1 1 2 3 3 1",
            ], smallModelWithVectors())
    }

    @Test func distancesAreThoseOfASearch() throws {
        let test = try library()
        let snapshot = test.measured
        for one in ["a", "b", "c", "d"] {
            let sound = try test.sound(one)
            let file = try #require(sound.files.first.flatMap(snapshot.index.file))
            let search = Search(
                snapshot: snapshot, metric: .timbre,
                query: Query(codes: sound.spans.map(\.code), vectors: [try #require(file.vector)]), away: Query(),
                filter: IndexFilter(), excluded: [])
            for result in search.files(10) {
                let other = test.name(result.path)
                let reply = try test.explain(sound, test.sound(other))
                let timbre = try #require(reply.timbre)
                // What models of before say of scores is no probability.
                #expect(timbre.distance == result.distance && timbre.score == nil)
                #expect(reply.obstacle == nil)
            }
        }
    }

    @Test func sharesAreThoseOfTheSquaresWhereNothingIsMixed() throws {
        let test = try library()
        let (a, c) = (try test.sound("a"), try test.sound("c"))
        let timbre = try #require(try test.explain(a, c).timbre)
        // The test's model takes the first 64 descriptors for components: by a tenth of their value, from the 41st on by
        // half of it, and by 4 at most.
        let values: [[Double]] = try [a, c].map { sound in
            try #require(EarlierFrames(bands: sound.bands ?? []).descriptor()).values.enumerated().map { place, value in
                min(4, max(-4, Double(value) * (place < 40 ? Double(Float(0.1)) : 0.5)))
            }
        }
        let squares = zip(values[0], values[1]).map { ($0 - $1) * ($0 - $1) }
        let whole = squares.prefix(64).reduce(0, +)
        #expect(whole > 1)
        #expect(timbre.groups.count == EarlierDescriptor.groups.count)
        for group in EarlierDescriptor.groups {
            let found = try #require(timbre.groups.first { $0.name == group.name })
            let own = squares[group.range].reduce(0, +)
            let share = squares[group.range.clamped(to: 0..<64)].reduce(0, +) / whole
            #expect(abs(found.share - share) < 1e-5)
            #expect(abs(found.difference - (own / Double(group.range.count)).squareRoot()) < 1e-5)
        }
        #expect(abs(timbre.groups.reduce(0) { $0 + $1.share } - 1) < 1e-9)
        #expect(timbre.groups.map(\.share) == timbre.groups.map(\.share).sorted(by: >))
        // What was rounded: 64 components, each off by half a step of 4/127 in either sound.
        #expect(abs(timbre.distance - whole.squareRoot()) < 8 * 4 / 127)
    }

    @Test func aCopyDiffersInNothing() throws {
        let test = try library()
        let timbre = try #require(try test.explain(test.sound("a"), test.sound("a copy")).timbre)
        #expect(timbre.distance == 0)
        #expect(timbre.groups.allSatisfy { $0.share == 0 && $0.difference == 0 })
        #expect(timbre.groups.map(\.name) == EarlierDescriptor.groups.map(\.name))
    }

    @Test func aSoundFromElsewhereIsComparedAsOneOfTheLibrary() throws {
        let test = try library()
        let inside = try test.explain(test.sound("a"), test.sound("b"))
        #expect(try test.explain(test.outside("1 1 2 3 3 1"), test.sound("b")).timbre == inside.timbre)
        #expect(inside.timbre != nil)
    }

    @Test func aPartIsComparedAsThatPartAlone() throws {
        let test = try library()
        let part = try test.sound("b").part(TimeSpan(start: 0, end: 2.5 * 512 / 22_050))
        let alone = try test.explain(test.sound("a"), test.outside("2 2 4")).timbre
        #expect(try test.explain(test.sound("a"), part).timbre == alone)
        #expect(try alone != test.explain(test.sound("a"), test.sound("b")).timbre)
    }

    @Test func whatHasNoTimbreVectorIsComparedByItsCodesAndTheReasonIsTold() throws {
        let test = try library()
        let whole = try test.explain(test.sound("a"), test.sound("b"))
        let withoutBands = try test.explain(test.outside("1 1 2 3 3 1") { _ in nil }, test.sound("b"))
        let faint = try test.explain(
            test.outside("1 1 2 3 3 1") { [UInt8](repeating: 0, count: $0.bands.count) }, test.sound("b"))
        let plain = try StoredLibrary(of: ["a": "1 1 2 3 3 1", "b": "2 2 4 1 - 5"])
        let withoutModel = try plain.explain(plain.outside("1 1 2 3 3 1"), plain.sound("b"))
        for (reply, obstacle) in [
            (withoutBands, "more than an hour"), (faint, "too faint"), (withoutModel, "the model in use makes no"),
        ] {
            #expect(reply.timbre == nil)
            #expect(try #require(reply.obstacle).contains(obstacle))
            #expect(reply.codes.distance == whole.codes.distance)
            #expect(reply.shared.map(\.code) == whole.shared.map(\.code) && !reply.shared.isEmpty)
        }
    }
}

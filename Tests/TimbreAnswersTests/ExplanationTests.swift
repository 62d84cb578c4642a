import Platform
import TestIngest
import Testing
import TimbreCodes
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

@testable import TimbreAnswers

struct ExplanationTests {
    private func example(_ code: SharedCode, _ test: StoredLibrary) -> String? {
        code.example.map {
            "\(test.name($0.path)) \(Int(($0.start * 22_050 / 512).rounded()))"
        }
    }

    @Test func tellsWhatIsSharedRarestFirst() throws {
        let test = try StoredLibrary(of: [
            "a": "- 1 1 2 3 3 1", "b": "2 2 4 1", "common": "9 1 1 1", "short": "1", "far": "5 5",
        ])
        let reply = try test.explain(test.sound("a"), test.sound("b"))
        #expect(reply.shared.map(\.code) == [2, 1])
        #expect(reply.shared.map(\.files) == [2, 4])
        #expect(reply.shared.map(\.share) == [0.4, 0.8])
        #expect(reply.shared[1].a == CodePlace(frames: 3, start: 512.0 / 22_050))
        #expect(reply.shared[1].b == CodePlace(frames: 1, start: 3 * 512.0 / 22_050))
        // The longest stretch, in frames 1 to 3; nobody else has code 2.
        #expect(reply.shared.map { example($0, test) } == [nil, "common 1"])
        #expect(reply.shared[1].example?.end == 4 * 512.0 / 22_050)
        #expect(reply.onlyA == [CodeCount(code: 3, frames: 2)])
        #expect(reply.onlyB == [CodeCount(code: 4, frames: 1)])
        #expect((reply.a.inLibrary, reply.a.frames, reply.b.frames) == (true, 6, 4))
        #expect(reply.a.path == WirePath(test.path("a").bytes))
    }

    @Test func distancesAreThoseOfASearch() throws {
        let spans = { (codes: [Int]) in codes.map { code in (0..<30).map { _ in "\(code)" }.joined(separator: " ") } }
        let test = try StoredLibrary(of: [
            "a": spans([1, 2, 3]).joined(separator: " "), "b": spans([4, 2]).joined(separator: " "), "c": "1 7 8",
        ])
        let snapshot = test.measured
        for (one, other) in [("a", "b"), ("b", "a"), ("a", "c"), ("c", "a")] {
            let (a, b) = (try test.sound(one), try test.sound(other))
            let codes = try test.explain(a, b).codes
            let search = Search(
                snapshot: snapshot, metric: .codes, query: Query(codes: a.spans.map(\.code)), away: Query(),
                filter: IndexFilter(), excluded: a.files)
            let found = try #require(search.files(10).first { $0.path == b.path })
            #expect((codes.distance, codes.hamming) == (found.distance, found.hamming))
            #expect(codes.b == TimeSpan(start: found.start, end: found.end))
            #expect(codes.score == found.score)
        }
        let codes = try test.explain(test.sound("a"), test.sound("b")).codes
        // Of three spans the second has its like; the others differ in the one bit that each side has.
        #expect((codes.distance, codes.hamming, codes.sharedBits) == (4.0 / 3, 0, 1))
        #expect(codes.a.start == 30 * 512.0 / 22_050)
    }

    @Test func anExampleIsNoCopyOfTheTwoNorOffline() throws {
        let test = try StoredLibrary(of: [
            "a": "1 2 2 2", "b": "1 3", "a copy": "1 2 2 2", "b copy": "1 3", "away": "1 1 1 1",
        ])
        #expect(
            example(try test.explain(test.sound("a"), test.sound("b")).shared[0], test) == "away 0")
        var snapshot = test.library.snapshot
        snapshot.index.setOffline([try #require(try test.file("away")?.id)], true)
        let (a, b) = (try test.sound("a"), try test.sound("b"))
        let shared = try test.explain(a, b, in: snapshot).shared
        #expect(shared.map { example($0, test) } == [nil])
        // The two and their copies.
        #expect(shared.map(\.files) == [4] && shared.map(\.share) == [1])
    }

    @Test func ofEquallyLongExamplesThePurerComesFirstThenTheOlder() throws {
        let test = try StoredLibrary(of: ["a": "1 2", "b": "1 3", "mixed": "4 1 1", "pure": "1 1", "younger": "- 1 1"])
        let shared = try test.explain(test.sound("a"), test.sound("b")).shared
        #expect(shared.map { example($0, test) } == ["pure 0"])
    }

    @Test func aSoundFromElsewhereIsExplainedAsOneOfTheLibrary() throws {
        let test = try StoredLibrary(of: ["a": "1 2 2", "b": "2 3", "c": "2 2 2"])
        let inside = try test.explain(test.sound("a"), test.sound("b"))
        let outside = try test.explain(test.outside("1 2 2"), test.sound("b"))
        #expect(outside.codes == inside.codes)
        #expect(outside.onlyA == inside.onlyA && outside.onlyB == inside.onlyB)
        #expect(outside.shared == inside.shared)
        #expect(!outside.a.inLibrary && outside.a.path == nil)
    }

    @Test func aSoundAndItselfShareAll() throws {
        let test = try StoredLibrary(of: ["a": "1 2 2", "b": "2"])
        let reply = try test.explain(test.sound("a"), test.sound("a"))
        #expect(reply.codes.distance == 0)
        #expect(reply.shared.map(\.code) == [1, 2])
        #expect(reply.onlyA.isEmpty && reply.onlyB.isEmpty)
    }

    @Test func aPartBehindTheEndIsSaidToBeThere() throws {
        let test = try StoredLibrary(of: ["a": "1 2 2", "b": "2 -"])
        func reason(_ a: HeardSound, _ b: HeardSound) -> String? {
            let error = #expect(throws: LibraryError.self) { try test.explain(a, b) }
            guard case .emptyQuery(let reason) = error else { return nil }
            return reason
        }
        let (a, b) = (try test.sound("a"), try test.sound("b"))
        let beyond = TimeSpan(start: 1000, end: 1001)
        let name = { (sound: HeardSound) in sound.path?.shown ?? "" }
        let end = "ends before that part begins: it is 0."
        #expect(reason(a, b.part(beyond))?.hasPrefix("there is nothing to compare: \(name(b)) \(end)") == true)
        #expect(reason(a.part(beyond), b)?.hasPrefix("there is nothing to compare: \(name(a)) \(end)") == true)
        let silent = TimeSpan(start: 1.5 * 512 / 22_050, end: 3 * 512 / 22_050)
        #expect(
            reason(a, b.part(silent))
                == "there is nothing to compare: that part of \(name(b)) is silent, or shorter than a frame")
    }

    /// A tape of five spans of 30 frames; frames 65 to 99 are a part, as frames 30 to 64 are of one that begins later.
    @Test func aPartIsASoundWithTheTimesOfItsRecording() throws {
        let tape = (0..<150).map { "\($0 < 65 ? 7 : $0 < 80 ? 2 : $0 < 100 ? 3 : 8)" }.joined(separator: " ")
        let part = ((0..<15).map { _ in "2" } + (0..<20).map { _ in "3" }).joined(separator: " ")
        let test = try StoredLibrary(of: ["a": "2 3 4", "tape": tape, "part": part])
        let second = 512.0 / 22_050
        let span = TimeSpan(start: 64.5 * second, end: 99.5 * second)
        let found = try test.explain(test.sound("a"), test.sound("tape").part(span))
        let alone = try test.explain(test.sound("a"), test.sound("part"))
        #expect((found.codes.distance, found.codes.hamming) == (alone.codes.distance, alone.codes.hamming))
        #expect(found.onlyA == [CodeCount(code: 4, frames: 1)] && found.onlyB.isEmpty)
        #expect(found.b.frames == 35)
        #expect(try found.b.duration == test.sound("tape").duration)
        #expect(found.shared.map(\.b.frames) == alone.shared.map(\.b.frames))
        for (inTape, inPart) in zip(found.shared, alone.shared) {
            #expect(abs(inTape.b.start - inPart.b.start - 65 * second) < 1e-9)
        }
        // The nearest span is the first of the part: it begins with it, and ends with its 30th frame.
        #expect(abs(found.codes.b.start - 65 * second) < 1e-9)
        #expect(abs(found.codes.b.end - (94 * second + 1024 / 22_050)) < 1e-9)
        #expect(found.timbre == alone.timbre)
    }

    @Test func silenceIsNotExplained() throws {
        let test = try StoredLibrary(of: ["a": "1 2 2", "silent": "- -"])
        #expect(throws: LibraryError.self) { try test.explain(test.sound("a"), test.sound("silent")) }
        #expect(throws: LibraryError.self) { try test.explain(test.outside(""), test.sound("a")) }
    }
}

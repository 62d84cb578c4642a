import EventStore
import TestIngest
import TestModels
import Testing
import TimbreCodes
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire

@testable import TimbreAnswers

/// Where sounds are heard inside recordings.
@Suite(.timeLimit(.minutes(10)))
struct PlaceAnswersTests {
    private let test: PlaceLibrary

    init() throws { test = try PlaceLibrary() }

    /// Looks that rows are all places of a sound, in any order.
    private func expect(
        _ rows: some Collection<PlaceLibrary.Found>, in name: String = "field.wav", at frames: [Int],
        sourceLocation: SourceLocation = #_sourceLocation
    ) {
        #expect(rows.count == frames.count, sourceLocation: sourceLocation)
        for frame in frames {
            #expect(rows.contains { $0.isAt(name, frame) }, "\(rows)", sourceLocation: sourceLocation)
        }
    }

    @Test func aSoundIsFoundWhereItIsPlanted() throws {
        let reply = try test.reply(test.middle)
        let found = test.found(reply)
        expect(found.prefix(6).filter { $0.name == "field.wav" }, at: PlaceLibrary.places)
        // A short file is compared as a whole.
        #expect(found.prefix(6).contains { $0.name == "middle.wav" })
        for result in reply.results {
            #expect(result.inside == (result.duration > 2))
            #expect(result.start < result.end && result.end <= result.duration)
            if !result.inside { #expect(result.start == 0 && result.end == result.duration) }
        }
        #expect(reply.results.map(\.rank) == Array(1...reply.results.count))
        #expect(reply.results.map(\.score) == reply.results.map(\.score).sorted(by: >))
        #expect(reply.complete)
    }

    @Test func theAnswerIsTheSameEachTimeAndAShorterOneItsBeginning() throws {
        let first = try test.reply(test.middle).results
        #expect(try test.reply(test.middle).results == first)
        #expect(try test.reply(test.middle) { $0.count = 3 }.results == Array(first.prefix(3)))
    }

    @Test func likelyStopsWhereASoundIsNoLongerLikelyHeard() throws {
        let (all, likely) = (try test.reply(test.middle), try test.reply(test.middle) { $0.likely = true })
        #expect(likely.results == all.results.filter { $0.score >= 0.5 })
        #expect(likely.results.count < all.results.count)
        #expect(all.likelyPlaces == likely.results.count && likely.likelyPlaces == all.likelyPlaces)
        // It counts those that there is no room for, too.
        #expect(try test.reply(test.middle) { $0.count = 1 }.likelyPlaces == all.likelyPlaces)
        let nowhere = test.outside(Planted.alone([(.low, 0), (.high, 6), (.low, 12)]))
        #expect(try test.reply(nowhere) { ($0.likely, $0.filter) = (true, FileFilter(minDuration: 2)) }.results.isEmpty)
    }

    @Test func aFileOfTheLibraryIsFoundInOthersAndNotInItself() throws {
        try test.library.add(Planted.alone([(.middle, 0)]), to: "copy of middle.wav")
        let found = try test.places(test.sound("middle.wav"))
        #expect(!found.contains { $0.name == "middle.wav" })
        expect(found.prefix(6).filter { $0.name == "field.wav" }, at: PlaceLibrary.places)
        #expect(found.prefix(6).contains { $0.name == "copy of middle.wav" })
        #expect(
            try test.places(test.sound("middle.wav")) { $0.includeSelf = true }.contains { $0.name == "middle.wav" })
    }

    @Test("The place that is asked with is left out, and the rest of its file is not", arguments: [false, true])
    func ownPlace(includeSelf: Bool) throws {
        let found = try test.places(test.sound("field.wav")) {
            $0.at = TimeSpan(start: Planted.time(190), end: Planted.time(208))
            $0.includeSelf = includeSelf
            $0.filter = FileFilter(minDuration: 2)
        }
        let places = includeSelf ? PlaceLibrary.places : PlaceLibrary.places.filter { $0 != 190 }
        expect(found.prefix(places.count), at: places)
        #expect(found.contains { $0.isAt("field.wav", 190) } == includeSelf)
    }

    @Test func copiesHaveARowEach() throws {
        try test.library.add(PlaceLibrary.field, to: "copy of field.wav")
        let reply = try test.reply(test.middle) { $0.filter = FileFilter(minDuration: 2) }
        let found = test.found(reply)
        for name in ["field.wav", "copy of field.wav"] {
            expect(found.prefix(10).filter { $0.name == name }, in: name, at: PlaceLibrary.places)
        }
        // Of equal ones the older file comes first.
        for place in stride(from: 0, to: 10, by: 2) {
            #expect(reply.results[place].score == reply.results[place + 1].score)
            #expect(found[place].start == found[place + 1].start)
            #expect(found[place].name == "field.wav" && found[place + 1].name == "copy of field.wav")
        }
        // A recording that is asked with is left out, but not its copy.
        let others = try test.places(test.sound("field.wav")) { $0.filter = FileFilter(minDuration: 2) }
        #expect(!others.contains { $0.name == "field.wav" } && others.contains { $0.name == "copy of field.wav" })
    }

    @Test func filtersCountForPlaces() throws {
        let high = test.outside(Planted.alone([(.high, 0)]))
        let names = { (change: (inout Similar.Parameters) -> Void) in
            Set(try test.places(high, change).map(\.name))
        }
        #expect(try names { _ in } == ["other.wav", "field.wav", "middle.wav", "high.wav"])
        #expect(try names { $0.filter = FileFilter(under: test.path("other.wav")) } == ["other.wav"])
        #expect(try names { $0.filter = FileFilter(glob: WirePath("*l*".utf8)) } == ["field.wav", "middle.wav"])
        #expect(try names { $0.filter = FileFilter(minDuration: 15) } == ["field.wav"])
        #expect(try names { $0.filter = FileFilter(maxDuration: 1) } == ["middle.wav", "high.wav"])
        #expect(try names { $0.filter = FileFilter(channels: 2) }.isEmpty)
        let all = try test.reply(high).results
        let limit = all[all.count / 2].distance
        let near = try test.reply(high) { $0.maxDistance = limit }.results
        #expect(near.map(\.distance) == all.map(\.distance).filter { $0 <= limit } && near.count < all.count)
        try test.library.takeAway("other.wav")
        #expect(try !names { _ in }.contains("other.wav"))
        #expect(try names { $0.offline = true }.contains("other.wav"))
    }

    @Test func whatIsAsNearToAnotherSoundIsLeftOut() throws {
        let reply = { (not: [QuerySound]?) in
            try test.reply(test.middle) { ($0.not, $0.filter, $0.count) = (not, FileFilter(minDuration: 2), 300) }
        }
        let all = try reply(nil).results
        #expect(try reply([test.middle]).results.isEmpty && !all.isEmpty)
        let some = try reply([test.sound("high.wav")])
        #expect(some.results.count < all.count)
        expect(test.found(some).prefix(5), at: PlaceLibrary.places)
    }

    /// More recordings, so that chance is another thing in all of them than in one.
    private func addRecordings() throws {
        for number in 0..<6 {
            let kinds: [(Planted.Kind, Int)] = [(.high, 40), (.middle, 150 + number), (.low, 260), (.high, 420)]
            try test.library.add(Planted.recording(500, kinds, seed: UInt64(20 + number)), to: "more \(number).wav")
        }
    }

    @Test(
        "A place is as likely however one asks",
        arguments: [
            { $0.filter = FileFilter(minDuration: 15) }, { $0.filter = FileFilter(glob: WirePath("*ld.wav".utf8)) },
            { ($0.filter, $0.likely) = (FileFilter(glob: WirePath("f*".utf8)), true) },
            { ($0.filter, $0.count) = (FileFilter(minDuration: 15), 3) }, { $0.count = 300 }, { $0.maxDistance = 1.9 },
        ] as [@Sendable (inout Similar.Parameters) -> Void])
    func asLikely(change: @Sendable (inout Similar.Parameters) -> Void) throws {
        try addRecordings()
        let all = try test.reply(test.middle) { $0.count = 100 }.results.filter(\.inside)
        let some = try test.reply(test.middle, change).results.filter(\.inside)
        let field = some.filter { $0.path == test.path("field.wav") }
        #expect(field.count >= 3)
        for place in field.prefix(5) {
            let same = all.first { $0.path == place.path && $0.start == place.start }
            #expect(same?.score == place.score)
        }
    }

    @Test func aPartBehindTheEndIsSaidToBeThere() throws {
        let beyond = TimeSpan(start: 1000, end: 1001)
        #expect(
            throws: LibraryError.emptyQuery(
                reason: "there is nothing to search by: the sound ends before that part begins")
        ) { try test.reply(test.sound("field.wav")) { $0.at = beyond } }
        #expect(
            throws: LibraryError.emptyQuery(
                reason: "there is nothing to search by: all sounds end before that part begins")
        ) { try test.reply(test.middle) { ($0.at, $0.queries) = (beyond, [test.middle, test.sound("high.wav")]) } }
    }

    @Test func ofCopiesOfARecordingOneIsFound() throws {
        try addRecordings()
        try test.library.add(PlaceLibrary.field, to: "copy of field.wav")
        for isPlaces in [true, false] {
            let all = try test.reply(test.middle) { ($0.count, $0.segments) = (60, isPlaces) }.results
            let once = try test.reply(test.middle) { ($0.count, $0.segments, $0.distinct) = (60, isPlaces, true) }
                .results
            #expect(all.contains { $0.path == test.path("copy of field.wav") })
            let expected = all.filter { $0.path != test.path("copy of field.wav") }
            #expect(once.prefix(20).map(\.path) == expected.prefix(20).map(\.path))
            #expect(once.prefix(20).map(\.start) == expected.prefix(20).map(\.start))
        }
    }

    @Test func aSoundIsFoundAtTheVeryBeginningAndAtTheEnd() throws {
        try test.library.add(Planted.recording(120, [(.middle, 0), (.middle, 110)], seed: 9), to: "edges.wav")
        let reply = try test.reply(test.middle) { $0.filter = FileFilter(under: test.path("edges.wav")) }
        expect(test.found(reply).prefix(2), in: "edges.wav", at: [0, 110])
        #expect(reply.results.allSatisfy { $0.start < $0.end && $0.end <= $0.duration })
    }

    @Test func aLongSoundIsFoundInItsOwnOrder() throws {
        let right: [(Planted.Kind, Int)] = [(.low, 0), (.middle, 60), (.high, 120)]
        let wrong: [(Planted.Kind, Int)] = [(.high, 0), (.middle, 60), (.low, 120)]
        func later(_ kinds: [(Planted.Kind, Int)]) -> [(Planted.Kind, Int)] { kinds.map { ($0.0, $0.1 + 230) } }
        try test.library.add(Planted.recording(600, later(wrong), seed: 5), to: "wrong.wav")
        try test.library.add(Planted.recording(600, later(right), seed: 6), to: "right.wav")
        try test.library.add(Planted.recording(600, [(.low, 230), (.low, 400)], seed: 7), to: "low.wav")
        let reply = try test.reply(test.outside(Planted.alone(right)))
        #expect(test.found(reply).first?.isAt("right.wav", 230) == true)
        let best = try #require(reply.results.first)
        #expect(abs(best.end - best.start - Planted.time(138)) < 0.1)
        #expect(reply.results.dropFirst().allSatisfy { $0.score < best.score })
        #expect(reply.likelyPlaces == 1)
    }

    @Test func aRecordingRanksByItsBestPlaceAndShortFilesAsBefore() throws {
        let without = try PlaceLibrary(hasEvents: false)
        let plain = try without.reply(without.middle) { $0.segments = false }
        let reply = try test.reply(test.middle) { $0.segments = false }
        #expect(reply.likelyPlaces == nil && plain.results.allSatisfy { !$0.inside })
        let field = try #require(reply.results.first { $0.inside })
        #expect(test.library.name(field.path) == "field.wav")
        #expect(PlaceLibrary.places.contains { abs(field.start - Planted.time($0)) < 0.03 })
        #expect(reply.results.count == plain.results.count)
        #expect(Set(reply.results.map { test.library.name($0.path) }).count == reply.results.count)
        #expect(reply.results.map(\.distance) == reply.results.map(\.distance).sorted())
        #expect(reply.results.map(\.rank) == Array(1...reply.results.count))
        // All others are as far away as they were.
        let others = { (reply: Similar.Reply, test: PlaceLibrary) in
            reply.results.map { (test.library.name($0.path), $0.distance) }.filter { $0.0 != "field.wav" }
        }
        #expect(others(reply, test).elementsEqual(others(plain, without), by: ==))
        let before = try #require(plain.results.first { without.library.name($0.path) == "field.wav" })
        #expect(field.distance < before.distance)
    }

    @Test(
        "Without events, or by codes, spans are the answer, as before",
        arguments: [(Metric.timbre, false), (.codes, false), (.codes, true)])
    func withoutEvents(metric: Metric, hasEvents: Bool) throws {
        let other = try hasEvents ? test : PlaceLibrary(hasEvents: false)
        let reply = try other.reply(other.sound("middle.wav")) { $0.metric = metric }
        let (library, snapshot) = (other.library, other.library.library.snapshot)
        let id = try #require(try library.file("middle.wav")?.id)
        let file = try #require(snapshot.index.file(id))
        let query = Query(
            codes: file.spans.map(\.code), vectors: [file.vector].compactMap(\.self),
            spanVectors: file.spans.compactMap(\.vector))
        let search = Search(
            snapshot: snapshot, metric: metric, query: query, away: Query(), filter: IndexFilter(), excluded: [id])
        #expect(reply.results == search.spans(50))
        #expect(reply.likelyPlaces == nil && !reply.results.isEmpty)
        #expect(reply.complete == (metric == .codes))
    }

    @Test func severalSoundsAreLookedForTogether() throws {
        let one = try test.reply(test.middle) { $0.filter = FileFilter(minDuration: 2) }.results
        let two = try test.reply(test.middle) {
            $0.queries.append(test.outside(Planted.alone([(.high, 0)])))
            $0.filter = FileFilter(minDuration: 2)
        }.results
        for place in one.prefix(5) {
            #expect(two.contains { ($0.path, $0.start, $0.score) == (place.path, place.start, place.score) })
        }
        let found = two.map { PlaceLibrary.Found(name: test.library.name($0.path), start: $0.start) }
        expect(found.prefix(9).filter { $0.name == "other.wav" }, in: "other.wav", at: [300])
        #expect(two.map(\.score) == two.map(\.score).sorted(by: >))
    }
}

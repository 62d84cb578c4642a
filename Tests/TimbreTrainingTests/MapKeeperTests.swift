import ContentHash
import Logging
import Platform
import TestIngest
import TestModels
import Testing
import TimbreCodes
import TimbreCoding
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreMap
import TimbreStore

@testable import TimbreTraining

@Suite(.timeLimit(.minutes(10)))
struct MapKeeperTests {
    /// A map that is kept over a library of a test, until the value goes.
    private final class KeptMap {
        let keeper: MapKeeper
        private let ingest: BackgroundIngest
        private let ended = Promise<Void, any Error>()

        init(_ test: StoredLibrary) throws {
            ingest = try BackgroundIngest(test)
            keeper = try MapKeeper(
                catalog: test.catalog, library: test.library, ingest: ingest.ingest,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            try DetachedThread.start { [keeper, ended] in
                keeper.run()
                ended.fulfil(.success(()))
            }
        }

        deinit { stop() }

        func stop() {
            keeper.stop()
            do { _ = try ended.wait(atMost: .seconds(20)) } catch { preconditionFailure("\(error)") }
            ingest.stop()
        }

        /// Waits until the map is as it should be.
        @discardableResult func map(where isRight: (MapSnapshot) -> Bool) throws -> MapSnapshot {
            let deadline = ContinuousClock.now + .seconds(60)
            while true {
                let map = keeper.snapshot
                if isRight(map) { return map }
                try #require(.now < deadline, "files \(map.files.count), \(String(describing: map.record))")
            }
        }
    }

    /// A library in which every sound is another.
    private func library(_ count: Int) throws -> StoredLibrary {
        let test = try StoredLibrary(smallModelWithVectors())
        for number in 0..<count { try add(number, to: test) }
        try test.add("- - -", to: "silence.wav")
        return test
    }

    @discardableResult private func add(_ number: Int, to test: StoredLibrary) throws -> Int64 {
        try test.add("\(number % 12) \(number / 12 % 12) \(number / 144) \(number % 7)", to: "\(number).wav").id
    }

    private func points(_ map: MapSnapshot) -> [Int64: MapPoint] {
        Dictionary(uniqueKeysWithValues: zip(map.files, map.points))
    }

    @Test func everySoundIsOnTheMapButSilence() throws {
        let test = try library(40)
        let kept = try KeptMap(test)
        let map = try kept.map { $0.files.count == 40 && $0.progress == nil }
        #expect(map.record?.soundCount == 40 && map.record?.model == 1)
        #expect(map.files == map.files.sorted() && Set(map.points).count == 40)
    }

    @Test func tooFewSoundsAreNoMap() throws {
        let test = try library(9)
        let kept = try KeptMap(test)
        // It is looked at once; then the tenth sound comes.
        try add(9, to: test)
        try kept.map { $0.files.count == 10 }
    }

    @Test func newcomersArePlacedAndNothingElseMoves() throws {
        let test = try library(40)
        let kept = try KeptMap(test)
        let before = try kept.map { $0.files.count == 40 && $0.progress == nil }
        let newcomer = try add(41, to: test)
        let copy = try test.add("3 0 0 3", to: "copy of 3.wav").id
        let after = try kept.map { $0.files.count == 42 }
        let (old, new) = (points(before), points(after))
        #expect(old.allSatisfy { new[$0.key] == $0.value })
        #expect(new[newcomer] != nil && Set(new.values).count == 41)
        // A copy lies where the sound does.
        let original = try #require(try test.file("3.wav")).id
        #expect(new[copy] == new[original])

        let news = after.news(since: before.token)
        #expect(!news.isWhole && news.files == [newcomer, copy] && news.gone == [])
        #expect(after.news(since: after.token).files.isEmpty)
        #expect(after.news(since: nil).isWhole && after.news(since: "0-1").isWhole && after.news(since: "x").isWhole)
    }

    @Test func whatLeavesIsTakenOffAndNothingElseMoves() throws {
        let test = try library(40)
        let kept = try KeptMap(test)
        let before = try kept.map { $0.files.count == 40 && $0.progress == nil }
        let gone = before.files[7]
        test.library.apply([.remove(gone)], isComplete: true)
        let after = try kept.map { $0.files.count == 39 }
        #expect(points(before).filter { $0.key != gone } == points(after))
        #expect(after.news(since: before.token).gone == [gone])
    }

    @Test func aRestartFindsTheMapAsItWas() throws {
        let test = try library(40)
        var before: MapSnapshot
        do {
            let kept = try KeptMap(test)
            try kept.map { $0.files.count == 40 && $0.progress == nil }
            try add(41, to: test)
            before = try kept.map { $0.files.count == 41 }
        }
        let newcomer = try add(42, to: test)
        let kept = try KeptMap(test)
        let after = try kept.map { $0.files.count == 42 }
        #expect(after.record == before.record)
        #expect(points(after).filter { $0.key != newcomer } == points(before))
        #expect(after.news(since: before.token).isWhole)
    }

    @Test func whatAnInterruptedLearningLeftGoesWithTheNextMap() throws {
        let test = try library(40)
        let left = try test.catalog.write { writer in
            let map = try writer.addMap(model: 1)
            try writer.setPlaces([MapPlace(content: 1, x: 1, y: 1, isLearnt: true)], on: map)
            return map
        }
        #expect(try test.catalog.read { try $0.map() } == nil)
        let kept = try KeptMap(test)
        let map = try kept.map { $0.files.count == 40 && $0.progress == nil }
        #expect(map.record?.id ?? 0 > left)
        #expect(try test.catalog.read { try $0.place(of: 1, on: left) } == nil)
    }

    @Test func theMapIsLearntAnewWhenTheLibraryHasGrownByHalfOrSomebodyAsks() throws {
        let test = try library(40)
        let kept = try KeptMap(test)
        let first = try kept.map { $0.files.count == 40 && $0.progress == nil }
        for number in 40..<59 { try add(number, to: test) }
        #expect(try kept.map { $0.files.count == 59 }.record == first.record)
        try add(59, to: test)
        let second = try kept.map { $0.record?.soundCount == 60 && $0.progress == nil }
        #expect(second.news(since: first.token).isWhole)
        kept.keeper.learnAgain()
        let third = try kept.map { $0.record != second.record && $0.progress == nil }
        #expect(third.files == second.files)
    }

    @Test func anotherGenerationIsLearntWhileTheOldMapIsInUse() throws {
        let test = try library(40)
        let kept = try KeptMap(test)
        let first = try kept.map { $0.files.count == 40 && $0.progress == nil }
        // The same model under another number.
        let model = test.library.snapshot.generation.model
        let index = test.index
        try test.catalog.write { writer in
            let other = try writer.addModel(ContentHash(of: [1]), data: model.json(), origin: "retrain", at: 2)
            #expect(other == 2)
        }
        test.library.swap(index, Generation(id: 2, model: model))
        let second = try kept.map { $0.record?.model == 2 && $0.progress == nil }
        #expect(second.files == first.files)
    }
}

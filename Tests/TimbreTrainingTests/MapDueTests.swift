import Testing
import TimbreStore

@testable import TimbreTraining

struct MapDueTests {
    private let map = MapRecord(id: 1, model: 1, learnt: 0, soundCount: 100)

    private func isDue(
        _ due: inout MapDue, files: Int, isComplete: Bool = true, generation: Int64 = 1, map: MapRecord? = nil,
        isWanted: Bool = false
    ) -> Bool {
        due.isDue(fileCount: files, isComplete: isComplete, generation: generation, map: map, isWanted: isWanted)
    }

    @Test func theFirstMapWaitsUntilAllIsReadOrMuchIsThere() {
        var due = MapDue()
        #expect(!isDue(&due, files: 199, isComplete: false))
        #expect(isDue(&due, files: 200, isComplete: false))
        due = MapDue()
        #expect(!isDue(&due, files: 0))
        #expect(isDue(&due, files: 12))
    }

    @Test func whereThereWereTooFewSoundsItIsTriedAgainWithMore() {
        var due = MapDue()
        #expect(isDue(&due, files: 5))
        #expect(!isDue(&due, files: 5))
        #expect(isDue(&due, files: 6))
        #expect(isDue(&due, files: 1000))
        #expect(!isDue(&due, files: 1099))
        #expect(isDue(&due, files: 1099, isWanted: true))
    }

    @Test func anotherGenerationOrAWishIsEnough() {
        var due = MapDue()
        due.loaded(placeCount: 100)
        #expect(!isDue(&due, files: 100, map: map))
        #expect(isDue(&due, files: 100, generation: 2, map: map))
        #expect(isDue(&due, files: 100, map: map, isWanted: true))
    }

    @Test func itIsLearntAnewAsTheLibraryGrows() {
        var due = MapDue()
        due.loaded(placeCount: 100)
        due.placed(49)
        // Copies are no growth.
        #expect(!isDue(&due, files: 900, map: map))
        due.placed(1)
        #expect(isDue(&due, files: 150, map: map))
        #expect(!isDue(&due, files: 150, isComplete: false, map: map))
        due.placed(250)
        #expect(isDue(&due, files: 400, isComplete: false, map: map))
    }
}

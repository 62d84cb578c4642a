import SystemPackage
import Testing
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

struct PackingTests {
    @Test func packsWhatHasGatheredWhenNothingElseIsToBeDone() throws {
        let test = try TestLibrary()
        for number in 1...9 { try test.add("\(number) 3", to: "\(number).wav") }
        try test.catalog.write { try $0.setPacks([], of: .min ... .max) }
        var packing = Packing(plan: PackPlan(size: 4))
        packing.packSome(test.catalog, test.library)
        #expect(try test.catalog.read { try $0.packs().map(\.fileCount) } == [4])
        packing.packSome(test.catalog, test.library)
        packing.packSome(test.catalog, test.library)
        #expect(try test.catalog.read { try $0.packs().map(\.fileCount) } == [4, 4])
        #expect(!packing.isDue)
        // Few changes are not worth it, another model always is.
        packing.note(changes: 3)
        #expect(!packing.isDue)
        packing.noteModel()
        #expect(packing.isDue)
    }
}

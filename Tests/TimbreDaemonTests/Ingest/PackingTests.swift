import SystemPackage
import Testing
import TimbreLibrary
import TimbreStore

@testable import TimbreDaemon

struct PackingTests {
    @Test func packsWhatHasGatheredWhenNothingElseIsToBeDone() throws {
        let test = try TestLibrary()
        for number in 1...9 { try test.add("\(number) 3", to: "\(number).wav") }
        try test.catalog.write { try $0.setPacks([], of: .min ... .max) }
        let loop = RunningIngest.makeLoop(test.catalog, test.library, extractor: "/nowhere")
        loop.packing.plan = PackPlan(size: 4)
        loop.packSome()
        #expect(try test.catalog.read { try $0.packs().map(\.fileCount) } == [4])
        loop.packSome()
        loop.packSome()
        #expect(try test.catalog.read { try $0.packs().map(\.fileCount) } == [4, 4])
        #expect(!loop.mayPack)
        // Few changes are not worth it, another model always is.
        loop.packing.note(changes: 3)
        #expect(!loop.mayPack)
        loop.packing.noteModel()
        #expect(loop.mayPack)
    }
}

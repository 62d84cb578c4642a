import Platform
import SystemPackage
import TestIngest
import Testing
import TimbreStore
import TimbreWire

@testable import TimbreAnswers

struct PrunePlanTests {
    @Test func whatNoFileHoldsIsTold() throws {
        let test = try StoredLibrary(of: ["kept.wav": "4", "copied.wav": "1 2", "copy.wav": "1 2", "gone.wav": "3"])
        for name in ["copied.wav", "gone.wav"] { try test.remove(name) }
        let reply = try test.catalog.read { try PrunePlan(offline: nil, $0) }.reply(pruned: false)
        #expect((reply.files, reply.contents, reply.pruned) == (1, 1, false))
        #expect(reply.examples.map(\.bytes) == [test.path("gone.wav").bytes])
    }

    @Test func aFolderThatIsAwayIsToldWithWhatItAloneHolds() throws {
        let test = try StoredLibrary(of: ["kit/a.wav": "1", "kit/b.wav": "2 2", "c.wav": "2 2"])
        for name in ["kit/a.wav", "kit/b.wav"] { try test.takeAway(name) }
        let reply = try test.catalog.read { try PrunePlan(offline: test.root, $0) }.reply(pruned: true)
        #expect((reply.files, reply.contents, reply.pruned) == (2, 1, true))
        #expect(reply.examples.map(\.bytes) == ["kit/a.wav", "kit/b.wav"].map { test.path($0).bytes })
    }
}

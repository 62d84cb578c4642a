import FolderWatch
import SystemPackage
import Testing
import TimbreLibrary

@testable import TimbreDaemon

struct PendingChangesTests {
    private func loop(_ test: TestLibrary) -> IngestLoop {
        let loop = RunningIngest.makeLoop(test.catalog, test.library, extractor: "/nowhere/timbre-extract")
        loop.state = test.state
        return loop
    }

    @Test func whatCannotBeStoredIsKeptUpToALimitAndThenLookedAtAgain() throws {
        let test = try TestLibrary()
        let loop = loop(test)
        var looks = 0
        loop.lookAgain = { looks += 1 }
        let start = ContinuousClock.now
        loop.storage.failed(at: start, why: "the disk is full")
        for number in 0..<IngestLoop.mostPending { loop.changes.append(.settled(test.path("\(number).wav"))) }
        loop.gather([])
        #expect(loop.changes.count == IngestLoop.mostPending && !loop.hasLostTrack)
        loop.gather([.scanBegan(test.root), .settled(test.path("a.wav")), .drained(token: 1, unsettled: [])])
        #expect(loop.hasLostTrack)
        loop.gather([.settled(test.path("b.wav")), try test.listed(), .scanEnded(test.root, complete: true)])
        #expect(
            loop.changes == [
                .scanBegan(test.root), .drained(token: 1, unsettled: []), .scanEnded(test.root, complete: false),
                .overflowed,
            ])
        #expect(looks == 0)
        loop.turnIfDue(at: start + .seconds(60))
        #expect(looks == 1 && !loop.hasLostTrack && loop.changes.isEmpty)
        #expect(loop.state.owedScans == [test.root])
        loop.turnIfDue(at: start + .seconds(120))
        #expect(looks == 1)
    }

    @Test func aScanOfWhichAPartWasLostForgetsNothing() throws {
        let test = try TestLibrary()
        try test.makeFolder("kit")
        try test.add("1 2", to: "kit/a.wav")
        try test.turn([.scanBegan(test.root), .overflowed, .scanEnded(test.root, complete: true)])
        #expect(test.indexed == ["kit/a.wav"])
        try test.turn([.scanBegan(test.root), .scanEnded(test.root, complete: true)])
        #expect(test.indexed == [])
    }

    @Test func whileAllIsStoredNothingIsLetGo() throws {
        let test = try TestLibrary()
        let loop = loop(test)
        loop.gather((0...IngestLoop.mostPending).map { .settled(test.path("\($0).wav")) })
        #expect(loop.changes.count == IngestLoop.mostPending + 1 && !loop.hasLostTrack)
    }
}

import FolderWatch
import SystemPackage
import Testing
import TimbreStore

@testable import TimbreIngest

struct TurnSyncTests {
    @Test func aSyncOfNothingIsOverAtOnce() throws {
        let test = try TestLibrary()
        try test.turn(try test.scan())
        try test.sync()
        #expect(test.isSynced)
    }

    @Test func aSyncIsOverExactlyWhenItsFilesAreDone() throws {
        let test = try TestLibrary()
        try test.turn(try test.scan())
        let paths = try ["1", "1 1", "1 1 1"].map { try test.write($0, to: "\($0).wav") }
        try test.turn(paths.map { .settled($0) })
        try test.sync()
        try test.turn([.settled(try test.write("1 1 1 1", to: "late.wav"))])
        for _ in 0..<3 {
            #expect(!test.isSynced)
            try test.turn([], [try #require(try test.nextFinding())])
        }
        #expect(test.isSynced)
        #expect(!test.state.waiting.isEmpty)
        #expect(test.state.syncs.takeFinished().count == 1)
        #expect(test.state.syncs.isEmpty)
    }

    @Test("A sync waits for a name that is held back, whatever becomes of it", arguments: 0..<5)
    func waitsForWhatIsHeldBack(end: Int) throws {
        let test = try TestLibrary()
        try test.turn(try test.scan())
        let path = try test.write("1", to: "a.wav")
        try test.turn([.pending(path)])
        try test.sync(unsettled: [path])
        #expect(!test.isSynced)
        switch end {
        case 0: try test.turn([.settled(path)])
        case 1:
            try test.move("a.wav", to: "b.wav")
            try test.turn([.moved(from: path, to: test.path("b.wav"), isDirectory: false)])
            #expect(!test.isSynced)
            try test.turn([.settled(test.path("b.wav"))])
        case 2:
            try test.remove("a.wav")
            try test.turn([.gone(path, isDirectory: false)])
        case 3:
            try test.remove("a.wav")
            try test.turn([.settled(path)])
        default: try test.turn([test.offline])
        }
        try test.work()
        #expect(test.isSynced)
    }

    @Test("A sync is over when a file under way is not there any more", arguments: [true, false])
    func filesThatGo(isDirectory: Bool) throws {
        let test = try TestLibrary()
        try test.turn(try test.scan())
        try test.turn([.settled(try test.write("1", to: "a.wav"))])
        try test.sync()
        try test.turn([.gone(isDirectory ? test.root : test.path("a.wav"), isDirectory: isDirectory)])
        #expect(test.isSynced)
    }

    @Test func aSyncWaitsForAScanUnderWayAndWhatItFinds() throws {
        let test = try TestLibrary()
        try test.write("1", to: "a.wav")
        try test.turn([.scanBegan(test.root)])
        try test.sync()
        try test.turn([try test.listed(), .scanEnded(test.root, complete: true)])
        #expect(!test.isSynced)
        try test.work()
        #expect(test.isSynced)
    }

    @Test func aSyncWaitsForTheFirstScanOfAFolder() throws {
        let test = try TestLibrary()
        try test.sync()
        #expect(!test.isSynced)
        try test.turn(try test.scan())
        #expect(test.isSynced)
    }

    @Test func afterLostEventsASyncWaitsForAScanThatBeganLater() throws {
        let test = try TestLibrary()
        try test.turn(try test.scan())
        try test.turn([.scanBegan(test.root), try test.listed(), .overflowed])
        try test.sync()
        // What this scan came by before the events were lost may have changed since.
        try test.turn([.scanEnded(test.root, complete: true)])
        #expect(!test.isSynced && !test.state.isIdle)
        try test.turn(try test.scan())
        #expect(test.isSynced && test.state.isIdle)
    }

    @Test func eventsLostDuringASyncMakeItWait() throws {
        let test = try TestLibrary()
        try test.turn(try test.scan())
        try test.turn([.settled(try test.write("1", to: "a.wav"))])
        try test.sync()
        try test.turn([.overflowed])
        try test.work()
        #expect(!test.isSynced)
        try test.turn(try test.scan())
        #expect(test.isSynced)
    }

    @Test func aFolderWithinAFolderNeedsNoScanOfItsOwn() throws {
        let test = try TestLibrary()
        test.state.folders.requireScans(of: [test.root, test.path("kit")])
        try test.sync()
        try test.turn(try test.scan())
        #expect(test.isSynced && test.state.isIdle)
    }

    @Test func aFolderThatIsWatchedNoMoreKeepsNoSyncWaiting() throws {
        let test = try TestLibrary()
        let path = try test.write("1", to: "a.wav")
        try test.sync(unsettled: [path])
        try test.turn { try $0.keepOnly([]) }
        #expect(test.isSynced && test.state.isIdle)
        #expect(try test.catalog.read { try $0.folders() }.isEmpty)
    }
}

import FolderWatch
import Glibc
import Synchronization
import SystemPackage
import TestFiles
import Testing

struct SyncTests {
    @Test func afterASyncEverythingIsKnownOrHeldBack() throws {
        let place = try WatchedPlace(settle: .seconds(3600))
        defer { place.close() }
        for round in 0..<50 {
            let file = place.root.appending("d\(round)/\(round).wav")
            try Disk.makeDirectory(file.removingLastComponent())
            try Disk.write(file)
            #expect(place.sync().contains(file))
            #expect(place.known.pending.contains(file))
        }
        #expect(Disk.tree(place.place.appending("sync")).files.isEmpty)
    }

    @Test func aSyncTellsOfWhatWasDeletedOrMovedOutBefore() throws {
        let place = try WatchedPlace(before: { place in
            for name in ["a", "b"] { try Disk.write(place.appending("root/\(name).wav"), aged: true) }
        })
        defer { place.close() }
        place.waitForStart()
        try Disk.rename(place.root.appending("a.wav"), place.place.appending("a.wav"))
        try Disk.unlink(place.root.appending("b.wav"))
        place.sync()
        #expect(place.known.settled.isEmpty)
    }

    /// The kernel tells the closing under no name, as the file was opened under none.
    @Test func aFileThatGotItsNameWhenItWasCompleteIsKnownAtTheNextSync() throws {
        let place = try WatchedPlace(settle: .seconds(3600))
        defer { place.close() }
        place.waitForStart()
        let path = place.root.appending("take.wav")
        let file = try Disk.writeUnnamed(path)
        #expect(!place.sync().contains(path))
        #expect(place.known.pending == [path])
        try file.close()
        // While other tests start programs, a closed file may still be open.
        let deadline = ContinuousClock.now + .seconds(20)
        while !place.sync().contains(path), ContinuousClock.now < deadline {}
        #expect(place.sync().contains(path))
    }

    @Test func withoutACookieTheQueueIsReadToItsEnd() throws {
        // A file lies where the directory of the cookies should be.
        let place = try WatchedPlace(before: { try Disk.write($0.appending("sync")) })
        defer { place.close() }
        place.waitForStart()
        let file = place.root.appending("x.wav")
        try Disk.write(file)
        place.sync()
        #expect(place.known.pending.union(place.known.settled) == [file])
    }

    // Tens of thousands of events take the sanitizer minutes, and show it nothing that fewer do not.
    @Test(.disabled(if: unsafe getenv("TSAN_OPTIONS") != nil, "too slow under the thread sanitizer"))
    func aFloodWhileNobodyReadsLosesNothing() throws {
        let place = try WatchedPlace()
        defer { place.close() }
        place.waitForStart()
        // 17 000 files make more events than the queue holds (16 384).
        let names = (0..<17_000).map { "\($0 % 100)-\($0).wav" }
        let paths = names.map { Array("\(place.root)/\($0)".utf8) }
        place.reading.withLock { _ in
            #expect(paths.allSatisfy(Disk.touch))
            for path in paths.dropLast(300) { Disk.unlink(path) }
        }
        place.wait(for: Set(names.suffix(300).map { FilePath("root/\($0)") }))
        #expect(place.known.overflows > 0)
        #expect(place.watcher.usage.overflows == place.known.overflows)
        place.sync()
    }

    // As above.
    @Test(.disabled(if: unsafe getenv("TSAN_OPTIONS") != nil, "too slow under the thread sanitizer"))
    func afterAFloodNobodyIsThoughtToBeWriting() throws {
        let place = try WatchedPlace()
        defer { place.close() }
        place.waitForStart()
        let slow = place.root.appending("slow.wav")
        let file = try FileDescriptor.open(slow, .writeOnly, options: [.create], permissions: .ownerReadWrite)
        place.sync()
        #expect(place.known.pending == [slow])
        let names = (0..<100).map { Array("\(place.root)/\($0).txt".utf8) }
        try place.reading.withLock { _ in
            // The watcher's thread comes to its reader with this, and stays there.
            try Disk.write(place.root.appending("news.wav"))
            #expect((0..<20_000).allSatisfy { Disk.touch(names[$0 % names.count]) })
            try file.close()
        }
        place.wait { $0.overflows > 0 }
        let unsettled = place.sync()
        #expect(unsettled.contains(slow) || place.known.settled.contains(slow))
    }

    @Test func aPokeIsNoticedAndNotTold() throws {
        let place = try WatchedPlace()
        defer { place.close() }
        place.waitForStart()
        let before = (turn: place.watcher.lastTurn, changes: place.known.changes.count)
        place.watcher.poke()
        place.sync()
        #expect(place.watcher.lastTurn > before.turn)
        #expect(place.known.changes.count == before.changes + 1)
    }

    @Test func aStopBeforeTheStartCounts() throws {
        let watcher = try FolderWatcher(settings: WatchSettings(cookieDirectory: "/nowhere"))
        watcher.stop()
        try watcher.run { _ in Issue.record("nothing is to be told") }
    }
}

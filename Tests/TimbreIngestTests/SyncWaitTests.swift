import Platform
import SystemPackage
import Testing

@testable import TimbreIngest

struct SyncWaitTests {
    private func drained(
        unsettled: [FilePath] = [], files: [Int64] = [], scans: [FilePath] = []
    ) -> SyncWait {
        var wait = SyncWait()
        wait.drained(unsettled: unsettled, files: files, scans: scans)
        return wait
    }

    @Test func isNotOverBeforeTheWatcherHasAnswered() {
        var wait = SyncWait()
        wait.finished(1)
        wait.gone("/a", isDirectory: true)
        wait.scanEnded("/")
        #expect(!wait.isFinished)
        wait.drained(unsettled: [], files: [], scans: [])
        #expect(wait.isFinished)
    }

    @Test func waitsForEveryFileThatWasUnderWay() {
        var wait = drained(files: [1, 2])
        wait.finished(2)
        wait.finished(3)
        #expect(!wait.isFinished)
        wait.finished(1)
        #expect(wait.isFinished)
    }

    @Test func whoWaitsForNamesDoesNotWaitForFiles() {
        var wait = SyncWait(isOfNames: true)
        #expect(!wait.isFinished)
        wait.drained(unsettled: ["/a/new.wav"], files: [1], scans: ["/a"])
        #expect(!wait.isFinished)
        wait.scanEnded("/a")
        #expect(wait.isFinished)
    }

    @Test func filesThatComeLaterAreNotWaitedFor() {
        var wait = drained(files: [1])
        wait.enqueued(2, path: "/a/late.wav")
        wait.finished(1)
        #expect(wait.isFinished)
    }

    @Test func aNameThatWasHeldBackIsWaitedForAsAFile() {
        var wait = drained(unsettled: ["/a/new.wav"])
        wait.enqueued(4, path: "/a/new.wav")
        #expect(!wait.isFinished)
        wait.finished(4)
        #expect(wait.isFinished)
    }

    @Test(
        "A name that was held back may go",
        arguments: [
            ("/a/b/new.wav", false, true), ("/a/b", true, true), ("/a", true, true), ("/a/b/other.wav", false, false),
            ("/a/b/new", true, false), ("/a/bb", true, false),
        ])
    func mayGo(path: String, isDirectory: Bool, isOver: Bool) {
        var wait = drained(unsettled: ["/a/b/new.wav"])
        wait.gone(FilePath(path), isDirectory: isDirectory)
        #expect(wait.isFinished == isOver)
    }

    @Test(
        "A name that was held back may become another",
        arguments: [
            ("/a/b/new.wav", "/a/c.wav", "/a/c.wav"), ("/a/b", "/x", "/x/new.wav"), ("/a/bb", "/x", "/a/b/new.wav"),
        ])
    func mayMove(from: String, to: String, now: String) {
        var wait = drained(unsettled: ["/a/b/new.wav"])
        wait.moved(from: FilePath(from), to: FilePath(to))
        #expect(wait.unsettled == [FilePath(now)])
    }

    @Test func waitsForScansAndForWhatTheyFind() {
        var wait = drained(scans: ["/a", "/b"])
        wait.enqueued(7, path: "/a/found.wav")
        wait.scanEnded("/a")
        wait.scanEnded("/b")
        #expect(!wait.isFinished)
        wait.finished(7)
        #expect(wait.isFinished)
    }

    @Test func aLostEventIsMadeUpForByAScan() {
        var wait = drained(files: [1])
        wait.requireScans(of: ["/a"])
        wait.finished(1)
        #expect(!wait.isFinished)
        wait.scanEnded("/a")
        #expect(wait.isFinished)
    }
}

struct SyncWaitsTests {
    private let one = Promise<Void, any Error>()
    private let other = Promise<Void, any Error>()

    /// Two syncs that wait for a file each, and for another one together.
    private func syncs() -> SyncWaits {
        var syncs = SyncWaits()
        syncs.begin(1, one)
        syncs.begin(2, other)
        syncs.drained(2, unsettled: [], files: [8, 9], scans: [])
        syncs.drained(1, unsettled: [], files: [7, 9], scans: [])
        return syncs
    }

    private func finished(_ syncs: inout SyncWaits) -> [ObjectIdentifier] {
        syncs.takeFinished().map(ObjectIdentifier.init)
    }

    @Test func eachIsOverWhenItsOwnFilesAreDone() {
        var syncs = syncs()
        syncs.finished(9)
        let none = finished(&syncs)
        syncs.finished(8)
        let second = finished(&syncs)
        #expect(none == [] && second == [other].map(ObjectIdentifier.init) && !syncs.isEmpty)
        syncs.finished(7)
        let first = finished(&syncs)
        #expect(first == [one].map(ObjectIdentifier.init) && syncs.isEmpty)
    }

    @Test func theOldestIsOverFirst() {
        var syncs = syncs()
        for file in 7...9 as ClosedRange<Int64> { syncs.finished(file) }
        let both = finished(&syncs)
        #expect(both == [one, other].map(ObjectIdentifier.init))
    }

    @Test func oneThatNobodyWaitsForIsNeverOver() {
        var syncs = syncs()
        syncs.giveUp(1)
        for file in 7...9 as ClosedRange<Int64> { syncs.finished(file) }
        let left = finished(&syncs)
        #expect(left == [other].map(ObjectIdentifier.init))
    }

    @Test func theEndTakesThemAll() {
        var syncs = syncs()
        let all = syncs.takeAll()
        #expect(all.count == 2 && syncs.isEmpty)
    }
}

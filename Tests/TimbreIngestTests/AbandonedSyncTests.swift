import FolderWatch
import Glibc
import Platform
import SystemPackage
import TestFiles
import Testing

@testable import TimbreIngest

@Suite(.timeLimit(.minutes(10)))
struct AbandonedSyncTests {
    private struct HasLeft: Error {}

    @Test func aSyncEndsWithItsClientAndLeavesNothingBehind() throws {
        let test = try TestLibrary()
        let running = try RunningIngest(test)
        // A watcher that does not run never says that its queue is drained.
        let watcher = try FolderWatcher(settings: WatchSettings(cookieDirectory: test.folder.path))
        let (ingest, outcome, leaving) = (running.ingest, Promise<Void, any Error>(), try EventSignal())
        try DetachedThread.start {
            outcome.fulfil(
                Result {
                    try FolderSync(ingest: ingest, watcher: watcher).waitForAll { signal, longest in
                        if RunningIngest.wait(for: leaving, or: signal, atMost: longest) { throw HasLeft() }
                    }
                })
        }
        let deadline = ContinuousClock.now + .seconds(20)
        while try ingest.perform({ $0.intake.state.syncs.isEmpty }), .now < deadline { sched_yield() }
        #expect(try outcome.valueIfGiven() == nil)
        leaving.raise()
        #expect(throws: HasLeft.self) { try outcome.wait(atMost: .seconds(20)) }
        #expect(try ingest.perform { $0.intake.state.syncs.isEmpty })
    }

    @Test func whoWaitsForNamesWaitsNoLongerThanUntilAMoment() throws {
        let test = try TestLibrary()
        let running = try RunningIngest(test)
        let watcher = try FolderWatcher(settings: WatchSettings(cookieDirectory: test.folder.path))
        let ingest = running.ingest
        // A library that is paused has names all the same.
        try ingest.pause()
        let never = try EventSignal()
        var waits = 0
        let isSeen = try FolderSync(ingest: ingest, watcher: watcher).waitForNames(until: .now + .milliseconds(30)) {
            signal, longest in
            waits += 1
            #expect(longest <= .milliseconds(30))
            _ = RunningIngest.wait(for: never, or: signal, atMost: longest)
        }
        #expect(!isSeen && waits > 0)
        #expect(try ingest.perform { $0.intake.state.syncs.isEmpty })
    }
}

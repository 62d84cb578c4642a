import FolderWatch
import Glibc
import Platform
import SystemPackage
import TestSounds
import Testing
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

/// Files that somebody has open for writing.
@Suite(.timeLimit(.minutes(10)))
struct OpenForWritingTests {
    private let tone = WaveFile(sine(440, count: 30_000, rate: 22_050), rate: 22_050).bytes

    private func opened(_ path: FilePath) throws(Errno) -> OpenedFile {
        try OpenedFile.open(path, below: path)
    }

    /// Waits until nobody has a file open for writing: while other tests start programs, a closed file may still be.
    private func isFree(_ file: OpenedFile) -> Bool {
        let deadline = ContinuousClock.now + .seconds(20)
        while file.isOpenForWriting, ContinuousClock.now < deadline {}
        return !file.isOpenForWriting
    }

    @Test func aWriterIsSeenUntilItCloses() throws {
        let test = try TestLibrary()
        let path = try test.write("1 2", to: "a.wav")
        let reader = try opened(path)
        #expect(isFree(reader))
        for mode in [FileDescriptor.AccessMode.writeOnly, .readWrite] {
            let writer = try FileDescriptor.open(path, mode, options: .closeOnExec)
            #expect(reader.isOpenForWriting)
            try writer.close()
            #expect(isFree(reader))
        }
        let other = try FileDescriptor.open(path, .readOnly)
        #expect(!reader.isOpenForWriting)
        try other.close()
    }

    @Test func whereNobodyMayAskNobodyIsAWriter() throws {
        // Not an ordinary file of a file system that has leases.
        let status = try opened("/proc/self/status")
        #expect(!status.isOpenForWriting)
    }

    @Test func aRecordingIsHeardOnceWhenItIsDone() throws {
        let test = try TestLibrary()
        let path = test.path("take.wav")
        let recorder = try FileDescriptor.open(
            path, .writeOnly, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        try recorder.writeAll(tone.prefix(20_000))
        let running = try RunningIngest(test)
        // A sync does not wait for it: nobody knows when it is done.
        #expect(try running.finish([.settled(path)]))
        #expect(try test.file("take.wav")?.state == .pending)
        #expect(try running.ingest.perform { $0.intake.state.isIdle && $0.intake.state.waiting.awaitedCount == 0 })
        try recorder.writeAll(tone.dropFirst(20_000))
        #expect(try running.finish([.settled(path)]))
        #expect(
            try test.file("take.wav")?.state == .pending
                && (try running.ingest.perform { $0.intake.state.decodedCount }) == 0)
        try recorder.close()
        #expect(try running.finish([.settled(path)]))
        #expect(try test.file("take.wav")?.state == .indexed)
        #expect(try running.ingest.perform { $0.intake.state.decodedCount } == 1)
    }

    /// The kernel tells the closing under the name that the file was opened by, which is gone.
    @Test func aSyncLooksAgainAtAFileWhoseClosingNobodyHeard() throws {
        let test = try TestLibrary()
        let (first, second) = (test.path("take.wav"), test.path("kept.wav"))
        let recorder = try FileDescriptor.open(
            first, .writeOnly, options: [.create, .closeOnExec], permissions: .ownerReadWrite)
        try recorder.writeAll(tone)
        #expect(unsafe link(first.string, second.string) == 0)
        let running = try RunningIngest(test)
        // Looked at until the next look is far off.
        var looks = 0
        while looks < 6 {
            #expect(try running.finish([.settled(second)]))
            looks = try running.ingest.perform { loop in
                let waiting = loop.intake.state.waiting
                return waiting.entries.keys.map { waiting.entries[$0]?.openLooks ?? 0 }.max() ?? 0
            }
        }
        try test.remove("take.wav")
        #expect(try running.finish([.gone(first, isDirectory: false)]))
        #expect(try test.file("kept.wav")?.state == .pending)
        try recorder.close()
        #expect(try running.finish([]))
        #expect(try test.file("kept.wav")?.state == .indexed)
    }

    @Test func aSyncAwaitsNoFileThatIsStillOpen() throws {
        let test = try TestLibrary()
        try test.turn(try test.scan())
        test.time = WallClock.seconds() + 1
        let path = try test.write("1 2", to: "a.wav")
        try test.turn([.settled(path)])
        for _ in 0..<2 {
            try test.turn([], [try finding(test) { $0.result = .beingWritten }])
            test.state.waiting.wake(at: test.now + .seconds(1))
        }
        try test.turn([], [try finding(test) { $0.result = .beingWritten }])
        #expect(test.state.waiting.isAtRest)
        try test.sync()
        // It is looked at once more for the sync, and found open.
        #expect(!test.state.waiting.isAtRest && !test.isSynced)
        try test.turn([], [try finding(test) { $0.result = .beingWritten }])
        #expect(test.state.waiting.isAtRest && test.isSynced)
    }

    private func finding(_ test: TestLibrary, _ change: (inout Finding) -> Void) throws -> Finding {
        var finding = try #require(try test.nextFinding())
        change(&finding)
        return finding
    }

    @Test func whatIsOpenedMeanwhileIsLookedAtAgainLater() throws {
        let test = try TestLibrary()
        test.time = WallClock.seconds() + 1
        let path = try test.write("1 2", to: "a.wav")
        try test.turn([.settled(path)])
        try test.turn([], [try finding(test) { $0.isOpenForWriting = true }])
        // Perhaps for a moment only.
        #expect(!test.state.waiting.isAtRest && test.state.waiting.nextDeferred == test.now + .milliseconds(250))
        test.state.waiting.wake(at: test.now + .seconds(1))
        try test.turn([], [try finding(test) { $0.isOpenForWriting = true }])
        #expect(test.indexed.isEmpty && test.state.waiting.isAtRest && test.state.waiting.awaitedCount == 0)
        #expect(try test.catalog.write { try $0.takeSuspects(boot: "next") }.isEmpty)
        #expect(test.state.waiting.nextDeferred == test.now + .milliseconds(500))
        test.state.waiting.wake(at: test.now + .seconds(1))
        try test.work()
        #expect(test.indexed == ["a.wav"])
    }

    @Test func whatIsKeptOpenForLongIsTakenAsItIs() throws {
        // The test's time is a thousand seconds after the file's.
        let test = try TestLibrary()
        let path = try test.write("1 2", to: "a.wav")
        try test.turn([.settled(path)])
        try test.turn([], [try finding(test) { $0.isOpenForWriting = true }])
        #expect(test.indexed == ["a.wav"])
    }

    @Test func aClosingThatCameBeforeTheAnswerIsNotMissed() throws {
        let test = try TestLibrary()
        test.time = WallClock.seconds() + 1
        let path = try test.write("1 2", to: "a.wav")
        try test.turn([.settled(path)])
        let held = try finding(test) { $0.result = .beingWritten }
        try test.turn([.settled(path)], [held])
        #expect(!test.state.waiting.isAtRest && test.state.waiting.hasWaiting)
        try test.work()
        #expect(test.indexed == ["a.wav"])
    }

    @Test func aFileThatWasPatientEnoughMeanwhileIsTriedAtOnce() throws {
        let test = try TestLibrary()
        let path = try test.write("1 2", to: "a.wav")
        try test.turn([.settled(path)])
        try test.turn([], [try finding(test) { $0.result = .beingWritten }])
        #expect(test.state.waiting.hasWaiting)
    }

    @Test func aFileThatGoesWhileItIsWrittenIsForgotten() throws {
        let test = try TestLibrary()
        test.time = WallClock.seconds() + 1
        let path = try test.write("1 2", to: "a.wav")
        try test.turn([.settled(path)])
        for _ in 0..<2 {
            try test.turn([], [try finding(test) { $0.result = .beingWritten }])
            test.state.waiting.wake(at: test.now + .seconds(1))
        }
        #expect(test.state.waiting.awaitedCount == 0)
        try test.remove("a.wav")
        try test.turn([.gone(path, isDirectory: false)])
        #expect(try test.file("a.wav") == nil)
        #expect(test.state.waiting.isEmpty && test.state.waiting.isAtRest && test.state.waiting.awaitedCount == 0)
    }
}

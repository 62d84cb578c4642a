import FolderWatch
import Platform
import SoundFeatures
import Synchronization
import SystemPackage
import Testing
import TimbreStore

@testable import TimbreIngest

/// Files of file systems that can stop answering.
@Suite(.timeLimit(.minutes(10)))
struct FileOpeningTests {
    private static func item(_ file: Int64) -> WorkItem {
        WorkItem(file: file, path: FilePath("/net/\(file).wav"), lastRead: nil, mustDecode: false)
    }

    /// Holds up whoever opens a file until it is let go.
    private final class Hang: Sendable {
        private let isOver = Promise<Void, any Error>()
        /// Given once somebody is held up.
        let begun = Promise<Void, any Error>()

        func end() { isOver.fulfil(.success(())) }

        func opener(_ post: @escaping @Sendable (FileOpener.News) -> Void = { _ in }) -> FileOpener {
            FileOpener(
                open: { [isOver, begun] _, _, _ in
                    begun.fulfil(.success(()))
                    do { try isOver.wait() } catch { return .failure(.ioError) }
                    return .failure(.noSuchFileOrDirectory)
                }, post: post)
        }
    }

    @Test func aFileThatIsNotOpenedInTimeIsPutAside() throws {
        let (hang, now) = (Hang(), ContinuousClock.now)
        let opener = hang.opener()
        var opening = FileOpening { _, _ in "/net" }
        #expect(opening.nextLook(at: now) == nil)
        #expect(opening.begin(Self.item(1), with: opener, below: "/net", at: now) == .begun)
        _ = try #require(try hang.begun.wait(atMost: .seconds(60)))
        let began = try #require(opener.began)
        #expect(opening.nextLook(at: began) == began + .seconds(1))
        #expect(opening.begin(Self.item(2), with: opener, below: "/net", at: began) == .begun)
        #expect(opening.begin(Self.item(3), with: opener, below: "/net", at: began + .seconds(2)) == .silent)
        #expect(opening.takeSilent(at: began + .seconds(9)).isEmpty)
        #expect(opening.takeSilent(at: began + .seconds(10)).map(\.file) == [1, 2])
        #expect(opening.takeSilent(at: began + .seconds(20)).isEmpty)
        hang.end()
    }

    @Test func onlySoManyFilesAreOpenedAhead() {
        let (hang, now) = (Hang(), ContinuousClock.now)
        let (one, other) = (hang.opener(), hang.opener())
        var opening = FileOpening { _, _ in "/net" }
        for file in 1...16 as ClosedRange<Int64> {
            #expect(opening.begin(Self.item(file), with: one, below: "/net", at: now) == .begun)
        }
        // Those behind wait aside, so that they hold up nobody, but not any number of them.
        for file in 17...1040 as ClosedRange<Int64> {
            #expect(opening.begin(Self.item(file), with: one, below: "/net", at: now) == .held)
        }
        #expect(opening.begin(Self.item(1041), with: one, below: "/net", at: now) == .full)
        #expect(opening.begin(Self.item(1042), with: other, below: "/net", at: now) == .begun)
        #expect(opening.takeHeld() == Array(17...1040))
        #expect(opening.takeHeld() == [])
        hang.end()
    }

    @Test func whatIsMountedAnewHasAnOpenerOfItsOwn() {
        let number = Mutex(1)
        var opening = FileOpening(mount: { _ in number.withLock { $0 } }, point: { _, _ in "/net" })
        func opener() -> FileOpener? { opening.opener(for: "/net/x.wav", following: false) { _ in } }
        let (first, again) = (opener(), opener())
        #expect(first != nil && first === again)
        number.withLock { $0 = 2 }
        let other = opener()
        #expect(other != nil && other !== first)
    }

    @Test func aNewsThatComesTooLateIsForNobody() throws {
        let (hang, late) = (Hang(), Promise<OpeningTicket, any Error>())
        let opener = hang.opener { news in
            if case .unopened(let ticket, .noSuchFileOrDirectory, nil) = news { late.fulfil(.success(ticket)) }
        }
        var opening = FileOpening { _, _ in "/net" }
        #expect(opening.begin(Self.item(1), with: opener, below: "/net", at: .now) == .begun)
        _ = try #require(try hang.begun.wait(atMost: .seconds(60)))
        #expect(opening.takeSilent(at: .now + .seconds(60)).count == 1)
        hang.end()
        let ticket = try #require(try late.wait(atMost: .milliseconds(60_000)))
        #expect(ticket.file == 1)
        #expect(opening.end(ticket) == nil)
    }

    @Test func filesThatAreOpenedElsewhereAreIndexed() throws {
        let test = try TestLibrary()
        for number in 0..<40 { try test.write("1 \(number)", to: "\(number).wav") }
        let fake = Mutex(0)
        let opening = FileOpening { path, _ in
            fake.withLock { $0 += 1 }
            return path.lastComponent?.string.hasPrefix("1") == true ? "/one" : "/other"
        }
        let running = try RunningIngest(test, opening: opening)
        #expect(try running.finish([.scanBegan(test.root), test.listed(), .scanEnded(test.root, complete: true)]))
        running.stop()
        // Sounds they are none, but all were opened, read, and closed.
        let counts = try test.catalog.read { try $0.fileCounts() }
        #expect(counts.total == 40 && counts.pending == 0)
        #expect(fake.withLock { $0 } >= 40)
    }

    @Test func aFileDoesNotWaitForOneOfItsSizeThatMayNotAnswer() throws {
        let test = try TestLibrary()
        let served = try test.write("1 2", to: "served.wav")
        let opening = FileOpening { path, _ in path == served ? "/net" : nil }
        let running = try RunningIngest(
            test, extractor: try WorkerPoolTests.silentProgram(in: test.folder), opening: opening)
        func waitForFiles(_ count: Int) throws {
            let deadline = ContinuousClock.now + .seconds(30)
            while try running.ingest.perform({ $0.dispatcher.busyCount }) < count, .now < deadline {}
            #expect(try running.ingest.perform { $0.dispatcher.busyCount } == count)
        }
        running.ingest.watcherSaw([.settled(served)])
        try waitForFiles(1)
        running.ingest.watcherSaw([.settled(try test.write("2 1", to: "here.wav"))])
        try waitForFiles(2)
    }

    @Test func noSyncWaitsForAFileThatIsNotAnsweredFor() throws {
        let test = try TestLibrary()
        try test.turn(try test.scan())
        let path = try test.write("1", to: "a.wav")
        try test.turn([.settled(path)])
        try test.sync()
        let file = try #require(try test.file("a.wav"))
        #expect(test.state.waiting.noteNext() == file.id)
        #expect(test.state.waiting.handOutNext() == file.id)
        #expect(!test.isSynced)
        try test.turn([], [Finding(file: file.id, result: .unanswered, identity: .unknown, hasChanged: false)])
        #expect(test.isSynced)
        #expect(test.state.isIdle)
        #expect(try test.file("a.wav")?.state == .pending)
        // It is tried again by itself.
        test.state.waiting.wake(at: test.now + .seconds(10))
        try test.work()
        #expect(try test.file("a.wav")?.state == .indexed)
    }

    @Test func whatMayNotAnswerIsNotLookedAt() throws {
        let test = try TestLibrary()
        try test.write("1", to: "known.wav")
        try test.turn(try test.scan())
        try test.work()
        test.mayHang = { _ in true }
        // Neither is there; only opening them shows it.
        try test.remove("known.wav")
        try test.turn([.settled(test.path("known.wav")), .settled(test.path("new.wav"))])
        #expect(test.state.waiting.count == 2)
        try test.turn([.pending(test.path("other.wav"))])
        #expect(try test.file("other.wav")?.state == .pending)
        #expect(test.state.waiting.count == 2)
        try test.work()
        #expect(test.state.waiting.isEmpty)
    }

    @Test func aFileThatCouldNotBeReadIsReadWhenItsFolderIsBack() throws {
        let test = try TestLibrary()
        try test.write("1", to: "a.wav")
        try test.turn(try test.scan())
        test.mayHang = { _ in true }
        for _ in 0..<2 {
            let finding = try #require(try test.nextFinding())
            try test.turn(
                [],
                [
                    Finding(
                        file: finding.file, result: .answer(.crashed("decoding took longer than 30 s")),
                        identity: finding.identity, hasChanged: false)
                ])
        }
        let failed = try #require(try test.file("a.wav"))
        #expect(failed.failure?.reason == .unreadable)
        try test.turn([test.offline])
        try test.online()
        try test.turn(try test.scan())
        try test.work()
        #expect(try test.file("a.wav")?.state == .indexed)
    }
}

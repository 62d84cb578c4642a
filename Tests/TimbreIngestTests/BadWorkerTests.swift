import ContentHash
import FolderWatch
import Glibc
import Platform
import SoundFeatures
import SystemPackage
import TestFiles
import TestSounds
import Testing
import TimbreExtraction
import TimbreStore

@testable import TimbreIngest

/// Programs that are asked as workers, and behave otherwise.
@Suite(.timeLimit(.minutes(10)))
struct BadWorkerTests {
    /// A reply's packet as an argument of printf(1): that the worker has begun with file 1, all zeros after it.
    private static let began = "\\001\\000\\000\\000\\000\\000\\000\\000\\001"

    private let folder: TemporaryFolder
    private let file: FilePath

    init() throws {
        folder = try TemporaryFolder()
        file = try folder.write("7", to: "a.wav")
    }

    /// A pool of one worker, which is a script of the shell: its descriptor 0 is the socket, and a packet is read and
    /// written at once.
    private func pool(_ script: String) throws -> WorkerPool { WorkerPool(executable: try program(script), size: 1) }

    private func program(_ script: String) throws -> FilePath {
        let path = try folder.write("#!/bin/sh\n" + script + "\n", to: "worker")
        guard unsafe path.withPlatformString({ unsafe chmod($0, 0o700) }) == 0 else { throw Errno.last }
        return path
    }

    private func submit(_ files: ClosedRange<UInt64>, to pool: inout WorkerPool, longest: Double = 1) throws {
        for id in files {
            let request = ExtractionRequest(id: id, work: .features, longest: longest)
            try submit(WorkOrder(request: request, deadline: .seconds(60)), to: &pool)
        }
    }

    private func submit(_ order: WorkOrder, to pool: inout WorkerPool) throws {
        let opened = try FileDescriptor.open(file, .readOnly)
        defer { _ = close(opened.rawValue) }
        var isTaken = pool.submit(order, file: opened, at: .now)
        // A process that another test starts at this moment may have the script open for writing until it runs, and
        // then nobody can run the script.
        for _ in 0..<100 where !isTaken {
            isTaken = pool.submit(order, file: opened, at: pool.nextStart ?? .now)
        }
        #expect(isTaken)
    }

    /// Waits until all files are back.
    private func receiveAll(_ pool: inout WorkerPool) -> [Int64: WorkerOutcome.Result] {
        var results: [Int64: WorkerOutcome.Result] = [:]
        let deadline = ContinuousClock.now + .seconds(30)
        while pool.busyCount > 0, ContinuousClock.now < deadline {
            var entries = pool.sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            guard unsafe poll(&entries, nfds_t(entries.count), 20_000) > 0 else { break }
            for outcome in pool.receive(from: entries.filter { $0.revents != 0 }.map(\.fd), at: .now) {
                results[outcome.file] = outcome.result
            }
        }
        return results
    }

    @Test func aCrashWithSeveralFilesQueuedCostsTheFirstAlone() throws {
        var pool = try pool("dd bs=256 count=1 2>/dev/null >/dev/null; printf '\(Self.began)' >&0; kill -SEGV $$")
        try submit(1...4, to: &pool)
        // It has died before anybody has listened to it, with requests unread.
        var information = unsafe siginfo_t()
        #expect(unsafe waitid(P_PID, id_t(pool.processIDs[0]), &information, WEXITED | WNOWAIT) == 0)
        let process = pool.processIDs[0]
        let results = receiveAll(&pool)
        guard case .crashed("the decoder was ended by signal 11") = results[1] else {
            Issue.record("\(results)")
            return
        }
        let deaths = pool.takeDeaths()
        #expect(deaths == [WorkerDeath(process: process, file: 1, reason: "the decoder was ended by signal 11")])
        #expect(results.count == 4 && [2, 3, 4].allSatisfy { results[$0]?.isReturn == true })
        #expect(pool.trouble == nil)
    }

    @Test func filesOfWhichEveryWorkerDiesAreGivenUpAfterTheSecond() throws {
        let test = try TestLibrary()
        for number in 0..<5 { try test.write("1 \(number)", to: "\(number).wav") }
        // Begins with the file that it is asked for, and dies.
        let deadly = try program(
            """
            id=$(dd bs=256 count=1 2>/dev/null | head -c 8 | od -An -v -to1 | tr -d '\\n' | sed 's/ /\\\\/g')
            printf "$id\\\\001" >&0
            kill -SEGV $$
            """)
        let running = try RunningIngest(test, extractor: deadly)
        #expect(try running.finish([.scanBegan(test.root), test.listed(), .scanEnded(test.root, complete: true)]))
        running.stop()
        for number in 0..<5 {
            let file = try #require(try test.file("\(number).wav"))
            #expect(file.failure == ExtractionFailure(.crashed, "the decoder was ended by signal 11"))
            #expect((file.state, file.tries) == (.failed, 2))
        }
    }

    @Test func nonsenseFromTheStartCostsNoFileAnything() throws {
        var pool = try pool("printf 'Hello, world.' >&0; exec sleep 1000")
        try submit(1...2, to: &pool)
        let results = receiveAll(&pool)
        #expect(results[1]?.isReturn == true && results[2]?.isReturn == true)
        #expect(pool.trouble?.contains("made no sense") == true && pool.nextStart != nil)
        #expect(pool.processIDs.isEmpty)
    }

    @Test func nonsenseAboutAFileEndsTheWorkerThatHadIt() throws {
        var pool = try pool("printf '\(Self.began)' >&0; printf 'Hello, world.' >&0; exec sleep 1000")
        try submit(1...2, to: &pool)
        let results = receiveAll(&pool)
        guard case .crashed("the decoder answers nonsense") = results[1] else {
            Issue.record("\(results)")
            return
        }
        #expect(results[2]?.isReturn == true)
    }

    @Test func anAnswerForAnotherFileIsNonsense() throws {
        var pool = try pool("printf '\(Self.began)' >&0; exec sleep 1000")
        try submit(2...2, to: &pool)
        #expect(receiveAll(&pool)[2]?.isReturn == true)
    }

    private static let info = SoundInfo(
        sampleRate: 44_100, channelCount: 1, frameCount: 1, sampleCount: 1, format: "WAV", isIncomplete: false)

    @Test(
        "What is heard is not told where nobody asks for it",
        arguments: [.list, .tags([], from: 0), .decode([0])] as [ArchiveStep],
        [
            .frames(FeatureFrames()), .info(info), .finished(ContentHash(of: []), size: 0),
            .sound(FeatureFrames(), info, ContentHash(of: []), size: 0), .sameAudio(ContentHash(of: []), size: 0),
        ] as [ExtractionReply.Body])
    func aSoundThatNobodyAskedFor(step: ArchiveStep, body: ExtractionReply.Body) throws {
        // Of tags as soon as a member is begun with; of what is to be decoded before one is.
        let began = step.mayBegin(0) && step != .decode([0]) ? [ExtractionReply.Body.memberBegan(0)] : []
        let words = ([.began] + began + [body]).map { body in
            let octal = ExtractionReply(id: 1, body: body).packet.map { byte in
                "\\" + String(repeating: "0", count: byte < 8 ? 2 : byte < 64 ? 1 : 0) + String(byte, radix: 8)
            }
            return "printf '\(octal.joined())' >&0"
        }
        let reads = "dd bs=65536 count=1 2>/dev/null >/dev/null; "
        var pool = try pool(reads + words.joined(separator: "; ") + "; kill -SEGV $$")
        let request = ExtractionRequest(id: 1, work: .memberTags, longest: 1, archive: ArchiveTask())
        try submit(WorkOrder(request: request, deadline: .seconds(60), archive: step), to: &pool)
        guard case .crashed("the decoder answers nonsense") = receiveAll(&pool)[1] else {
            Issue.record("it was believed")
            return
        }
    }

    @Test func aWorkerThatReadsNothingIsEndedInTheEnd() throws {
        var pool = try pool("exec sleep 1000")
        try submit(1...4, to: &pool)
        let due = try #require(pool.nextDeadline)
        // A minute to take the file up, and the file's own deadline.
        #expect((.seconds(119)...(.seconds(121))).contains(due - .now))
        #expect(pool.expire(at: due - .seconds(1)).isEmpty)
        let outcomes = pool.expire(at: due)
        #expect(outcomes.count == 4 && outcomes.allSatisfy { $0.result.isReturn })
        #expect(pool.processIDs.isEmpty)
    }

    @Test func aWorkerThatReadsFromAFolderThatHasGoneIsEnded() throws {
        var pool = try pool("exec sleep 1000")
        try submit(1...3, to: &pool)
        #expect(pool.giveUp([2, 3], at: .now).isEmpty)
        let outcomes = pool.giveUp([1], at: .now)
        #expect(outcomes.map(\.file) == [1, 2, 3] && outcomes.allSatisfy { $0.result.isReturn })
        #expect(pool.processIDs.isEmpty)
        let deaths = pool.takeDeaths()
        #expect(deaths.map(\.reason) == ["its folder went away"] && deaths.map(\.file) == [nil])
        #expect(pool.takeDeaths() == [])
    }

    @Test func aWorkerThatTalksWithoutEndIsNotListenedToForEver() throws {
        // Packets of one silent frame, as fast as they are taken: 30 and 104 zeros after their lengths.
        let zeros = String(repeating: "\\000", count: 30)
        let head = "\\001\\000\\000\\000\\000\\000\\000\\000\\002"
        let frame =
            head + "\\036\\000\\000\\000" + zeros + "\\150\\000\\000\\000" + String(repeating: "\\000", count: 104)
        var pool = try pool("printf '\(Self.began)' >&0; while printf '\(frame)' >&0; do :; done")
        try submit(1...1, to: &pool)
        guard case .crashed("the decoder answers nonsense") = receiveAll(&pool)[1] else {
            Issue.record("a second's sound has no end")
            return
        }
    }
}

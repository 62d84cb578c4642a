import ContentHash
import Glibc
import Platform
import SoundFeatures
import SystemPackage
import TestFiles
import TestSounds
import Testing
import TimbreExtraction

@testable import TimbreIngest

/// The pool with the real program.
@Suite(.timeLimit(.minutes(10)))
struct WorkerPoolTests {
    private func submit(
        _ pool: inout WorkerPool, _ id: UInt64, _ file: borrowing TemporaryFile,
        for work: ExtractionRequest.Work = .hash,
        within deadline: Duration = .seconds(60)
    ) -> Bool {
        let request = ExtractionRequest(id: id, work: work, longest: 3600)
        return pool.submit(WorkOrder(request: request, deadline: deadline), file: file.descriptor, at: .now)
    }

    /// Waits for the next outcomes, as the loop does.
    private func receive(_ pool: inout WorkerPool) -> [WorkerOutcome] {
        var entries = pool.sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
        guard unsafe poll(&entries, nfds_t(entries.count), 20_000) > 0 else { return [] }
        return pool.receive(from: entries.filter { $0.revents != 0 }.map(\.fd), at: .now)
    }

    /// Waits until all files are back.
    private func receiveAll(_ pool: inout WorkerPool) -> [Int64: WorkerOutcome.Result] {
        var results: [Int64: WorkerOutcome.Result] = [:]
        let deadline = ContinuousClock.now + .seconds(30)
        while pool.busyCount > 0, ContinuousClock.now < deadline {
            for outcome in receive(&pool) { results[outcome.file] = outcome.result }
        }
        return results
    }

    @Test func everyFileOfManyIsAnsweredForOnce() throws {
        var pool = WorkerPool(executable: BuiltPrograms.extractor, size: 2)
        var (next, answered): (UInt64, [Int64]) = (0, [])
        while answered.count < 100 {
            while next < 100, pool.hasRoom(at: .now) {
                let file = try TemporaryFile([UInt8(next)])
                #expect(submit(&pool, next, file) == true)
                next += 1
            }
            let outcomes = receive(&pool)
            try #require(!outcomes.isEmpty || pool.busyCount > 0)
            for outcome in outcomes {
                answered.append(outcome.file)
                guard case .hashed(let hash, let size) = outcome.result else {
                    Issue.record("\(outcome)")
                    continue
                }
                #expect(hash == ContentHash(of: [UInt8(outcome.file)]) && size == 1)
            }
        }
        #expect(answered.sorted() == Array(0..<100))
        #expect(pool.busyCount == 0)
        #expect(Set(pool.processIDs).count == 2)
        #expect(pool.trouble == nil)
    }

    @Test func featuresComeInOrderBesideHashes() throws {
        var pool = WorkerPool(executable: BuiltPrograms.extractor, size: 1)
        let tone = WaveFile(sine(440, count: 300_000, rate: 44_100), rate: 44_100)
        for id in 1...3 as ClosedRange<UInt64> {
            let file = try TemporaryFile(tone.bytes)
            #expect(submit(&pool, id, file, for: id == 2 ? .hash : .features) == true)
        }
        let results = receiveAll(&pool)
        for id in [1, 3] as [Int64] {
            guard case .extracted(let extraction) = results[id] else {
                Issue.record("\(String(describing: results[id]))")
                continue
            }
            #expect(extraction.frames.count == 292)
            #expect(extraction.content == ContentHash(of: tone.bytes))
        }
        guard case .hashed = results[2] else {
            Issue.record("\(String(describing: results[2]))")
            return
        }
    }

    @Test func aWorkerThatIsKilledCostsTheFileThatItHadAndNoOther() throws {
        var pool = WorkerPool(executable: BuiltPrograms.extractor, size: 1)
        let long = WaveFile(noise(4_000_000, seed: 1), rate: 44_100)
        let big = try TemporaryFile(long.bytes)
        let small = try TemporaryFile([7])
        #expect(submit(&pool, 1, big, for: .features) == true)
        #expect(submit(&pool, 2, small) == true)
        // Its first words are that it has begun.
        var outcomes: [WorkerOutcome] = []
        while pool.begunCount == 0 { outcomes += receive(&pool) }
        try #require(outcomes.isEmpty)
        let first = try #require(pool.processIDs.first)
        #expect(kill(first, SIGKILL) == 0)
        let results = receiveAll(&pool)
        #expect(results[1]?.isCrash == true && results[2]?.isReturn == true)
        #expect(submit(&pool, 2, small) == true)
        guard case .hashed = receiveAll(&pool)[2] else {
            Issue.record("the next worker does not work")
            return
        }
        #expect(pool.processIDs != [first])
    }

    @Test func aFileThatIsOverdueIsEndedAndTheRestGoesOn() throws {
        var pool = WorkerPool(executable: BuiltPrograms.extractor, size: 1)
        let first = try TemporaryFile(WaveFile(noise(4_000_000, seed: 1), rate: 44_100).bytes)
        let second = try TemporaryFile([7])
        #expect(submit(&pool, 1, first, for: .features, within: .zero) == true)
        #expect(submit(&pool, 2, second) == true)
        #expect(pool.expire(at: .now).isEmpty)
        while pool.begunCount == 0 { #expect(receive(&pool).isEmpty) }
        let outcomes = pool.expire(at: .now)
        #expect(outcomes.map(\.file) == [1, 2])
        #expect(outcomes.first?.result.isCrash == true && outcomes.last?.result.isReturn == true)
        #expect(pool.busyCount == 0 && pool.processIDs.isEmpty)
        #expect(submit(&pool, 2, second) == true)
        guard case .hashed = receiveAll(&pool)[2] else {
            Issue.record("the next worker does not work")
            return
        }
    }

    @Test func aProgramThatEndsAtOnceIsNotStartedAllTheTime() throws {
        var pool = WorkerPool(executable: "/bin/false", size: 2)
        let file = try TemporaryFile([7])
        // It may be gone before it is asked.
        let isTaken = submit(&pool, 1, file)
        var results: [Int64: WorkerOutcome.Result] = [:]
        while pool.processIDs.isEmpty == false {
            for outcome in receive(&pool) { results[outcome.file] = outcome.result }
        }
        #expect(!isTaken || results[1]?.isReturn == true)
        #expect(pool.trouble?.hasPrefix("/bin/false ended with code 1") == true)
        let next = try #require(pool.nextStart)
        #expect(!pool.hasRoom(at: next - .milliseconds(1)) && pool.hasRoom(at: next))
    }

    @Test func aProgramThatIsNotThereIsNamed() throws {
        var pool = WorkerPool(executable: "/nowhere/timbre-extract", size: 1)
        let file = try TemporaryFile([7])
        #expect(submit(&pool, 1, file) == false)
        #expect(pool.trouble?.hasPrefix("/nowhere/timbre-extract: ") == true)
        #expect(!pool.hasRoom(at: .now))
    }

    @Test func aFileThatAWorkerDiedOfGoesAloneToANewOne() throws {
        var pool = WorkerPool(executable: BuiltPrograms.extractor, size: 1)
        let file = try TemporaryFile([7])
        func submit(_ id: UInt64, isAlone: Bool) -> Bool {
            let request = ExtractionRequest(id: id, work: .hash, longest: 1)
            let order = WorkOrder(request: request, deadline: .seconds(60), isAlone: isAlone)
            return pool.submit(order, file: file.descriptor, at: .now)
        }
        #expect(submit(1, isAlone: false) == true)
        let before = pool.processIDs
        #expect(submit(2, isAlone: true) == false)
        #expect(receiveAll(&pool).count == 1 && pool.processIDs == before)
        #expect(submit(2, isAlone: true) == true)
        let between = pool.processIDs
        #expect(between.count == 1 && between != before)
        #expect(pool.hasRoom(at: .now) == false && submit(3, isAlone: false) == false)
        #expect(receiveAll(&pool).count == 1)
        #expect(submit(3, isAlone: false) == true)
        #expect(receiveAll(&pool).count == 1 && pool.processIDs != between)
    }

    @Test func aSmallerPoolLetsIdleWorkersGo() throws {
        var pool = WorkerPool(executable: BuiltPrograms.extractor, size: 2)
        let file = try TemporaryFile([7])
        for id in 1...2 as ClosedRange<UInt64> {
            #expect(submit(&pool, id, file) == true)
        }
        #expect(pool.processIDs.count == 2)
        pool.resize(to: 1)
        #expect(receiveAll(&pool).count == 2)
        #expect(pool.processIDs.count == 1)
    }

    /// A program that runs until it is ended, and says nothing.
    static func silentProgram(in folder: TemporaryFolder) throws -> FilePath {
        try script("exec sleep 600", in: folder)
    }

    private static func script(_ body: String, in folder: TemporaryFolder) throws -> FilePath {
        let path = try folder.write("#!/bin/sh\n\(body)\n", to: "worker")
        try #require(unsafe path.withPlatformString { unsafe chmod($0, 0o755) } == 0)
        return path
    }

    @Test func aWorkerThatIsGivenUpHasNotFailedToStart() throws {
        let folder = try TemporaryFolder()
        var pool = WorkerPool(executable: try Self.silentProgram(in: folder), size: 1)
        let file = try TemporaryFile([7])
        #expect(submit(&pool, 1, file) == true)
        #expect(pool.giveUp([1], at: .now).map(\.file) == [1])
        #expect(pool.trouble == nil && pool.processIDs.isEmpty)
        #expect(submit(&pool, 2, file) == true)
    }

    @Test("Files that may hang leave a worker to the others", arguments: [1, 2])
    func aWorkerForFilesThatCannotHang(size: Int) throws {
        let folder = try TemporaryFolder()
        var pool = WorkerPool(executable: try Self.silentProgram(in: folder), size: size)
        let file = try TemporaryFile([7])
        let now = ContinuousClock.now
        func submit(_ id: Int, mayHang: Bool, isAlone: Bool = false) -> Bool {
            let request = ExtractionRequest(id: UInt64(id), work: .hash, longest: 1)
            let order = WorkOrder(request: request, deadline: .seconds(60), mayHang: mayHang, isAlone: isAlone)
            return pool.submit(order, file: file.descriptor, at: now)
        }
        var count = 0
        while count < 1000, submit(count, mayHang: true) { count += 1 }
        // Each takes as many as it would of other files.
        #expect(count == size * pool.depth && pool.processIDs.count == size)
        #expect(pool.hasRoom(at: now))
        #expect(submit(1000, mayHang: false) == true)
        #expect(pool.processIDs.count == size + 1)
        #expect(submit(1001, mayHang: true) == false)
        #expect(submit(1002, mayHang: false, isAlone: true) == false)
        var others = 1
        while others < 1000, submit(1002 + others, mayHang: false) { others += 1 }
        #expect(others == pool.depth && pool.processIDs.count == size + 1)
        #expect(!pool.hasRoom(at: now))
    }

    @Test func workersGetFFmpegFromTheFirstFileThatTakesIt() throws {
        var pool = WorkerPool(executable: BuiltPrograms.extractor, size: 2)
        let plain = try TemporaryFile(WaveFile(sine(440, count: 30_000, rate: 22_050), rate: 22_050).bytes)
        let call = try TemporaryFile(phoneCall(frames: 50))
        #expect(submit(&pool, 1, plain, for: .features) && submit(&pool, 2, plain, for: .features))
        let before = pool.processIDs
        #expect(receiveAll(&pool).count == 2 && before.count == 2)
        #expect(submit(&pool, 3, call, for: .features))
        guard case .returned? = receiveAll(&pool)[3] else {
            Issue.record("a worker without FFmpeg has dealt with it")
            return
        }
        #expect(pool.takeDeaths().isEmpty && pool.trouble == nil)
        // Neither worker has anything to do.
        #expect(pool.processIDs.isEmpty && pool.hasRoom(at: .now))
        #expect(submit(&pool, 3, call, for: .features) && submit(&pool, 4, plain, for: .features))
        let results = receiveAll(&pool)
        for file in [3, 4] as [Int64] {
            guard case .extracted(let extraction)? = results[file] else {
                Issue.record("file \(file): \(results[file].map { "\($0)" } ?? "no answer")")
                continue
            }
            #expect(extraction.info.format.hasPrefix(file == 3 ? "AMR" : "WAV"))
        }
        #expect(Set(before).isDisjoint(with: pool.processIDs))
    }

    /// What a process inherits it closes before its program runs, and that may take for ever.
    @Test func aWorkerInheritsNothingThatWasOpenedSinceThePoolWasMade() throws {
        let folder = try TemporaryFolder()
        let file = try TemporaryFile([7])
        ExtractorProcess.prepare()
        let inherited = fcntl(file.descriptor.rawValue, F_DUPFD, 3)
        defer { _ = close(inherited) }
        let test = "[ -e /proc/self/fd/\(inherited) ] && echo inherited >&0 || echo free >&0"
        let worker = try ExtractorProcess.start(try Self.script(test, in: folder))
        var room = [UInt8](repeating: 0, count: 64)
        let count = unsafe recv(worker.socket.rawValue, &room, room.count, 0)
        #expect(String(decoding: room.prefix(max(count, 0)), as: UTF8.self) == "free\n")
    }
}

import FolderWatch
import GRDB
import Glibc
import Platform
import SystemPackage
import TestArchives
import TestFiles
import TestSounds
import Testing
import TimbreStore

@testable import TimbreIngest

@Suite(.timeLimit(.minutes(10)))
struct IngestEndTests {
    @Test func whatWorkersHaveIsTakenInAndDecodedOnce() throws {
        let test = try TestLibrary()
        for number in 0..<6 {
            let tone = WaveFile(sine(200 + 100 * Double(number), count: 30_000, rate: 22_050), rate: 22_050)
            _ = try test.folder.write(tone.bytes, to: "samples/\(number).wav")
        }
        let running = try RunningIngest(test)
        running.ingest.watcherSaw([.scanBegan(test.root), try test.listed(), .scanEnded(test.root, complete: true)])
        let deadline = ContinuousClock.now + .seconds(60)
        // The stop comes while files are with workers.
        while try running.ingest.perform({ $0.dispatcher.busyCount == 0 && $0.intake.state.decodedCount == 0 }),
            ContinuousClock.now < deadline
        {}
        let handedOut = try running.ingest.perform { $0.dispatcher.busyCount + $0.intake.state.decodedCount }
        running.stop()
        let counts = try test.catalog.read { try $0.fileCounts() }
        #expect(handedOut > 0 && counts.indexed >= handedOut)
        #expect(running.ingest.remainder?.isCaughtUp == true)
        #expect(try test.catalog.write { try $0.takeSuspects(boot: "next") }.isEmpty)
    }

    /// A worker that takes a file up and is never done with it.
    private func endlessWorker(_ test: TestLibrary, _ script: String = "") throws -> FilePath {
        let path = try test.folder.write(Array("#!/bin/sh\n\(script)\nexec sleep 600\n".utf8), to: "worker")
        guard unsafe path.withPlatformString({ unsafe chmod($0, 0o700) }) == 0 else { throw Errno.last }
        return path
    }

    /// Stops when a worker has something.
    ///
    /// - Returns: How many files were waited for in vain.
    private func stop(_ running: RunningIngest) throws -> Int? {
        let deadline = ContinuousClock.now + .seconds(60)
        while try running.ingest.perform({ $0.dispatcher.busyCount == 0 }), ContinuousClock.now < deadline {}
        #expect(try running.ingest.perform { $0.dispatcher.busyCount } == 1)
        running.stop()
        return running.ingest.remainder?.unanswered
    }

    @Test func anArchiveThatIsGoneThroughIsNotWaitedFor() throws {
        let test = try TestLibrary()
        let sound = WaveFile(sine(300, count: 10_000, rate: 22_050), rate: 22_050).bytes
        _ = try test.folder.write(try MadeArchive(.zip, [.file("a.wav", sound)]).bytes, to: "samples/pack.zip")
        let running = try RunningIngest(test, extractor: try endlessWorker(test))
        running.ingest.watcherSaw([.scanBegan(test.root), try test.listed(), .scanEnded(test.root, complete: true)])
        #expect(try stop(running) == 0)
        // The next start reads it, and nothing is held against it.
        #expect(try test.catalog.write { try $0.takeSuspects(boot: "next") }.isEmpty)
        let next = try RunningIngest(test)
        #expect(try next.finish([test.listed()]))
        #expect(try test.file("pack.zip/a.wav")?.state == .indexed)
    }

    @Test func tagsAreNotWaitedFor() throws {
        let test = try TestLibrary()
        let sound = WaveFile(sine(300, count: 10_000, rate: 22_050), rate: 22_050).bytes
        _ = try test.folder.write(try MadeArchive(.zip, [.file("a.wav", sound)]).bytes, to: "samples/pack.zip")
        do {
            let running = try RunningIngest(test)
            #expect(try running.finish([test.listed()]))
        }
        let queue = try DatabaseQueue(path: test.catalog.path.string)
        try queue.write { try $0.execute(sql: "UPDATE content SET tags = NULL") }
        try queue.close()
        let running = try RunningIngest(test, extractor: try endlessWorker(test))
        running.ingest.watcherSaw([.scanBegan(test.root), try test.listed(), .scanEnded(test.root, complete: true)])
        #expect(try stop(running) == 0)
        #expect(try test.catalog.read { try $0.lacksTags() })
    }

    @Test func ofAnArchiveThatIsDecodedOnlyTheMemberUnderWayIsWaitedFor() throws {
        let test = try TestLibrary()
        let path = try test.write("", to: "pack.zip")
        let began = "\\001\\000\\000\\000\\000\\000\\000\\000"
        // Of file 1: it has begun, also with member 0, and that cannot be read; that is all.
        let script = """
            dd bs=65536 count=1 2>/dev/null >/dev/null
            printf '\(began)\\001' >&0
            printf '\(began)\\020\\000\\000\\000\\000' >&0
            printf '\(began)\\005\\000\\000\\000\\000\\000\\000\\000\\000\\000' >&0
            """
        var dispatcher = Dispatcher(
            catalog: test.catalog, extractor: try endlessWorker(test, script), settings: RunningIngest.settings
        ) { _ in }
        var waiting = WaitingFiles()
        waiting.add(1, isUrgent: true)
        #expect(waiting.noteNext() == 1)
        var item = WorkItem(file: 1, path: path, lastRead: nil, mustDecode: true)
        item.archive = .decode([0, 1])
        item.listed = FileIdentity(of: path)
        try Disk.setTime(path, secondsFromNow: -3600)
        item.listed = FileIdentity(of: path)
        dispatcher.add([item])
        dispatcher.handOut(&waiting, in: [test.root], at: .now)
        dispatcher.beginEnd()
        #expect(dispatcher.busyCount == 1)
        let deadline = ContinuousClock.now + .seconds(60)
        while dispatcher.busyCount > 0, .now < deadline {
            var entries = dispatcher.sockets.map { pollfd(fd: $0, events: Int16(POLLIN), revents: 0) }
            _ = unsafe poll(&entries, nfds_t(entries.count), 1000)
            dispatcher.receive(from: entries.filter { $0.revents != 0 }.map(\.fd), &waiting, at: .now)
        }
        let findings = dispatcher.takeFindings()
        #expect(dispatcher.busyCount == 0 && findings.map(\.member) == [0])
    }

    @Test func knownFilesThatWereToBeLookedAtAgainAreNamed() throws {
        let test = try TestLibrary()
        try test.write("1 1", to: "known.wav")
        try test.write("1 2", to: "new.wav")
        let running = try RunningIngest(test, extractor: "/nowhere/timbre-extract")
        running.ingest.watcherSaw([.scanBegan(test.root), try test.listed()])
        let known = test.path("known.wav")
        try running.ingest.perform { loop in
            try loop.transact { turn in
                var file = try #require(try turn.reader.file(at: known))
                file.state = .failed
                try turn.writer.update(file)
            }
        }
        running.stop()
        let left = try #require(running.ingest.remainder)
        #expect(left.isCaughtUp)
        #expect(left.files == [known])
        #expect(left.scans.contains(test.root))
    }
}

import FolderWatch
import Platform
import SystemPackage
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

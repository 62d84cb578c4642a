import ContentHash
import FolderWatch
import Platform
import SoundFeatures
import SystemPackage
import TestFiles
import TestSounds
import Testing
import TimbreExtraction
import TimbreIndex
import TimbreLibrary
import TimbreStore

@testable import TimbreIngest

@Suite(.timeLimit(.minutes(10)))
struct IngestLoopTests {
    @Test func realSoundsGoThroughRealWorkers() throws {
        let test = try TestLibrary()
        for number in 0..<12 {
            let tone = WaveFile(sine(200 + 100 * Double(number), count: 30_000, rate: 22_050), rate: 22_050)
            _ = try test.folder.write(tone.bytes, to: "samples/\(number).wav")
            if number == 3 { _ = try test.folder.write(tone.bytes, to: "samples/copy.wav") }
        }
        try test.write("not a sound at all", to: "bad.wav")
        let running = try RunningIngest(test)
        #expect(try running.finish([.scanBegan(test.root), test.listed(), .scanEnded(test.root, complete: true)]))
        let counts = try test.catalog.read { try $0.fileCounts() }
        // Files this young may still be written: the one that is no sound is looked at once more.
        #expect((counts.indexed, counts.failed, counts.total) == (13, 1, 14))
        #expect(test.index.fileCount == 13)
        #expect(test.library.snapshot.isComplete)
        running.stop()
        #expect(running.ingest.status.trouble == nil)
        #expect(try test.catalog.write { try $0.takeSuspects(boot: "next") }.isEmpty)
        #expect(try test.isFresh)
    }

    @Test("Copies of a new sound that come at once are decoded once", arguments: [false, true])
    func copiesAtOnce(isAudio: Bool) throws {
        let test = try TestLibrary()
        let tone = WaveFile(sine(300, count: 30_000, rate: 22_050), rate: 22_050).bytes
        let bytes = isAudio ? tone : Array(tone.reversed())
        for number in 0..<200 { _ = try test.folder.write(bytes, to: "samples/\(number).wav") }
        let running = try RunningIngest(test)
        #expect(try running.finish([.scanBegan(test.root), test.listed(), .scanEnded(test.root, complete: true)]))
        let counts = try test.catalog.read { try $0.fileCounts() }
        #expect((counts.indexed, counts.failed) == (isAudio ? 200 : 0, isAudio ? 0 : 200))
        let status = running.ingest.status
        #expect(!isAudio || (status.decodedCount, status.recognizedCount) == (1, 199))
    }

    @Test func aFileWithOtherTagsIsNotDecodedAndStaysWhatItWas() throws {
        let test = try TestLibrary()
        let tone = WaveFile(sine(300, count: 30_000, rate: 22_050), rate: 22_050).bytes
        // A chunk of tags at the end, and the size of the whole.
        let list = Array("LIST".utf8) + [12, 0, 0, 0] + Array("INFOINAM".utf8) + [0, 0, 0, 0]
        let size = UInt32(tone.count + list.count - 8)
        let tagged =
            Array(tone[..<4]) + (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * UInt32($0))) } + tone[8...] + list
        for name in ["one", "two"] { _ = try test.folder.write(tone, to: "samples/\(name).wav") }
        let running = try RunningIngest(test)
        #expect(try running.finish([test.listed()]))
        let before = try #require(try test.file("one.wav"))
        let other = try #require(try test.file("two.wav"))
        _ = try test.folder.write(tagged, to: "samples/one.wav")
        #expect(try running.finish([test.listed()]))
        _ = try test.folder.write(tagged, to: "samples/two.wav")
        #expect(try running.finish([test.listed()]))
        let after = try #require(try test.file("one.wav"))
        // So is a copy whose tags have changed in the same way.
        #expect(try test.file("two.wav")?.id == other.id)
        #expect((after.id, after.state, running.ingest.status.decodedCount) == (before.id, .indexed, 1))
        let contents = try test.catalog.read { reader in
            try ["one.wav", "two.wav"].map { name in try #require(try reader.file(at: test.path(name))?.content) }
        }
        #expect(contents[0] == contents[1] && after.content == contents[0])
        #expect(try test.catalog.read { try $0.content(contents[0])?.hash } == ContentHash(of: tagged))
        #expect(test.index.fileCount == 2)
        #expect(try test.isFresh)
        // What the bytes were is another file's sound again, if they come back.
        _ = try test.folder.write(tone, to: "samples/one.wav")
        #expect(try running.finish([test.listed()]))
        #expect(running.ingest.status.decodedCount == 1)
    }

    @Test func copiesOfANewSoundAreDecodedOnceWhereManyHaveItsSize() throws {
        let test = try TestLibrary()
        func write(_ hertz: Double, _ name: String) throws {
            let tone = WaveFile(sine(hertz, count: 8_000, rate: 22_050), rate: 22_050)
            _ = try test.folder.write(tone.bytes, to: "samples/\(name).wav")
        }
        let known = ExtractionRequest.mostKnown + 4
        for number in 0..<known { try write(200 + 10 * Double(number), "known \(number)") }
        let running = try RunningIngest(test)
        #expect(try running.finish([test.listed()]))
        for number in 0..<100 { try write(1000, "copy \(number)") }
        #expect(try running.finish([test.listed()]))
        #expect(try test.catalog.read { try $0.fileCounts().indexed } == known + 100)
        #expect(running.ingest.status.decodedCount == known + 1)
    }

    @Test func aCopyThatWasFirstSeenInTheMiddleOfItIsRecognized() throws {
        let test = try TestLibrary()
        let tone = WaveFile(sine(300, count: 30_000, rate: 22_050), rate: 22_050).bytes
        _ = try test.folder.write(tone, to: "samples/known.wav")
        let running = try RunningIngest(test)
        #expect(try running.finish([test.listed()]))
        _ = try test.folder.write(Array(tone.prefix(5000)), to: "samples/copy.wav")
        let early = try test.listed()
        _ = try test.folder.write(tone, to: "samples/copy.wav")
        #expect(try running.finish([early]))
        #expect(try test.catalog.read { try $0.fileCounts().indexed } == 2)
        #expect(running.ingest.status.decodedCount == 1)
    }

    @Test func aStopMakesNoFileSuspect() throws {
        let test = try TestLibrary()
        for number in 0..<20 { try test.write("1 \(number)", to: "\(number).wav") }
        let running = try RunningIngest(test, extractor: "/nowhere/timbre-extract")
        running.ingest.watcherSaw([try test.listed()])
        try running.ingest.catchUp()
        // The next task comes after the turn that notes the attempts.
        try running.ingest.catchUp()
        running.stop()
        #expect(try test.catalog.read { try $0.fileCounts().pending } == 20)
        #expect(try test.catalog.write { try $0.takeSuspects(boot: "next") }.isEmpty)
    }

    @Test func aPauseEndsTheSyncsUnderWay() throws {
        let test = try TestLibrary()
        let running = try RunningIngest(test)
        let watcher = try FolderWatcher(settings: WatchSettings(cookieDirectory: test.path("cookies")))
        let (ingest, over) = (running.ingest, Promise<Void, any Error>())
        try DetachedThread.start {
            over.fulfil(
                Result {
                    try FolderSync(ingest: ingest, watcher: watcher).waitForAll { signal, longest in
                        _ = RunningIngest.wait(for: signal, or: signal, atMost: longest)
                    }
                })
        }
        let deadline = ContinuousClock.now + .seconds(20)
        while try ingest.perform({ $0.intake.state.syncs.isEmpty }), ContinuousClock.now < deadline {}
        try ingest.pause()
        #expect(throws: IngestBusy.self) { try over.wait(atMost: .milliseconds(20_000)) }
        #expect(try ingest.perform { $0.intake.state.syncs.isEmpty })
    }
}

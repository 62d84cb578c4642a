import GRDB
import Glibc
import Platform
import SoundFeatures
import SystemPackage
import TestArchives
import TestFiles
import TestSounds
import Testing
import TimbreIndex
import TimbreStore

@testable import TimbreIngest

/// How the tags of files are read that nobody has looked at.
@Suite(.timeLimit(.minutes(10)))
struct TagCareTests {
    private let start = ContinuousClock.now

    /// A tone with a title.
    private func sound(_ title: String) -> [UInt8] {
        let tone = WaveFile(sine(300, count: 10_000, rate: 22_050), rate: 22_050).bytes
        let name = Array(title.utf8) + (title.utf8.count % 2 == 0 ? [] : [0])
        let list = Array("INFOINAM".utf8) + little(name.count) + name
        let chunk = Array("LIST".utf8) + little(list.count) + list
        return Array(tone[..<4]) + little(tone.count + chunk.count - 8) + tone[8...] + chunk
    }

    private func little(_ number: Int) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: number >> (8 * $0)) } }

    /// A library of these files in `samples`, made by an earlier version, which did not look for tags.
    private func oldLibrary(_ files: [String: [UInt8]]) throws -> TestLibrary {
        let test = try TestLibrary()
        for (name, bytes) in files { _ = try test.folder.write(bytes, to: "samples/\(name)") }
        do {
            let running = try RunningIngest(test)
            #expect(try running.finish([test.listed()]))
        }
        let queue = try DatabaseQueue(path: test.catalog.path.string)
        try queue.write { try $0.execute(sql: "UPDATE content SET tags = NULL") }
        try queue.close()
        return test
    }

    private func title(_ test: TestLibrary, _ name: String) throws -> String? {
        guard let content = try test.file(name)?.content else { return nil }
        return try test.catalog.read { try $0.content(content)?.sound?.tags?.title }
    }

    /// Lets ingest go round until the tags of all files are known.
    private func areKnown(_ test: TestLibrary, _ running: RunningIngest) throws -> Bool {
        let deadline = ContinuousClock.now + .seconds(30)
        while ContinuousClock.now < deadline {
            if try !test.catalog.read({ try $0.lacksTags() }) { return true }
            try running.ingest.perform { _ in }
        }
        return false
    }

    @Test func newSoundsComeWithTheirs() throws {
        let test = try TestLibrary()
        _ = try test.folder.write(sound("First"), to: "samples/a.wav")
        let running = try RunningIngest(test)
        #expect(try running.finish([test.listed()]))
        #expect(try title(test, "a.wav") == "First")
        #expect(try !test.catalog.read { try $0.lacksTags() })
        var care = TagCare()
        #expect(try care.findSome(test.catalog).isEmpty && !care.mayWork(at: start) && care.next == nil)
    }

    @Test func newTagsOfTheSameSoundAreRead() throws {
        let test = try TestLibrary()
        _ = try test.folder.write(sound("First"), to: "samples/a.wav")
        let running = try RunningIngest(test)
        #expect(try running.finish([test.listed()]))
        _ = try test.folder.write(sound("Another"), to: "samples/a.wav")
        #expect(try running.finish([test.listed()]))
        #expect(try title(test, "a.wav") == "Another")
        #expect(running.ingest.status.decodedCount == 1)
    }

    @Test func anOldLibraryGetsThemAndNothingIsDecoded() throws {
        let files = (0..<40).map { ("\($0).wav", sound("Name \($0)")) }
        let test = try oldLibrary(Dictionary(uniqueKeysWithValues: files))
        #expect(try test.catalog.read { try $0.lacksTags() })
        // What is not there any more is passed over, and so is what has changed.
        try test.remove("7.wav")
        let running = try RunningIngest(test)
        #expect(try running.finish([test.listed()]))
        #expect(try areKnown(test, running))
        #expect(try title(test, "0.wav") == "Name 0")
        #expect(try title(test, "39.wav") == "Name 39")
        #expect(running.ingest.status.decodedCount == 0 && test.index.fileCount == 39)
        #expect(try test.isFresh)
    }

    private func pack(_ form: MadeArchive.Form, _ titles: String...) throws -> [UInt8] {
        try MadeArchive(form, titles.map { .file("kit/\($0).wav", sound($0)) } + [.file("readme.txt", [1, 2])]).bytes
    }

    @Test func soundsInArchivesComeWithTheirs() throws {
        let test = try TestLibrary()
        _ = try test.folder.write(try pack(.zip, "Kick", "Snare"), to: "samples/pack.zip")
        let running = try RunningIngest(test)
        #expect(try running.finish([test.listed()]))
        #expect(try title(test, "pack.zip/kit/Kick.wav") == "Kick")
        #expect(try title(test, "pack.zip/kit/Snare.wav") == "Snare")
        #expect(try !test.catalog.read { try $0.lacksTags() })
    }

    @Test func whatAnArchiveDoesNotTellIsNotAskedForAgain() throws {
        let test = try oldLibrary(["pack.zip": try pack(.zip, "Kick", "Snare")])
        var care = TagCare()
        let item = try #require(try care.findSome(test.catalog).first)
        for (result, hasChanged, isOver) in [
            (WorkerOutcome.Result.crashed("it died"), false, true), (.archiveEnded(nil, isListing: false), false, true),
            (.archiveEnded(nil, isListing: false), true, false), (.returned, false, false),
        ] {
            var readings = TagReadings()
            readings.begin(item)
            let isOfTags = readings.answered(WorkerOutcome(file: item.file, result: result), hasChanged: hasChanged)
            let news = readings.takeNews()
            #expect(isOfTags && news.found.map(\.holder) == (isOver ? [.rest(of: item.file)] : []))
            #expect(news.brokenOff.isEmpty)
        }
        try RunningIngest.intake(test.catalog, test.library).transact(for: .none) {
            try $0.setTags([TagCare.Found(holder: .rest(of: item.file), tags: SoundTags())])
        }
        #expect(try !test.catalog.read { try $0.lacksTags() })
        #expect(try title(test, "pack.zip/kit/Kick.wav") == nil)
    }

    @Test func anArchiveThatAWorkerDiedOfIsReadOnBehindTheMember() throws {
        let test = try oldLibrary(["pack.zip": try pack(.zip, "Kick", "Snare")])
        var care = TagCare()
        let item = try #require(try care.findSome(test.catalog).first)
        #expect(try care.findSome(test.catalog).isEmpty && !care.mayWork(at: start))
        var readings = TagReadings()
        readings.begin(item)
        let crash = WorkerOutcome(file: item.file, member: 3, result: .crashed("it died"))
        let isOfTags = readings.answered(crash, hasChanged: false)
        #expect(isOfTags)
        let news = readings.takeNews()
        #expect(news == TagCare.News(found: [], brokenOff: [TagCare.BrokenOff(archive: item.file, member: 3)]))
        let end = care.brokeOff(news.brokenOff[0])
        #expect(end == nil && care.mayWork(at: start))
        let next = try #require(try care.findSome(test.catalog).first)
        guard case .tags(_, from: 4)? = next.archive else {
            Issue.record("\(next)")
            return
        }
        #expect(next.file == item.file && next.path == item.path)
        #expect(try care.findSome(test.catalog).isEmpty)
        // Where all is gone through once more, as a disk was full, a worker dies of it again.
        care.failed(CatalogError("", .unusable, "the disk is full"), at: start)
        for _ in 0..<10 {
            let end = care.brokeOff(news.brokenOff[0])
            #expect(end == nil)
        }
        // There is an end to it.
        let ends = (4...10).map { care.brokeOff(TagCare.BrokenOff(archive: item.file, member: $0))?.holder }
        #expect(ends.dropLast().allSatisfy { $0 == nil } && ends.last == .rest(of: item.file))
    }

    /// A worker that dies of a member of an archive, once; later ones are the real program.
    ///
    /// - Parameter member: Its number, as bytes that printf(1) writes.
    private func mortalWorker(
        _ test: TestLibrary, dyingOf member: String = "\\000\\000\\000\\000"
    ) throws -> FilePath {
        let folder = test.folder.path
        let script = """
            #!/bin/sh
            if [ ! -e \(folder)/died ]; then
                touch \(folder)/died
                dd bs=65536 count=1 2>/dev/null | head -c 8 >\(folder)/id
                { cat \(folder)/id; printf '\\001'; } >\(folder)/began
                { cat \(folder)/id; printf '\\020\(member)'; } >\(folder)/member
                dd if=\(folder)/began bs=64 >&0 2>/dev/null
                dd if=\(folder)/member bs=64 >&0 2>/dev/null
                kill -SEGV $$
            fi
            exec \(BuiltPrograms.extractor) "$@"
            """
        let path = try test.folder.write(Array(script.utf8), to: "worker")
        guard unsafe path.withPlatformString({ unsafe chmod($0, 0o700) }) == 0 else { throw Errno.last }
        return path
    }

    @Test("Only the member that a worker dies of has no tags", arguments: MadeArchive.Form.allCases)
    func aMemberThatEndsAWorker(form: MadeArchive.Form) throws {
        let test = try oldLibrary(["pack.zip": try pack(form, "Kick", "Snare", "Bell")])
        let running = try RunningIngest(test, extractor: try mortalWorker(test))
        #expect(try running.finish([test.listed()]))
        #expect(try areKnown(test, running))
        #expect(try title(test, "pack.zip/kit/Kick.wav") == nil)
        #expect(try title(test, "pack.zip/kit/Snare.wav") == "Snare")
        #expect(try title(test, "pack.zip/kit/Bell.wav") == "Bell")
        #expect(running.ingest.status.decodedCount == 0)
    }

    @Test func aMemberThatNoArchiveHasIsNotReadOnBehind() throws {
        let test = try oldLibrary(["pack.zip": try pack(.zip, "Kick")])
        let worker = try mortalWorker(test, dyingOf: "\\377\\377\\377\\377")
        let running = try RunningIngest(test, extractor: worker)
        #expect(try running.finish([test.listed()]))
        #expect(try areKnown(test, running))
        #expect(try title(test, "pack.zip/kit/Kick.wav") == nil)
    }

    @Test("An old library's archives are unpacked once", arguments: MadeArchive.Form.allCases)
    func anOldLibraryWithArchives(form: MadeArchive.Form) throws {
        // What is in an archive is told by how it begins, not by its name.
        let test = try oldLibrary([
            "pack.zip": try pack(form, "Kick", "Snare"), "deep.zip": try pack(form, "Bell", "Kick"),
            "horn.wav": sound("Horn"),
        ])
        var care = TagCare()
        var handedOut: [[FilePath]] = []
        repeat { handedOut.append(try care.findSome(test.catalog).map(\.path)) } while handedOut.last?.isEmpty == false
        // An archive goes alone, and is not asked for again where nothing comes of it.
        #expect(handedOut.allSatisfy { $0.count <= 1 })
        let names = ["deep.zip", "horn.wav", "pack.zip"]
        #expect(handedOut.joined().map(\.string).sorted() == names.map { test.path($0).string })
        let running = try RunningIngest(test)
        #expect(try running.finish([test.listed()]))
        #expect(try areKnown(test, running))
        for (name, expected) in [
            ("pack.zip/kit/Kick.wav", "Kick"), ("pack.zip/kit/Snare.wav", "Snare"), ("deep.zip/kit/Bell.wav", "Bell"),
            ("deep.zip/kit/Kick.wav", "Kick"), ("horn.wav", "Horn"),
        ] {
            #expect(try title(test, name) == expected)
        }
        #expect(running.ingest.status.decodedCount == 0)
        #expect(try test.isFresh)
    }

    @Test func filesAreHandedOutAFewAtATimeAndEachOnce() throws {
        let test = try TestLibrary()
        for number in 0..<40 { try test.add("\(number % 9) \(number / 9)", to: "\(number).wav") }
        var care = TagCare()
        var seen: [Int64] = []
        while true {
            let items = try care.findSome(test.catalog)
            if items.isEmpty { break }
            #expect(items.count <= TagCare.most)
            seen += items.compactMap(\.tagsOf)
        }
        #expect(seen.count == 40 && Set(seen).count == 40)
        #expect(!care.mayWork(at: start))
        care.filesAreBack()
        #expect(try care.findSome(test.catalog).count == TagCare.most)
        care.failed(CatalogError("", .unusable, "the disk is full"), at: start)
        #expect(!care.mayWork(at: start + .seconds(9)) && care.mayWork(at: start + .seconds(10)))
    }
}

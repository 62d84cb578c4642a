import ContentHash
import SoundFeatures
import SystemPackage
import TestArchives
import TestSounds
import Testing

@testable import TimbreExtraction

/// The real program at work on archives, behind its walls.
@Suite(.timeLimit(.minutes(10)))
struct ArchiveWorkerTests {
    private static let executable: FilePath = {
        let arguments = CommandLine.arguments
        let flag = arguments.firstIndex(of: "--test-bundle-path")
        let bundle = flag.map { arguments[$0 + 1] } ?? arguments[0]
        return FilePath(bundle).removingLastComponent().appending("timbre-extract")
    }()

    private let sounds = [220, 440].map {
        WaveFile(sine($0, count: 200_000, rate: 44_100).map { 0.5 * $0 }, rate: 44_100).bytes
    }

    private func replies(
        to work: ExtractionRequest.Work, _ task: ArchiveTask, _ bytes: [UInt8]
    ) throws -> [ExtractionReply.Body] {
        let worker = try ExtractorProcess.start(Self.executable)
        let file = try TemporaryFile(bytes)
        try worker.send(ExtractionRequest(id: 3, work: work, longest: 60, archive: task), file: file.descriptor)
        var bodies: [ExtractionReply.Body] = []
        while let reply = try worker.receive() {
            if reply.body != .began { bodies.append(reply.body) }
            switch reply.body {
            case .archiveEnded: return bodies
            case .failed where work != .memberFeatures: return bodies
            default: continue
            }
        }
        return bodies
    }

    private func made(_ form: MadeArchive.Form) throws -> [UInt8] {
        try MadeArchive(
            form,
            [
                .file("kit/a.wav", sounds[0]), .file("readme.txt", [1, 2, 3]), .file("b.wav", sounds[1]),
                .file("c.wav", [1, 2, 3]), .file("inner.zip", [4, 5]),
            ]
        ).bytes
    }

    @Test("What is in an archive is told with its hash", arguments: MadeArchive.Form.allCases)
    func lists(form: MadeArchive.Form) throws {
        let task = ArchiveTask(extensions: [FileSuffix(Array("wav".utf8))])
        let bodies = try replies(to: .members, task, try made(form))
        let members = bodies.compactMap { if case .member(let member) = $0 { member } else { nil } }
        let names = members.map { String(decoding: $0.path, as: UTF8.self) }
        #expect(names == ["kit/a.wav", "b.wav", "c.wav", "inner.zip"])
        #expect(members.prefix(2).map(\.outcome) == sounds.map { .hashed(ContentHash(of: $0)) })
        #expect(members.prefix(2).map(\.size) == sounds.map { Int64($0.count) })
        #expect(members.allSatisfy { $0.modified == 1_700_000_000_000_000_000 })
        guard case .failed(let failure)? = members.last?.outcome else {
            Issue.record("an archive inside was opened")
            return
        }
        #expect(failure.reason == .outOfLimits)
        #expect(bodies.last == .archiveEnded(nil))
    }

    @Test("Features of members are those of the files", arguments: MadeArchive.Form.allCases)
    func decodes(form: MadeArchive.Form) throws {
        let bodies = try replies(to: .memberFeatures, ArchiveTask(wanted: [0, 2, 3]), try made(form))
        var frames: [Int: FeatureFrames] = [:]
        var (contents, failures, current): ([Int: ContentHash], [Int: ExtractionFailure], Int) = ([:], [:], -1)
        for body in bodies {
            switch body {
            case .memberBegan(let number): current = number
            case .frames(let next): frames[current, default: FeatureFrames()].append(next)
            case .finished(let hash, _): contents[current] = hash
            case .sound(let whole, _, let hash, _): (frames[current], contents[current]) = (whole, hash)
            case .failed(let failure, _): failures[current] = failure
            default: continue
            }
        }
        for (number, sound) in [(0, sounds[0]), (2, sounds[1])] {
            let file = try TemporaryFile(sound)
            let alone = try ExtractorProcess.extractOne(file.descriptor, longest: 60, executable: Self.executable)
            #expect(frames[number] == alone.frames && contents[number] == alone.content)
        }
        #expect(failures[3]?.reason == .unknownFormat)
        #expect(bodies.last == .archiveEnded(nil))
    }

    @Test("What members say of themselves is told with their hashes", arguments: MadeArchive.Form.allCases)
    func tags(form: MadeArchive.Form) throws {
        let list = Array("INFOINAM".utf8) + [4, 0, 0, 0] + Array("Door".utf8)
        var titled = sounds[0] + Array("LIST".utf8) + [UInt8(list.count), 0, 0, 0] + list
        let size = UInt32(titled.count - 8)
        titled.replaceSubrange(4..<8, with: (0..<4).map { UInt8(truncatingIfNeeded: size >> (8 * $0)) })
        let bytes = try MadeArchive(
            form,
            [.file("a.wav", sounds[1]), .file("b.flac", [1]), .file("kit/c.WAV", titled), .file("d.wav", [1, 2])]
        ).bytes
        let task = ArchiveTask(extensions: [FileSuffix(Array("wav".utf8))])
        let bodies = try replies(to: .memberTags, task, bytes)
        let hashes = bodies.compactMap { if case .member(let member) = $0 { member.outcome } else { nil } }
        #expect(hashes == [sounds[1], titled, [1, 2]].map { .hashed(ContentHash(of: $0)) })
        #expect(
            bodies.compactMap { if case .tags(let tags) = $0 { [tags.title] } else { nil } } == [
                [nil], ["Door"], [nil],
            ])
        #expect(bodies.last == .archiveEnded(nil))
        // Each is announced, so that it is known which one a worker has died of.
        #expect(bodies.compactMap { if case .memberBegan(let number) = $0 { number } else { nil } } == [0, 2, 3])
        let rest = try replies(to: .memberTags, ArchiveTask(extensions: task.extensions, first: 1), bytes)
        #expect(rest == bodies.suffix(rest.count) && rest.first == .memberBegan(2))
    }

    @Test("A member comes out as it went in", arguments: MadeArchive.Form.allCases)
    func unpacks(form: MadeArchive.Form) throws {
        let file = try TemporaryFile(try made(form))
        var bytes: [UInt8] = []
        let hash = try ExtractorProcess.unpack(
            Array("b.wav".utf8), of: file.descriptor, executable: Self.executable
        ) { bytes += $0 }
        #expect(bytes == sounds[1] && hash == ContentHash(of: bytes))
        #expect(throws: ExtractionFailure(.unreadable, "there is no such sound in the archive")) {
            try ExtractorProcess.unpack(Array("d.wav".utf8), of: file.descriptor, executable: Self.executable) { _ in }
        }
    }

    @Test func aLinkInsideLeadsToWhatItIsAnotherNameOf() throws {
        let bytes = try MadeArchive(.tarGzip, [.file("a.wav", sounds[0]), .hardLink("b.wav", to: "a.wav")]).bytes
        let task = ArchiveTask(extensions: [FileSuffix(Array("wav".utf8))])
        let members = try replies(to: .members, task, bytes).compactMap {
            if case .member(let member) = $0 { member } else { nil }
        }
        #expect(members.map(\.outcome) == [.hashed(ContentHash(of: sounds[0])), .hashed(ContentHash(of: sounds[0]))])
        let file = try TemporaryFile(bytes)
        var found: [UInt8] = []
        try ExtractorProcess.unpack(Array("b.wav".utf8), of: file.descriptor, executable: Self.executable) {
            found += $0
        }
        #expect(found == sounds[0])
    }

    @Test func whatIsNoArchiveIsSaidToBeNone() throws {
        let bodies = try replies(to: .members, ArchiveTask(), sounds[0])
        #expect(bodies == [.failed(ExtractionFailure(.unknownFormat, "not an archive of a known kind"), nil)])
    }
}

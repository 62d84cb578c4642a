import SoundFeatures
import SystemPackage
import TestArchives
import TestSounds
import Testing

@testable import ArchiveReading

struct ArchiveWalkTests {
    init() { ArchiveReader.prepare() }

    /// What came of a walk through an archive.
    struct Walked {
        var names: [String] = []
        var contents: [String: [UInt8]] = [:]
        var failures: [String: ExtractionFailure] = [:]
        var originals: [String: String] = [:]
        var failure: ExtractionFailure?
    }

    private func walk(
        _ bytes: [UInt8], limits: ArchiveLimits = ArchiveLimits(),
        unpacking isUnpacked: (String) -> Bool = { _ in true }
    ) throws -> Walked {
        let file = try TemporaryFile(bytes)
        var walk = try ArchiveWalk(file.descriptor, limits: limits, isWanted: { _ in true }, pulse: {})
        var walked = Walked()
        while let member = try walk.next() {
            let name = String(decoding: member.path, as: UTF8.self)
            walked.names.append(name)
            walked.originals[name] = member.original.map { String(decoding: $0, as: UTF8.self) }
            guard member.original == nil, isUnpacked(name) else { continue }
            var content: [UInt8] = []
            let failure = try walk.unpack { content += $0 }
            if let failure { walked.failures[name] = failure } else { walked.contents[name] = content }
        }
        walked.failure = walk.failure
        return walked
    }

    private func noise(_ count: Int, seed: UInt64) -> [UInt8] {
        var state = seed
        return (0..<count).map { _ in
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return UInt8(truncatingIfNeeded: state >> 33)
        }
    }

    @Test("Members come with their bytes, in order", arguments: MadeArchive.Form.allCases)
    func membersComeInOrder(form: MadeArchive.Form) throws {
        let (short, long) = (noise(10, seed: 1), noise(300_000, seed: 2))
        let made = try MadeArchive(
            form, [.directory("kit"), .file("kit/a.wav", short), .file("./b/c.wav", long), .file("empty.wav", [])])
        let walked = try walk(made.bytes)
        #expect(Set(walked.names) == ["kit/a.wav", "b/c.wav", "empty.wav"])
        #expect(walked.contents == ["kit/a.wav": short, "b/c.wav": long, "empty.wav": []])
        #expect(walked.failure == nil)
    }

    @Test("Members that are passed over spoil nothing", arguments: MadeArchive.Form.allCases)
    func passesOver(form: MadeArchive.Form) throws {
        let last = noise(5000, seed: 4)
        let made = try MadeArchive(form, [.file("a.wav", noise(200_000, seed: 3)), .file("b.wav", last)])
        let walked = try walk(made.bytes, unpacking: { $0 == "b.wav" })
        #expect(walked.contents == ["b.wav": last])
    }

    @Test("A name that leads out is left out, and said", arguments: ["../a.wav", "/a.wav", "k/../../a.wav"])
    func namesThatLeadOut(name: String) throws {
        let walked = try walk(try MadeArchive(.tar, [.file(name, [1]), .file("good.wav", [2])]).bytes)
        #expect(walked.names == ["good.wav"])
        #expect(walked.failure?.reason == .unsupported && walked.failure?.detail.hasSuffix(name) == true)
    }

    @Test func namesAreBytes() throws {
        let name = "\u{e9}t\u{e9} \u{6771}.wav"
        for form in MadeArchive.Form.allCases where form != .sevenZip && form != .zip && form != .storedZip {
            #expect(try walk(try MadeArchive(form, [.file(name, [1])]).bytes).names == [name])
        }
        let made = try MadeArchive(.storedZip, [.file("QQQ.wav", [1])]).bytes
        // As a program of an old Windows would have written it.
        let replaced = String(decoding: made, as: Unicode.ASCII.self)
        #expect(replaced.contains("QQQ.wav"))
        let odd = made.replacing(Array("QQQ.wav".utf8), with: [0x81, 0xFF, 0x80] + Array(".wav".utf8))
        let file = try TemporaryFile(odd)
        var walk = try ArchiveWalk(file.descriptor, limits: ArchiveLimits(), isWanted: { _ in true }, pulse: {})
        #expect(try walk.next()?.path == [0x81, 0xFF, 0x80] + Array(".wav".utf8))
    }

    @Test func linksLeadToWhatCameBefore() throws {
        let made = try MadeArchive(
            .tar, [.file("a.wav", [1, 2]), .hardLink("b.wav", to: "./a.wav"), .symbolicLink("c.wav", to: "a.wav")])
        let walked = try walk(made.bytes)
        #expect(walked.names == ["a.wav", "b.wav"] && walked.originals == ["b.wav": "a.wav"])
    }

    @Test func whatTakesAPasswordIsNotRead() throws {
        let made = try MadeArchive(.zip, [.file("a.wav", noise(100, seed: 5))], password: "secret")
        let walked = try walk(made.bytes)
        #expect(walked.failures == ["a.wav": ExtractionFailure(.unsupported, "it takes a password")])
    }

    @Test("What stands before the damage counts", arguments: [MadeArchive.Form.storedZip, .tar, .tarGzip])
    func truncated(form: MadeArchive.Form) throws {
        let members = (0..<5).map { (name: "\($0).wav", data: noise(200_000, seed: UInt64(10 + $0))) }
        let made = try MadeArchive(form, members.map { .file($0.name, $0.data) })
        let walked = try walk(Array(made.bytes.prefix(made.bytes.count * 7 / 10)))
        #expect(walked.failure?.reason == .damaged)
        #expect(walked.contents["0.wav"] == members[0].data && walked.contents["1.wav"] == members[1].data)
        #expect(walked.contents["4.wav"] == nil)
    }

    @Test func whatIsNoArchiveIsRefused() throws {
        for bytes in [[], noise(5000, seed: 6), Array("RIFF and more".utf8)] {
            #expect(throws: ExtractionFailure(.unknownFormat, "not an archive of a known kind")) { try walk(bytes) }
        }
    }

    @Test func moreMembersThanAllowedAreLeftOut() throws {
        var limits = ArchiveLimits()
        limits.mostMembers = 3
        let made = try MadeArchive(.zip, (0..<5).map { .file("\($0).wav", [UInt8($0)]) })
        let walked = try walk(made.bytes, limits: limits)
        #expect(walked.names == ["0.wav", "1.wav", "2.wav"])
        #expect(walked.failure?.reason == .outOfLimits)
        #expect(walked.failure?.detail.contains("max_archive_members") == true)
    }

    @Test("A member that is too large is left out, the others are not", arguments: MadeArchive.Form.allCases)
    func largeMembers(form: MadeArchive.Form) throws {
        var limits = ArchiveLimits()
        limits.largestMember = 1000
        let made = try MadeArchive(form, [.file("a.wav", noise(1001, seed: 7)), .file("b.wav", noise(1000, seed: 8))])
        let walked = try walk(made.bytes, limits: limits)
        #expect(walked.failures["a.wav"]?.reason == .outOfLimits)
        #expect(walked.contents["b.wav"]?.count == 1000 && walked.failure == nil)
    }

    @Test("A bomb is not unpacked", arguments: [MadeArchive.Form.zip, .tarGzip, .sevenZip, .tarXZ], [true, false])
    func bombs(form: MadeArchive.Form, isUnpacked: Bool) throws {
        let zeros = [UInt8](repeating: 0, count: 40 << 20)
        let made = try MadeArchive(form, [.file("a.wav", [1])] + (0..<3).map { .file("\($0).bin", zeros) })
        let walked = try walk(made.bytes, unpacking: { isUnpacked || $0 == "a.wav" })
        #expect(walked.contents["a.wav"] == [1])
        // Members of a ZIP that nobody wants are not unpacked at all.
        if !isUnpacked, form == .zip { return #expect(walked.failure == nil) }
        #expect(walked.failure?.reason == .outOfLimits)
        #expect(walked.failure?.detail.contains("max_archive_ratio") == true)
    }

    @Test func noMoreIsUnpackedThanAllowed() throws {
        var limits = ArchiveLimits()
        limits.mostBytes = 250_000
        let made = try MadeArchive(.tar, (0..<4).map { .file("\($0).wav", noise(100_000, seed: UInt64($0))) })
        let walked = try walk(made.bytes, limits: limits)
        #expect(walked.contents.count == 2 && walked.failure?.reason == .outOfLimits)
    }

    @Test("Nothing that is spoilt does harm", arguments: MadeArchive.Form.allCases)
    func spoilt(form: MadeArchive.Form) throws {
        let members = (0..<3).map { MadeArchive.Member.file("\($0).wav", noise(3000, seed: UInt64($0))) }
        let sound = try MadeArchive(form, members).bytes
        var state: UInt64 = 99
        for _ in 0..<60 {
            var bytes = sound
            for _ in 0..<4 {
                state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
                bytes[Int(state >> 33) % bytes.count] = UInt8(truncatingIfNeeded: state >> 20)
            }
            do { _ = try walk(bytes) } catch is ExtractionFailure { continue }
        }
    }
}

extension [UInt8] {
    fileprivate func replacing(_ old: [UInt8], with new: [UInt8]) -> [UInt8] {
        var (result, place): ([UInt8], Int) = ([], 0)
        while place < count {
            if self[place...].starts(with: old) {
                result += new
                place += old.count
            } else {
                result.append(self[place])
                place += 1
            }
        }
        return result
    }
}

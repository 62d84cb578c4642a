import ContentHash
import SoundFeatures
import SystemPackage
import Testing

@testable import TimbreExtraction

struct ExtractionMessagesTests {
    static let info = SoundInfo(
        sampleRate: 44100, channelCount: 2, frameCount: 1 << 40, sampleCount: 7, format: "WAV, 16 bit PCM",
        isIncomplete: true, note: "header claims 0 bytes of sound, the file holds 9",
        audio: AudioHash(bytes: 1...16), tags: tags)
    static let tags: SoundTags = {
        var tags = SoundTags()
        (tags.title, tags.artist, tags.key, tags.bpm) = ("Grüße aus 東京", "Tom", "C#m", 123.5)
        (tags.rootNote, tags.beats, tags.isOneShot) = (60, 16, false)
        tags.addLoop(from: 0, to: 44_100)
        return tags
    }()
    static let bodies: [ExtractionReply.Body] = [
        .began, .info(info), .finished(ContentHash(of: [1]), size: 12),
        .frames(FeatureFrames(cepstra: Array(repeating: 3, count: 60), bands: Array(repeating: 9, count: 208))),
        .sound(
            FeatureFrames(cepstra: Array(repeating: 3, count: 30), bands: Array(repeating: 9, count: 104)), info,
            ContentHash(of: [2]), size: 99),
        .sameAudio(ContentHash(of: [3]), size: 5), .sameAudio(ContentHash(of: [3]), size: 5, tags: tags),
        .tags(tags), .tags(SoundTags()),
        .outline(
            SoundOutline(
                start: 1.5, step: 0.25, sampleRate: 44_100, channelCount: 2, lows: [-1, .min, 0], highs: [.max, 2, 0])),
        .format(SampleFormat(sampleRate: 96_000, channelCount: 6, encoding: .int24)), .samples([1, 2, 3]),
        .ended(at: 12.5),
        .shifted(FeatureFrames(cepstra: Array(repeating: 3, count: 30), bands: Array(repeating: 9, count: 104))),
        .failed(ExtractionFailure(.damaged, "breaks off"), nil),
        .failed(ExtractionFailure(.unknownFormat, "not audio"), ContentHash(of: [])),
        .member(
            MemberReport(
                number: 7, path: Array("kit/\u{e9}.wav".utf8), size: 1 << 40, modified: -5,
                outcome: .hashed(ContentHash(of: [4])))),
        .member(
            MemberReport(
                number: 8, path: [0xFF, 0x2E], size: 0, modified: 0,
                outcome: .failed(ExtractionFailure(.unsupported, "it takes a password")))),
        .memberBegan(9), .archiveEnded(nil), .archiveEnded(ExtractionFailure(.damaged, "breaks off")), .bytes([1, 2]),
    ]

    @Test func aTaskForAnArchiveSurvivesTheWay() throws {
        var limits = ArchiveLimits()
        (limits.mostMembers, limits.largestMember, limits.mostBytes, limits.mostRatio) = (1000, 1 << 20, 1 << 40, 7)
        let task = ArchiveTask(
            limits: limits, extensions: [FileSuffix(Array("wav".utf8)), FileSuffix(Array("aif".utf8))],
            wanted: [0, 7, 8, 999], first: 12, member: Array("kit/a.wav".utf8))
        for work in [ExtractionRequest.Work.members, .memberFeatures, .memberBytes] {
            let request = ExtractionRequest(id: 1, work: work, longest: 60, archive: task)
            #expect(try ExtractionRequest(packet: request.packet) == request)
            #expect(request.packet.count <= ExtractionRequest.longestPacket)
            for length in 0..<request.packet.count {
                #expect(throws: ExtractionProtocolError.self) {
                    try ExtractionRequest(packet: Array(request.packet.prefix(length)))
                }
            }
        }
        #expect(ArchiveTask(wanted: Set([ArchiveLimits.members.upperBound - 1])).packetLength < 32 * 1024)
    }

    @Test("A member that would lie outside of its archive is refused", arguments: ["../a.wav", "/a.wav", "", "k/./a"])
    func refusesMembersOutside(path: String) {
        let report = MemberReport(
            number: 0, path: Array(path.utf8), size: 0, modified: 0, outcome: .hashed(ContentHash(of: [])))
        let packet = ExtractionReply(id: 1, body: .member(report)).packet
        #expect(throws: ExtractionProtocolError.self) { try ExtractionReply(packet: packet) }
    }

    @Test("A reply survives the way", arguments: bodies)
    func survives(body: ExtractionReply.Body) throws {
        let reply = ExtractionReply(id: 0x0102_0304_0506_0708, body: body)
        #expect(try ExtractionReply(packet: reply.packet) == reply)
    }

    @Test("A reply that breaks off is refused", arguments: bodies)
    func refusesEveryPrefix(body: ExtractionReply.Body) {
        let packet = ExtractionReply(id: 1, body: body).packet
        for length in 0..<packet.count {
            #expect(throws: ExtractionProtocolError.self) { try ExtractionReply(packet: Array(packet.prefix(length))) }
        }
        #expect(throws: ExtractionProtocolError.self) { try ExtractionReply(packet: packet + [0]) }
    }

    @Test func textsAreOneLineOfBoundedLength() throws {
        func said(_ detail: String) throws -> String {
            let packet = ExtractionReply(id: 1, body: .failed(ExtractionFailure(.damaged, detail), nil)).packet
            guard case .failed(let failure, _) = try ExtractionReply(packet: packet).body else { return "" }
            return failure.detail
        }
        #expect(try said("one\n\u{1b}[2Jtwo\u{9b}1m \u{fc}ber") == "one[2Jtwo1m \u{fc}ber")
        #expect(try said(String(repeating: "x", count: 60_000)).count == 2000)
    }

    @Test func aSoundOfImpossibleShapeIsRefused() {
        for (rate, channels) in [(0, 1), (1, 0), (1 << 31, 1), (1, 1 << 31)] {
            var info = Self.info
            (info.sampleRate, info.channelCount) = (rate, channels)
            let packet = ExtractionReply(id: 1, body: .info(info)).packet
            #expect(throws: ExtractionProtocolError.self) { try ExtractionReply(packet: packet) }
        }
    }

    /// The catalog keeps sizes as signed numbers: a worker that names a greater one must not end the daemon.
    @Test func aSizeThatNoFileHasIsRefused() {
        let packet = ExtractionReply(id: 1, body: .finished(ContentHash(of: []), size: 1 << 63)).packet
        #expect(throws: ExtractionProtocolError.self) { try ExtractionReply(packet: packet) }
    }

    @Test func aFormatOrATimeThatCannotBeIsRefused() throws {
        func isRefused(_ body: ExtractionReply.Body) -> Bool {
            do throws(ExtractionProtocolError) {
                _ = try ExtractionReply(packet: ExtractionReply(id: 1, body: body).packet)
                return false
            } catch { return true }
        }
        for (rate, channels) in [(0, 1), (400_000, 1), (44_100, 0), (44_100, 1025)] {
            #expect(isRefused(.format(SampleFormat(sampleRate: rate, channelCount: channels, encoding: .int16))))
        }
        for seconds in [-1, .nan, .infinity] { #expect(isRefused(.ended(at: seconds))) }
        var packet = ExtractionReply(
            id: 1, body: .format(SampleFormat(sampleRate: 44_100, channelCount: 1, encoding: .int16))
        ).packet
        packet[packet.count - 1] = 6
        #expect(throws: ExtractionProtocolError.self) { try ExtractionReply(packet: packet) }
    }

    @Test func aRequestSurvivesTheWay() throws {
        let request = ExtractionRequest(id: .max, work: .features, longest: 14400, suffix: FileSuffix(of: "/a/b.MP3"))
        #expect(request.suffix.text == "mp3")
        #expect(try ExtractionRequest(packet: request.packet) == request)
        #expect(throws: ExtractionProtocolError.self) { try ExtractionRequest(packet: []) }
        let part = ExtractionRequest(
            id: 3, work: .samples, longest: .infinity, part: ExtractionRequest.Part(from: 1.5, to: 2))
        #expect(try ExtractionRequest(packet: part.packet) == part)
        let known = (0..<16).map { ContentHash(of: [UInt8($0)]) }
        let largest = ExtractionRequest(
            id: 1, work: .samples, longest: 1, suffix: FileSuffix(Array("abcdefgh".utf8)),
            audio: AudioHash(bytes: 0..<16), known: known, part: ExtractionRequest.Part(from: 0, to: 1))
        #expect(try ExtractionRequest(packet: largest.packet) == largest)
        var ofArchive = largest
        (ofArchive.work, ofArchive.part) = (.memberFeatures, nil)
        ofArchive.archive = ArchiveTask(
            extensions: Array(repeating: FileSuffix(Array("abcdefgh".utf8)), count: 512),
            wanted: [ArchiveLimits.members.upperBound - 1], member: Array(repeating: 0x61, count: 4096))
        #expect(try ExtractionRequest(packet: ofArchive.packet) == ofArchive)
        #expect(ofArchive.packet.count == ExtractionRequest.longestPacket)
        #expect(largest.packet.count < ofArchive.packet.count)
        for bad in [largest.packet + largest.packet.suffix(36), Array(largest.packet.dropLast())] {
            #expect(throws: ExtractionProtocolError.self) { try ExtractionRequest(packet: bad) }
        }
    }

    @Test func aRequestForAnOutlineSurvivesTheWay() throws {
        for part in [ExtractionRequest.Part(from: 0, to: 0.5), .init(from: 3600.25, to: .infinity)] {
            let request = ExtractionRequest(
                id: 3, work: .outline, longest: 60, suffix: FileSuffix(Array("wav".utf8)), part: part)
            #expect(try ExtractionRequest(packet: request.packet) == request)
        }
    }

    @Test func anImpossibleOutlineIsRefused() {
        for (start, step, rate) in [(-1.0, 1.0, 8000), (.nan, 1, 8000), (0, 0, 8000), (0, .infinity, 8000), (0, 1, 0)] {
            let outline = SoundOutline(
                start: start, step: step, sampleRate: rate, channelCount: 1, lows: [0], highs: [0])
            let packet = ExtractionReply(id: 1, body: .outline(outline)).packet
            #expect(throws: ExtractionProtocolError.self) { try ExtractionReply(packet: packet) }
        }
    }

    @Test func aFullPacketFits() {
        let most = SoundOutline.mostStretches
        let outline = SoundOutline(
            start: 0, step: 1, sampleRate: 8000, channelCount: 1, lows: Array(repeating: 0, count: most),
            highs: Array(repeating: 0, count: most))
        #expect(ExtractionReply(id: 0, body: .outline(outline)).packet.count <= ExtractionReply.longestPacket)
        let frames = FeatureFrames(
            cepstra: Array(repeating: 0, count: 256 * FeatureFrames.cepstrumStride),
            bands: Array(repeating: 0, count: 256 * FeatureFrames.bandStride))
        #expect(frames.count == ExtractionReply.mostFrames)
        #expect(ExtractionReply(id: 0, body: .frames(frames)).packet.count <= ExtractionReply.longestPacket)
    }
}

extension ArchiveTask {
    fileprivate var packetLength: Int {
        ExtractionRequest(id: 1, work: .members, longest: 1, archive: self).packet.count
    }
}

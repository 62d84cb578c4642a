import AudioDecoding
import CLinux
import ContentHash
import Glibc
import SoundFeatures
import SystemPackage
import TestSounds
import Testing

@testable import TimbreExtraction

/// The real program at work, over its real socket.
@Suite(.timeLimit(.minutes(10)))
struct WorkerTests {
    /// `timbre-extract`, which is built beside the tests' bundle.
    private static let executable: FilePath = {
        let arguments = CommandLine.arguments
        let flag = arguments.firstIndex(of: "--test-bundle-path")
        let bundle = flag.map { arguments[$0 + 1] } ?? arguments[0]
        return FilePath(bundle).removingLastComponent().appending("timbre-extract")
    }()

    private let tone = WaveFile(sine(440, count: 300_000, rate: 44_100).map { 0.5 * $0 }, rate: 44_100)

    private func replies(
        of worker: ExtractorProcess, to work: ExtractionRequest.Work, _ bytes: [UInt8], id: UInt64 = 7,
        longest: Double = 3600, known: [ContentHash] = []
    ) throws -> [ExtractionReply] {
        let file = try TemporaryFile(bytes)
        let request = ExtractionRequest(id: id, work: work, longest: longest, known: known)
        try worker.send(request, file: file.descriptor)
        var replies: [ExtractionReply] = []
        while let reply = try worker.receive() {
            replies.append(reply)
            switch reply.body {
            case .finished, .failed, .sound, .sameAudio: return replies
            default: continue
            }
        }
        return replies
    }

    @Test func answersInOrder() throws {
        let worker = try ExtractorProcess.start(Self.executable)
        let replies = try replies(of: worker, to: .features, tone.bytes)
        #expect(replies.allSatisfy { $0.id == 7 })
        #expect(replies.first?.body == .began)
        let packets = replies.compactMap { if case .frames(let frames) = $0.body { frames } else { nil } }
        // 150 000 samples at 22 050 Hz: 1 + ceil((150000 - 1024) / 512) frames, 256 in a packet.
        #expect(packets.map(\.count) == [256, 36])
        let info = SoundInfo(
            sampleRate: 44_100, channelCount: 1, frameCount: 300_000, sampleCount: 150_000,
            format: "WAV, 16 bit PCM", isIncomplete: false, tags: SoundTags())
        guard case .info(var found) = replies.dropLast().last?.body else {
            Issue.record("the last reply but one is no info")
            return
        }
        // What the sound's own bytes hash to is their business.
        #expect(found.audio != nil)
        found.audio = nil
        #expect(found == info)
        #expect(replies.last?.body == .finished(ContentHash(of: tone.bytes), size: UInt64(tone.bytes.count)))
        #expect(replies.count == 5)
    }

    @Test func tellsTheOutlineOfAWaveform() throws {
        // A quarter of a second each of a loud and of a soft tone.
        let rate = 22_050
        let samples =
            sine(441, count: rate / 4, rate: rate).map { 0.5 * $0 }
            + sine(441, count: rate / 4, rate: rate).map { 0.125 * $0 }
        let file = try TemporaryFile(WaveFile(samples, rate: rate).bytes)
        let whole = try ExtractorProcess.outlineOne(file.descriptor, executable: Self.executable)
        #expect((whole.sampleRate, whole.channelCount, whole.start) == (rate, 1, 0))
        #expect(abs(Double(whole.lows.count) * whole.step - 0.5) < 2 * whole.step)
        #expect(abs(whole.peak - 0.5) < 1e-3)
        let part = try ExtractorProcess.outlineOne(
            file.descriptor, part: ExtractionRequest.Part(from: 0.3, to: 0.4), executable: Self.executable)
        #expect(abs(part.start - 0.3) < 1e-4 && abs(Double(part.lows.count) * part.step - 0.1) < 2 * part.step)
        #expect(abs(part.peak - 0.125) < 1e-3)
        #expect(abs(Double(part.lows.min() ?? 0) / 32767 + 0.125) < 1e-3)
        let behind = try ExtractorProcess.outlineOne(
            file.descriptor, part: ExtractionRequest.Part(from: 7, to: 9), executable: Self.executable)
        #expect(behind.lows.isEmpty && behind.peak == 0)
        let words = try TemporaryFile(Array("no sound at all".utf8))
        #expect(throws: ExtractionFailure.self) {
            try ExtractorProcess.outlineOne(words.descriptor, executable: Self.executable)
        }
    }

    @Test func canBeginWhereTheSilenceEnds() throws {
        let worker = try ExtractorProcess.start(Self.executable)
        func frames(_ work: ExtractionRequest.Work, silence: Int) throws -> FeatureFrames {
            let samples = Array(repeating: 0, count: silence) + noise(8000, seed: 3).map { 0.5 * $0 }
            var frames = FeatureFrames()
            for reply in try replies(of: worker, to: work, WaveFile(samples, rate: 22_050).bytes) {
                if case .sound(let all, _, _, _) = reply.body { frames = all }
            }
            return frames
        }
        let plain = try frames(.features, silence: 0)
        #expect(try frames(.featuresWithoutSilence, silence: 4410) == plain)
        #expect(try frames(.featuresWithoutSilence, silence: 0) == plain)
        // The next file has its silence again.
        #expect(try frames(.features, silence: 4410).count > plain.count)
    }

    // Of 700, 40 000 and, at 44.1 kHz, 90 000 samples: those of the file with 256 zeros in front once it is at 22 050 Hz.
    @Test("Makes the frames of both phases at once", arguments: [(700, 22_050), (40_000, 22_050), (90_000, 44_100)])
    func makesBothPhases(count: Int, rate: Int) throws {
        let file = try TemporaryFile(
            WaveFile(noise(count, seed: 3).map { 0.5 * $0 }, rate: rate, encoding: .float).bytes)
        var (samples, piece) = ([Float](), [Float]())
        var sound = try MonoSound(file.descriptor, longest: 10)
        while try sound.read(into: &piece) { samples += piece }
        let late = try TemporaryFile(
            WaveFile(
                Array(repeating: 0, count: 256) + samples.map { Double($0) }, rate: 22_050, encoding: .float
            ).bytes)
        func extract(_ file: borrowing TemporaryFile, _ work: ExtractionRequest.Work) throws -> Extraction {
            try ExtractorProcess.extractOne(file.descriptor, longest: 10, work: work, executable: Self.executable)
        }
        let found = try extract(file, .featuresInTwoPhases)
        let plain = try extract(file, .features)
        #expect(plain.shifted == nil)
        #expect(found.frames == plain.frames && found.info == plain.info && found.content == plain.content)
        let (shifted, expected) = (try #require(found.shifted), try extract(late, .features).frames)
        #expect(shifted.count == min(66, expected.count))
        // The samples of a resampled sound are known more exactly than a file of floats holds them: a level may come to lie
        // on the other side of a step.
        for (a, b) in zip(shifted.bands, expected.bands) {
            #expect(rate == 22_050 ? a == b : abs(Int(a) - Int(b)) <= 1)
        }
        #expect(shifted.bands != plain.frames.bands.prefix(shifted.bands.count).map { $0 })
    }

    @Test func saysAllOfAShortSoundInOnePacket() throws {
        let worker = try ExtractorProcess.start(Self.executable)
        // 256 frames go into a packet: 1024 samples and 255 times 512.
        for (count, isWhole) in [(1, true), (1024 + 255 * 512, true), (1025 + 255 * 512, false)] {
            let bytes = WaveFile(noise(count, seed: 3).map { 0.5 * $0 }, rate: 22_050).bytes
            let bodies = try replies(of: worker, to: .features, bytes).map(\.body)
            guard case .sound(let frames, let info, let hash, let size) = bodies.last else {
                #expect(!isWhole && bodies.count == 5)
                continue
            }
            #expect(isWhole && bodies.count == 2)
            #expect(frames.count == (count == 1 ? 1 : 256) && info.sampleCount == count)
            #expect(hash == ContentHash(of: bytes) && size == UInt64(bytes.count))
        }
    }

    @Test func decodesNothingThatIsKnown() throws {
        let worker = try ExtractorProcess.start(Self.executable)
        let hash = ContentHash(of: tone.bytes)
        let others = (1...15).map { ContentHash(of: [UInt8($0)]) }
        let known = try replies(of: worker, to: .features, tone.bytes, known: others + [hash]).map(\.body)
        #expect(known == [.began, .finished(hash, size: UInt64(tone.bytes.count))])
        let plain = try replies(of: worker, to: .features, tone.bytes)
        #expect(try replies(of: worker, to: .features, tone.bytes, known: others) == plain)
    }

    @Test func hashesWithoutDecoding() throws {
        let worker = try ExtractorProcess.start(Self.executable)
        let bytes = Array("not a sound at all".utf8)
        let expected: [ExtractionReply.Body] = [.began, .finished(ContentHash(of: bytes), size: 18)]
        #expect(try replies(of: worker, to: .hash, bytes).map(\.body) == expected)
    }

    @Test func tellsTheHashOfWhatIsNotASound() throws {
        let worker = try ExtractorProcess.start(Self.executable)
        let bytes = Array("not a sound at all".utf8)
        let last = try #require(try replies(of: worker, to: .features, bytes).last)
        guard case .failed(let failure, let hash) = last.body else {
            Issue.record("\(last)")
            return
        }
        #expect(failure.reason == .unknownFormat)
        #expect(hash == ContentHash(of: bytes))
    }

    @Test func aFailureLeavesTheNextFileAlone() throws {
        let worker = try ExtractorProcess.start(Self.executable)
        let alone = try replies(of: worker, to: .features, tone.bytes)
        // Refused only after a second of it has been heard.
        let long = WaveFile(noise(100_000, seed: 1), rate: 44_100, promised: .max)
        guard case .failed(let failure, _) = try replies(of: worker, to: .features, long.bytes, longest: 1).last?.body
        else {
            Issue.record("a long sound was not refused")
            return
        }
        #expect(failure.reason == .outOfLimits)
        #expect(try replies(of: worker, to: .features, tone.bytes) == alone)
    }

    @Test func endsWithTheSocket() throws {
        let worker = try ExtractorProcess.start(Self.executable)
        _ = try replies(of: worker, to: .features, tone.bytes)
        #expect(shutdown(worker.socket.rawValue, Int32(SHUT_WR)) == 0)
        #expect(try worker.receive() == nil)
        #expect(worker.reap() == .exited(0))
    }

    @Test func aCrashIsSeenAsTheEnd() throws {
        let worker = try ExtractorProcess.start(Self.executable)
        #expect(try worker.receiveIfReady() == .wouldBlock)
        #expect(Glibc.kill(worker.processID, SIGSEGV) == 0)
        #expect(try worker.receive() == nil)
        #expect(try worker.receiveIfReady() == .end)
        #expect(worker.reap() == .killed(signal: SIGSEGV))
        #expect(worker.reap() == .killed(signal: SIGSEGV))
        let file = try TemporaryFile(tone.bytes)
        #expect(throws: Errno.brokenPipe) {
            try worker.send(ExtractionRequest(id: 1, work: .hash, longest: 1), file: file.descriptor)
        }
    }

    @Test func canBeKilledWhileSomebodyWaitsForItsEnd() async throws {
        let worker = try ExtractorProcess.start(Self.executable)
        async let ending = Task.detached { worker.reap() }.value
        worker.kill()
        #expect(await ending == .killed(signal: SIGKILL))
    }

    @Test func nobodyWaitsForOneThatDoesNotEnd() throws {
        let process: Int32
        do {
            let worker = try ExtractorProcess.start(Self.executable)
            process = worker.processID
            // It was not killed; one that the kernel cannot end is like this.
            #expect(worker.reapSoon() == .unknown)
            #expect(worker.reap() == .unknown)
        }
        #expect(kill(process, 0) == 0)
        kill(process, SIGKILL)
        // The next that ends has it collected.
        let deadline = ContinuousClock.now + .seconds(60)
        while kill(process, 0) == 0, .now < deadline { _ = try ExtractorProcess.start(Self.executable) }
        #expect(kill(process, 0) == -1 && errno == ESRCH)
    }

    @Test func servesSeveralRequestsSentAhead() throws {
        let worker = try ExtractorProcess.start(Self.executable)
        for id in 1...20 as ClosedRange<UInt64> {
            let file = try TemporaryFile([UInt8(id)])
            try worker.send(ExtractionRequest(id: id, work: .hash, longest: 1), file: file.descriptor)
        }
        var finished: [UInt64] = []
        while finished.count < 20, let reply = try worker.receive() {
            if case .finished(let hash, _) = reply.body {
                finished.append(reply.id)
                #expect(hash == ContentHash(of: [UInt8(reply.id)]))
            }
        }
        #expect(finished == Array(1...20))
    }

    @Test func extractsOneFile() throws {
        let file = try TemporaryFile(tone.bytes)
        let found = try ExtractorProcess.extractOne(file.descriptor, longest: 10, executable: Self.executable)
        #expect(found.frames.count == 292)
        #expect(found.content == ContentHash(of: tone.bytes))
        #expect(found.size == UInt64(tone.bytes.count))
        #expect(found.info.duration == 300_000.0 / 44_100)
        #expect { try ExtractorProcess.extractOne(file.descriptor, longest: 1, executable: Self.executable) } throws: {
            ($0 as? ExtractionFailure)?.reason == .outOfLimits
        }
    }

    @Test func readsAPartOfASound() throws {
        let file = try TemporaryFile(tone.bytes)
        func read(_ from: Double, _ to: Double) throws -> (format: SampleFormat?, samples: [UInt8], end: Double) {
            var (format, samples) = (SampleFormat?.none, [UInt8]())
            let end = try ExtractorProcess.read(
                ExtractionRequest.Part(from: from, to: to), of: file.descriptor, executable: Self.executable,
                begin: { format = $0 }, take: { samples += $0 })
            return (format, samples, end)
        }
        // Behind a header of 44 bytes there are two for each of the 300 000 samples.
        let part = try read(1.5, 4)
        #expect(part.format == SampleFormat(sampleRate: 44_100, channelCount: 1, encoding: .int16))
        #expect(part.samples == Array(tone.bytes[44 + 2 * 66_150..<44 + 2 * 176_400]))
        #expect(part.end == 4)
        let rest = try read(6, 100)
        #expect(rest.samples == Array(tone.bytes[(44 + 2 * 264_600)...]))
        #expect(rest.end == 300_000.0 / 44_100)
        #expect(try read(7, 8).samples.isEmpty)
        let text = try TemporaryFile(Array("not a sound at all".utf8))
        #expect {
            _ = try ExtractorProcess.read(
                ExtractionRequest.Part(from: 0, to: 1), of: text.descriptor, executable: Self.executable,
                begin: { _ in Issue.record("a text has no samples") }, take: { _ in })
        } throws: {
            ($0 as? ExtractionFailure)?.reason == .unknownFormat
        }
    }

    @Test func aSoundThatTakesFFmpegIsLeftToAWorkerThatHasIt() throws {
        try #require(ForeignDecoding.load())
        let call = phoneCall(frames: 100)
        let file = try TemporaryFile(call)
        func answer(_ worker: ExtractorProcess, _ work: ExtractionRequest.Work) throws -> [ExtractionReply.Body] {
            try worker.send(ExtractionRequest(id: 1, work: work, longest: 60), file: file.descriptor)
            var bodies: [ExtractionReply.Body] = []
            while let reply = try worker.receive() {
                bodies.append(reply.body)
                if reply.body != .began { break }
            }
            return bodies
        }
        let plain = try ExtractorProcess.start(Self.executable)
        for work in [.features, .samples, .outline, .featuresInTwoPhases] as [ExtractionRequest.Work] {
            #expect(try answer(plain, work) == [.began, .needsFFmpeg])
        }
        // Its bytes can be known all the same.
        #expect(
            try answer(plain, .hash) == [.began, .finished(ContentHash(of: call), size: UInt64(call.count))])
        let other = try ExtractorProcess.start(Self.executable, withFFmpeg: true)
        guard case .sound(_, let info, _, _)? = try answer(other, .features).last else {
            Issue.record("it is not heard")
            return
        }
        #expect(info.format == "AMR" && info.frameCount == 16_000)
    }

    @Test func whoAsksForOneFileIsNotToldThatItTookASecondWorker() throws {
        try #require(ForeignDecoding.load())
        let file = try TemporaryFile(phoneCall(frames: 100))
        let found = try ExtractorProcess.extractOne(file.descriptor, longest: 10, executable: Self.executable)
        #expect(found.info.duration == 2 && found.frames.count > 80)
        let outline = try ExtractorProcess.outlineOne(file.descriptor, executable: Self.executable)
        #expect(outline.sampleRate == 8000)
        var bytes = 0
        let end = try ExtractorProcess.read(
            ExtractionRequest.Part(from: 0.5, to: 1), of: file.descriptor, executable: Self.executable,
            begin: { #expect($0.sampleRate == 8000) }, take: { bytes += $0.count })
        #expect(end == 1 && bytes == 4000 * 4)
    }

    @Test func saysWhichProgramIsMissing() throws {
        #expect(throws: ExtractorStartError(executable: "/nowhere/at-all", errno: .noSuchFileOrDirectory)) {
            try ExtractorProcess.start("/nowhere/at-all")
        }
    }

    @Test func seesTheEndOfAProgramThatIsNoWorker() throws {
        let file = try TemporaryFile(tone.bytes)
        #expect { try ExtractorProcess.extractOne(file.descriptor, longest: 1, executable: "/bin/false") } throws: {
            ($0 as? ExtractionFailure)?.reason == .crashed
        }
    }
}

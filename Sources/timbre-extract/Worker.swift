import ArchiveReading
import AudioDecoding
import ContentHash
import Glibc
import Platform
import SoundExtraction
import SoundFeatures
import SystemPackage
import TimbreExtraction
import TimbreFeatures
import WorkerSandbox

/// Serves extraction requests, one after the other, until the asker closes the socket.
struct Worker: ~Copyable {
    private let socket: PacketSocket
    private var extractor = Extractor()
    /// Where members of archives are unpacked, once there has been one.
    private var unpacked: MemoryInput?

    /// The asker has gone: nobody wants to know the rest.
    private struct AskerGone: Error {}

    /// - Parameter socket: Our end of a `SOCK_SEQPACKET` pair.
    init(socket: FileDescriptor) { self.socket = PacketSocket(socket) }

    /// Serves, and returns the code to exit with.
    consuming func serve() -> Int32 {
        do {
            while let (request, file) = try nextRequest() {
                defer { _ = close(file.rawValue) }
                try answer(request, file)
            }
            return 0
        } catch is AskerGone {
            return 0
        } catch {
            ErrorOutput.print("the asker and this worker do not understand each other: \(error)")
            return 70
        }
    }

    private func nextRequest() throws -> (ExtractionRequest, FileDescriptor)? {
        do {
            let (packet, file) = try socket.receive(upTo: ExtractionRequest.longestPacket)
            guard !packet.isEmpty else { return nil }
            guard let file else { throw Errno.badFileDescriptor }
            return (try ExtractionRequest(packet: packet), file)
        } catch Errno.connectionReset { throw AskerGone() }
    }

    private mutating func answer(_ request: ExtractionRequest, _ file: FileDescriptor) throws {
        try send(.began, to: request)
        ProcessLimit.allowProcessorTime(seconds: Self.processorTime(for: file))
        do {
            if request.work.isOfArchive { return try answer(request, aboutArchive: file) }
            if request.work == .outline {
                let part = request.part ?? ExtractionRequest.Part(from: 0, to: .infinity)
                let outline = try SoundPart.outline(file, suffix: request.suffix.text, from: part.from, to: part.to)
                return try send(.outline(outline), to: request)
            }
            if request.work == .samples {
                return try sendSamples(of: file, for: request)
            }
            if request.work == .tags { return try send(.tags(try FileTags.read(file)), to: request) }
            // What may be known already is hashed first, and else last: then a sound that is being written is more
            // likely to be whole.
            let early = request.known.isEmpty && request.work != .hash ? nil : try Extractor.hash(file)
            if let early, request.work == .hash || request.known.contains(early.content) {
                return try send(.finished(early.content, size: early.size), to: request)
            }
            if let audio = request.audio, try Extractor.isSame(audio, in: file) {
                let (content, size) = try early ?? Extractor.hash(file)
                return try send(.sameAudio(content, size: size, tags: try FileTags.read(file)), to: request)
            }
            try sendFeatures(of: file, for: request, suffix: request.suffix, hash: early)
        } catch let failure as ExtractionFailure {
            try send(failure.wantsFFmpeg ? .needsFFmpeg : .failed(failure, nil), to: request)
        }
    }

    /// Sends a sound's features, and the hash of its bytes.
    ///
    /// - Throws: ``ExtractionFailure`` if another worker has to decode it, or its bytes cannot be read.
    private mutating func sendFeatures(
        of file: some SoundInput, for request: ExtractionRequest, suffix: FileSuffix,
        hash early: (content: ContentHash, size: UInt64)? = nil
    ) throws {
        var failure: ExtractionFailure?
        var found: Features?
        do { found = try features(of: file, for: request, suffix: suffix) } catch let why as ExtractionFailure {
            if why.wantsFFmpeg { throw why }
            failure = why
        }
        // A file without features is known by its hash all the same.
        let (content, size) = try early ?? Extractor.hash(file)
        if let failure { return try send(.failed(failure, content), to: request) }
        guard let found else { return }
        if found.isWhole {
            return try send(.sound(found.frames, found.info, content, size: size), to: request)
        }
        if found.frames.count > 0 { try send(.frames(found.frames), to: request) }
        try send(.info(found.info), to: request)
        try send(.finished(content, size: size), to: request)
    }

    private mutating func answer(_ request: ExtractionRequest, aboutArchive file: FileDescriptor) throws {
        let (task, socket) = (request.archive ?? ArchiveTask(), socket)
        let work = ArchiveWork(file: file, task: task) { body in
            try Self.send(body, to: request, over: socket)
            ProcessLimit.allowProcessorTime(seconds: 60 + Self.longestSeconds(for: task))
        }
        switch request.work {
        case .members: try work.list()
        case .memberBytes: try work.sendMember()
        case .memberTags: try work.sendTags(unpackingInto: room(for: work.task))
        default: try sendFeatures(ofMembers: work, for: request)
        }
    }

    /// Sends the features of the members that are wanted, in the order of the archive.
    private mutating func sendFeatures(ofMembers work: ArchiveWork, for request: ExtractionRequest) throws {
        let input = room(for: work.task)
        var walk = try work.walk { _ in true }
        var left = work.task.wanted
        while !left.isEmpty, let member = try walk.next() {
            guard left.remove(member.number) != nil else { continue }
            try work.send(.memberBegan(member.number))
            input.clear()
            if let failure = try walk.unpack({ input.append($0) }) {
                try send(.failed(failure, nil), to: request)
                continue
            }
            do {
                try sendFeatures(of: input, for: request, suffix: FileSuffix(of: FilePath(bytes: member.path)))
            } catch let failure as ExtractionFailure {
                if failure.wantsFFmpeg { throw failure }
                try send(.failed(failure, nil), to: request)
            }
        }
        input.clear()
        try work.send(.archiveEnded(left.isEmpty ? nil : walk.failure))
    }

    /// Where members are unpacked, one after the other.
    private mutating func room(for task: ArchiveTask) -> MemoryInput {
        let capacity = Int(task.limits.largestMember)
        if let unpacked, unpacked.capacity == capacity { return unpacked }
        let made = MemoryInput(capacity: capacity)
        unpacked = made
        return made
    }

    /// How long a member may take.
    private static func longestSeconds(for task: ArchiveTask) -> Int {
        ExtractionRequest.longestSeconds(forSize: task.limits.largestMember)
    }

    /// Decodes a part of a sound, and sends it as it comes.
    private func sendSamples(of file: FileDescriptor, for request: ExtractionRequest) throws {
        let part = request.part ?? ExtractionRequest.Part(from: 0, to: 0)
        var sound = try SoundPart(file, suffix: request.suffix.text, from: part.from, to: part.to)
        try send(.format(sound.format), to: request)
        var samples: [UInt8] = []
        while try sound.read(into: &samples) {
            let most = ExtractionReply.mostSampleBytes / sound.format.frameSize * sound.format.frameSize
            for start in stride(from: 0, to: samples.count, by: most) {
                try send(.samples(Array(samples[start..<min(start + most, samples.count)])), to: request)
            }
        }
        try send(.ended(at: sound.position), to: request)
    }

    /// Seconds of processor time that a file may cost: more than the asker's deadline, which counts while we wait, too.
    private static func processorTime(for file: FileDescriptor) -> Int {
        do throws(Errno) {
            return 60 + ExtractionRequest.longestSeconds(forSize: try FileStatus(of: file).size)
        } catch { return 60 }
    }

    /// What is still to be said of a sound.
    private struct Features {
        /// The frames that have not been sent.
        var frames: FeatureFrames
        var info: SoundInfo
        /// Whether these are all.
        var isWhole: Bool
    }

    /// Computes a sound's features, and sends them as soon as they fill a packet.
    private mutating func features(
        of file: some SoundInput, for request: ExtractionRequest, suffix: FileSuffix
    ) throws -> Features {
        var frames = FeatureFrames()
        var isWhole = true
        let socket = socket
        func take(_ frame: borrowing FrameFeatures) throws {
            if frames.count == ExtractionReply.mostFrames {
                try Self.send(.frames(frames), to: request, over: socket)
                frames = FeatureFrames()
                isWhole = false
            }
            frames.append(frame)
        }
        let longest = request.longest
        let info: SoundInfo
        if request.work == .featuresInTwoPhases {
            var shifted = FeatureFrames()
            info = try extractor.extractInTwoPhases(
                file, suffix: suffix, longest: longest, shifted: &shifted, take)
            try Self.send(.shifted(shifted), to: request, over: socket)
        } else {
            let skipsSilence = request.work == .featuresWithoutSilence
            info = try extractor.extract(file, suffix: suffix, longest: longest, skipsSilence: skipsSilence, take)
        }
        return Features(frames: frames, info: info, isWhole: isWhole)
    }

    private func send(_ body: ExtractionReply.Body, to request: ExtractionRequest) throws {
        try Self.send(body, to: request, over: socket)
    }

    /// Sends a reply, and waits while the asker is busy.
    private static func send(
        _ body: ExtractionReply.Body, to request: ExtractionRequest, over socket: PacketSocket
    ) throws {
        do {
            try socket.send(ExtractionReply(id: request.id, body: body).packet)
        } catch Errno.brokenPipe { throw AskerGone() } catch Errno.connectionReset { throw AskerGone() }
    }
}

import ContentHash

/// What a worker is asked: one packet over a `SOCK_SEQPACKET` socket, with the open file beside it.
package struct ExtractionRequest: Hashable, Sendable {
    package enum Work: UInt8, Sendable {
        /// The hash of the file's bytes alone.
        case hash = 1
        /// The hash and the features.
        case features = 2
        /// The same, the frames beginning where the silence in front of the sound ends.
        case featuresWithoutSilence = 3
    }

    /// Chosen by the asker, returned with every reply.
    package var id: UInt64
    package var work: Work
    /// Longer sounds are refused, in seconds.
    package var longest: Double
    /// The extension of the file's name, in lower case and without a dot: some sounds are known by nothing else.
    package var suffix: FileSuffix
    /// What the file's sound was when it was last read: if it is the same, nothing is decoded.
    package var audio: AudioHash?
    /// Contents of which the features are known: for these the hash is all that is wanted, whatever the work. At most
    /// ``mostKnown``.
    package var known: [ContentHash]

    /// How many contents can be said to be known.
    package static let mostKnown = 16

    package init(
        id: UInt64, work: Work, longest: Double, suffix: FileSuffix = .none, audio: AudioHash? = nil,
        known: [ContentHash] = []
    ) {
        precondition(known.count <= Self.mostKnown)
        self.id = id
        self.work = work
        self.longest = longest
        self.suffix = suffix
        self.audio = audio
        self.known = known
    }

    /// How many seconds a worker may have a file of so many bytes: generous, as a decoder that hangs is rare and a slow
    /// disk is not.
    package static func longestSeconds(forSize size: Int64) -> Int { Int(min(3600, 30 + size / 1_000_000)) }
}

/// What a worker answers, a packet each. The order for one request is: `began`, then for features any number of
/// `frames` and one `info`, then `finished`, or all in one as `sound`, or `sameAudio` alone; or `failed` anywhere after `began`.
package struct ExtractionReply: Hashable, Sendable {
    package enum Body: Hashable, Sendable {
        /// The worker has taken the request up; from here on the file's deadline counts.
        case began
        /// The next frames, at most ``ExtractionReply/mostFrames``.
        case frames(FeatureFrames)
        /// What the decoder found.
        case info(SoundInfo)
        /// All is said: the hash of the `size` bytes that were read.
        case finished(ContentHash, size: UInt64)
        /// All of a sound that has no more frames than go into a packet.
        case sound(FeatureFrames, SoundInfo, ContentHash, size: UInt64)
        /// The file's sound is what it was, whatever else is in the file now: the hash of the `size` bytes.
        case sameAudio(ContentHash, size: UInt64)
        /// No features; the hash is known if the file could be read at all.
        case failed(ExtractionFailure, ContentHash?)
    }

    /// Frames in one packet at the most, so that a packet stays well below the socket's buffer.
    package static let mostFrames = 256
    /// Bytes in one packet at the most.
    package static let longestPacket = 64 * 1024
    /// Bytes in a text at the most.
    static let longestText = 2000

    /// The request's.
    package var id: UInt64
    package var body: Body

    package init(id: UInt64, body: Body) {
        self.id = id
        self.body = body
    }
}

/// A packet that is not of the protocol.
package struct ExtractionProtocolError: Error, Hashable, Sendable {
    package init() {}
}

extension ExtractionRequest {
    /// Bytes in a packet at the most.
    package static let longestPacket = 21 + FileSuffix.longest + 20 + mostKnown * 36

    /// The packet: id, longest (both 8 bytes, little-endian), work, suffix, the hash of the sound, then those of what is
    /// known.
    package var packet: [UInt8] {
        var writer = PacketWriter()
        writer.put(id)
        writer.put(longest.bitPattern)
        writer.put(work.rawValue)
        writer.put(Array(suffix.text.utf8))
        writer.put(audio?.bytes ?? [])
        for hash in known { writer.put(hash.bytes) }
        return writer.bytes
    }

    package init(packet: [UInt8]) throws(ExtractionProtocolError) {
        var reader = PacketReader(packet)
        id = try reader.take(UInt64.self)
        longest = Double(bitPattern: try reader.take(UInt64.self))
        guard let work = Work(rawValue: try reader.take(UInt8.self)) else { throw ExtractionProtocolError() }
        self.work = work
        suffix = FileSuffix(try reader.takeBytes())
        audio = try reader.takeAudio()
        known = []
        while !reader.isAtEnd {
            guard known.count < Self.mostKnown, let hash = ContentHash(bytes: try reader.takeBytes()) else {
                throw ExtractionProtocolError()
            }
            known.append(hash)
        }
    }
}

extension ExtractionReply {
    private enum Tag: UInt8 {
        case began = 1
        case frames, info, finished, failed, sound, sameAudio
    }

    /// The packet: id, tag, and the body's parts in their order; texts and arrays with their length before them.
    package var packet: [UInt8] {
        var writer = PacketWriter()
        writer.put(id)
        switch body {
        case .began: writer.put(Tag.began.rawValue)
        case .frames(let frames):
            writer.put(Tag.frames.rawValue)
            writer.put(frames)
        case .info(let info):
            writer.put(Tag.info.rawValue)
            writer.put(info)
        case .finished(let hash, let size):
            writer.put(Tag.finished.rawValue)
            writer.put(hash.bytes)
            writer.put(size)
        case .sound(let frames, let info, let hash, let size):
            writer.put(Tag.sound.rawValue)
            writer.put(frames)
            writer.put(info)
            writer.put(hash.bytes)
            writer.put(size)
        case .sameAudio(let hash, let size):
            writer.put(Tag.sameAudio.rawValue)
            writer.put(hash.bytes)
            writer.put(size)
        case .failed(let failure, let hash):
            writer.put(Tag.failed.rawValue)
            writer.put(failure.reason.rawValue)
            writer.put(Array(failure.detail.utf8.prefix(Self.longestText)))
            writer.put(hash?.bytes ?? [])
        }
        return writer.bytes
    }

    package init(packet: [UInt8]) throws(ExtractionProtocolError) {
        var reader = PacketReader(packet)
        id = try reader.take(UInt64.self)
        guard let tag = Tag(rawValue: try reader.take(UInt8.self)) else { throw ExtractionProtocolError() }
        switch tag {
        case .began: body = .began
        case .frames: body = .frames(try reader.takeFrames())
        case .info: body = .info(try reader.takeInfo())
        case .finished:
            let (hash, size) = try reader.takeContent()
            body = .finished(hash, size: size)
        case .sound:
            let (frames, info) = (try reader.takeFrames(), try reader.takeInfo())
            let (hash, size) = try reader.takeContent()
            body = .sound(frames, info, hash, size: size)
        case .sameAudio:
            let (hash, size) = try reader.takeContent()
            body = .sameAudio(hash, size: size)
        case .failed:
            guard let reason = ExtractionFailure.Reason(rawValue: try reader.take(UInt8.self)) else {
                throw ExtractionProtocolError()
            }
            let detail = try reader.takeLine()
            body = .failed(ExtractionFailure(reason, detail), ContentHash(bytes: try reader.takeBytes()))
        }
        guard reader.isAtEnd else { throw ExtractionProtocolError() }
    }
}

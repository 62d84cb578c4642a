import ContentHash
import SoundFeatures

/// What a worker answers, a packet each. The order for one request is: `began`, then for features any number of
/// `frames` and one `info`, then `finished`, or all in one as `sound`, or `sameAudio`
/// alone; `outline` alone, if that was asked for; or `failed` anywhere after `began`.
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
        /// The outline of a sound, or of the part that was asked for.
        case outline(SoundOutline)
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

extension ExtractionReply {
    private enum Tag: UInt8 {
        case began = 1
        case frames, info, finished, failed, sound, sameAudio, outline
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
        case .outline(let outline):
            writer.put(Tag.outline.rawValue)
            writer.put(outline)
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
        case .outline: body = .outline(try reader.takeOutline())
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

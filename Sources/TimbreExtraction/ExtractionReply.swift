import ContentHash
import SoundFeatures

/// What a worker answers, a packet each. The order for one request is: `began`, then for features any number of
/// `frames`, `shifted` if two phases were asked for, and one `info`, then `finished`; a short sound's frames, `info` and
/// `finished` come in one as `sound`; or `sameAudio` alone. For samples it is `began`, `format`, any number of `samples`, then
/// `ended`; for an outline, `began` and `outline`, and for tags, `began` and `tags`. `failed` may come anywhere after `began`, and `needsFFmpeg` right after it.
///
/// For the members of an archive it is `began`, a `member` for each, and `archiveEnded`; for their features `memberBegan`
/// before what is said of each, as of a file; for their tags, `memberBegan` for each and, if it can be unpacked, `member` and
/// `tags`; for the bytes of one, any number of `bytes`, then `finished`. `began` may come again while an archive is gone
/// through: then the deadline counts anew.
package struct ExtractionReply: Hashable, Sendable {
    package enum Body: Hashable, Sendable {
        /// The worker has taken the request up; from here on the file's deadline counts.
        case began
        /// The next frames, at most ``ExtractionReply/mostFrames``.
        case frames(FeatureFrames)
        /// The first frames in the other phase, at most ``FeatureFrames/mostShifted``.
        case shifted(FeatureFrames)
        /// What the decoder found.
        case info(SoundInfo)
        /// All is said: the hash of the `size` bytes that were read.
        case finished(ContentHash, size: UInt64)
        /// All of a sound that has no more frames than go into a packet.
        case sound(FeatureFrames, SoundInfo, ContentHash, size: UInt64)
        /// The file's sound is what it was, whatever else is in the file now: the hash of the `size` bytes, and what the file
        /// says of itself now.
        case sameAudio(ContentHash, size: UInt64, tags: SoundTags = SoundTags())
        /// What the samples of a part are like that follow.
        case format(SampleFormat)
        /// The next samples of a part, whole frames in its format.
        case samples([UInt8])
        /// The part has ended, or the sound has before it: where in the sound, in seconds.
        case ended(at: Double)
        /// No features; the hash is known if the file could be read at all.
        case failed(ExtractionFailure, ContentHash?)
        /// The outline of a sound, or of the part that was asked for.
        case outline(SoundOutline)
        /// What the file says of itself.
        case tags(SoundTags)
        /// The file takes a worker that has loaded FFmpeg's libraries; this one has not.
        case needsFFmpeg
        /// A member of an archive.
        case member(MemberReport)
        /// What follows is about the member of this number.
        case memberBegan(Int)
        /// The archive has been gone through; what is to be said of it as a whole, if anything.
        case archiveEnded(ExtractionFailure?)
        /// The next bytes of a member, at most ``ExtractionReply/mostSampleBytes``.
        case bytes([UInt8])
    }

    /// Frames in one packet at the most, so that a packet stays well below the socket's buffer.
    package static let mostFrames = 256
    /// Bytes of samples in one packet at the most.
    package static let mostSampleBytes = 48 * 1024
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
        case frames, info, finished, failed, sound, sameAudio, shifted, format, samples, ended, outline, needsFFmpeg,
            tags, member, memberBegan, archiveEnded, bytes
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
        case .shifted(let frames):
            writer.put(Tag.shifted.rawValue)
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
        case .sameAudio(let hash, let size, let tags):
            writer.put(Tag.sameAudio.rawValue)
            writer.put(hash.bytes)
            writer.put(size)
            writer.put(tags.bytes)
        case .tags(let tags):
            writer.put(Tag.tags.rawValue)
            writer.put(tags.bytes)
        case .format(let format):
            writer.put(Tag.format.rawValue)
            writer.put(format)
        case .samples(let bytes):
            writer.put(Tag.samples.rawValue)
            writer.put(bytes)
        case .ended(let seconds):
            writer.put(Tag.ended.rawValue)
            writer.put(seconds.bitPattern)
        case .outline(let outline):
            writer.put(Tag.outline.rawValue)
            writer.put(outline)
        case .needsFFmpeg: writer.put(Tag.needsFFmpeg.rawValue)
        case .failed(let failure, let hash):
            writer.put(Tag.failed.rawValue)
            writer.put(failure)
            writer.put(hash?.bytes ?? [])
        case .member(let member):
            writer.put(Tag.member.rawValue)
            writer.put(member)
        case .memberBegan(let number):
            writer.put(Tag.memberBegan.rawValue)
            writer.put(UInt32(number))
        case .archiveEnded(let failure):
            writer.put(Tag.archiveEnded.rawValue)
            writer.put(failure == nil ? 0 : 1 as UInt8)
            if let failure { writer.put(failure) }
        case .bytes(let bytes):
            writer.put(Tag.bytes.rawValue)
            writer.put(bytes)
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
        case .shifted:
            let frames = try reader.takeFrames()
            guard frames.count <= FeatureFrames.mostShifted else { throw ExtractionProtocolError() }
            body = .shifted(frames)
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
            body = .sameAudio(hash, size: size, tags: try reader.takeTags())
        case .tags: body = .tags(try reader.takeTags())
        case .format: body = .format(try reader.takeFormat())
        case .samples: body = .samples(try reader.takeBytes())
        case .ended:
            let seconds = Double(bitPattern: try reader.take(UInt64.self))
            guard seconds >= 0, seconds.isFinite else { throw ExtractionProtocolError() }
            body = .ended(at: seconds)
        case .outline: body = .outline(try reader.takeOutline())
        case .needsFFmpeg: body = .needsFFmpeg
        case .failed:
            let failure = try reader.takeFailure()
            body = .failed(failure, ContentHash(bytes: try reader.takeBytes()))
        case .member: body = .member(try reader.takeMember())
        case .memberBegan: body = .memberBegan(Int(try reader.take(UInt32.self)))
        case .archiveEnded: body = .archiveEnded(try reader.take(UInt8.self) == 0 ? nil : try reader.takeFailure())
        case .bytes: body = .bytes(try reader.takeBytes())
        }
        guard reader.isAtEnd else { throw ExtractionProtocolError() }
    }
}

import ContentHash
import SoundFeatures

/// What a worker is asked: one packet over a `SOCK_SEQPACKET` socket, with the open file beside it.
package struct ExtractionRequest: Hashable, Sendable {
    package enum Work: UInt8, Sendable {
        /// The hash of the file's bytes alone.
        case hash = 1
        /// The hash and the features.
        case features = 2
        /// The same, the frames beginning where the silence in front of the sound ends.
        case featuresWithoutSilence = 3
        /// The hash and the features, and those of the first frames in the other phase (``FeatureFrames/phaseShift``).
        case featuresInTwoPhases = 4
        /// The samples of ``ExtractionRequest/part``, and no hash.
        case samples = 5
        /// The outline of the waveform of ``ExtractionRequest/part``, or of the whole sound, and no hash.
        case outline = 6
        /// What the file says of itself, and no hash.
        case tags = 7
        /// The members of an archive that may be sounds, each with its hash.
        case members = 8
        /// The features of the members of ``ExtractionRequest/archive`` that are wanted.
        case memberFeatures = 9
        /// The bytes of one member of ``ExtractionRequest/archive``.
        case memberBytes = 10
        /// What those members of an archive say of themselves whose names have the extensions of ``ExtractionRequest/archive``.
        case memberTags = 11

        /// Whether it is about a part of a sound.
        fileprivate var isOfPart: Bool { self == .samples || self == .outline }
        /// Whether the file is an archive.
        package var isOfArchive: Bool { rawValue >= Self.members.rawValue }
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
    /// The part of the sound that is wanted, in seconds from its beginning, where it is samples or an outline that are: all of it if nil.
    package var part: Part?
    /// What is wanted of an archive, where the work is about one.
    package var archive: ArchiveTask?

    package struct Part: Hashable, Sendable {
        package var from: Double
        package var to: Double

        package init(from: Double, to: Double) {
            self.from = from
            self.to = to
        }
    }

    /// How many contents can be said to be known.
    package static let mostKnown = 16

    package init(
        id: UInt64, work: Work, longest: Double, suffix: FileSuffix = .none, audio: AudioHash? = nil,
        known: [ContentHash] = [], part: Part? = nil, archive: ArchiveTask? = nil
    ) {
        precondition(known.count <= Self.mostKnown)
        self.id = id
        self.work = work
        self.longest = longest
        self.suffix = suffix
        self.audio = audio
        self.known = known
        self.part = part
        self.archive = archive
    }

    /// How many seconds a worker may have a file of a given size, in bytes: generous, as a decoder that hangs is rare and
    /// a slow disk is not.
    package static func longestSeconds(forSize size: Int64) -> Int { Int(min(3600, 30 + size / 1_000_000)) }
}

extension ExtractionRequest {
    /// Bytes in a packet at the most.
    package static let longestPacket =
        21 + ArchiveTask.longestPacket + FileSuffix.longest + 20 + mostKnown * 36

    /// The packet: id, longest (both 8 bytes, little-endian), work, for samples and outlines the part (twice 8 bytes), for
    /// archives the task, suffix, the hash of the sound, then those of what is known.
    package var packet: [UInt8] {
        var writer = PacketWriter()
        writer.put(id)
        writer.put(longest.bitPattern)
        writer.put(work.rawValue)
        if work.isOfPart {
            writer.put((part?.from ?? 0).bitPattern)
            writer.put((part?.to ?? .infinity).bitPattern)
        }
        if work.isOfArchive { (archive ?? ArchiveTask()).put(into: &writer) }
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
        if work.isOfPart {
            let (from, to) = (try reader.take(UInt64.self), try reader.take(UInt64.self))
            part = Part(from: Double(bitPattern: from), to: Double(bitPattern: to))
        }
        if work.isOfArchive { archive = try ArchiveTask(&reader) }
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

/// A packet that is not of the protocol.
package struct ExtractionProtocolError: Error, Hashable, Sendable {
    package init() {}
}

import SoundFeatures

/// The streams of an Ogg file: several at once, where a film or a skeleton has sound, and several one after the other,
/// where files were joined or a station has gone on to the next piece.
///
/// Source: RFC 3533.
struct OggStreams {
    /// A stream that has sound in it.
    private struct Sound {
        var codec: OggCodec
        var serial: UInt32
        var pages: ByteView
        /// The pages' content alone.
        var content: ByteView
    }

    private let whole: ByteView
    private var sounds: [Sound] = []
    /// What else is in the file.
    private var others: Set<OggCodec> = []
    private var isComplete = true
    /// Whether the file's only stream is one with sound, and its pages follow each other without a gap.
    private var isPlain = true

    /// Streams that are heard of one file, at the most.
    private static let mostStreams = 10_000

    /// Goes through the pages of a file that begins with one; nil if they are of a kind that libsndfile knows better.
    init?(_ view: ByteView) {
        whole = view
        var place: Int64 = 0
        // The streams of the link that is under way, by their serial numbers; nil for those that are not heard.
        var open: [UInt32: Int?] = [:]
        var isInHead = false
        while place < view.size {
            guard let page = OggPage(view, at: place) else {
                guard let next = view.find(OggPage.mark, from: place + 1) else { break }
                (place, isPlain) = (next, false)
                continue
            }
            if page.isFirst {
                if !isInHead || open[page.serial] != nil { open = [:] }
                isInHead = true
                let hasSound = open.values.contains { $0 != nil }
                open[page.serial] = begin(page, isBeside: hasSound)
            } else {
                isInHead = false
            }
            if case .some(.some(let index)) = open[page.serial] {
                sounds[index].pages.append(view, page.start..<page.end)
                if sounds[index].codec == .flac { sounds[index].content.append(view, page.content) }
                if sounds[index].pages.isFull {
                    isComplete = false
                    break
                }
            }
            place = page.end
        }
        isPlain = isPlain && sounds.count == 1 && others.isEmpty
    }

    /// Takes a stream up.
    ///
    /// - Parameter isBeside: Whether it lies beside another sound: of several at once, as languages are, the first is heard.
    /// - Returns: Its place in ``sounds``; nil if it has no sound, or none that is heard.
    private mutating func begin(_ page: OggPage, isBeside: Bool) -> Int? {
        let codec = OggCodec(whole.bytes(from: page.content.lowerBound, most: Int(min(page.contentSize, 64))))
        guard codec.isDecoded, !isBeside else {
            others.insert(codec)
            return nil
        }
        guard sounds.count < Self.mostStreams else {
            isComplete = false
            return nil
        }
        sounds.append(Sound(codec: codec, serial: page.serial, pages: whole.empty, content: whole.empty))
        return sounds.count - 1
    }

    /// What of the file is to be decoded, and how.
    ///
    /// - Throws: ``ExtractionFailure`` if there are streams, and none of them is decoded.
    func plan() throws(ExtractionFailure) -> SoundPlan {
        guard let first = sounds.first else {
            if let name = others.compactMap(\.name).min() {
                let demuxer = name == "Speex" ? "ogg" : nil
                return try SoundPlan(foreign: ForeignKind(name: "\(name) in Ogg", demuxer: demuxer), whole)
            }
            return SoundPlan(asIs: whole)
        }
        if isPlain, first.codec != .flac { return SoundPlan(asIs: whole) }
        var plan = SoundPlan(sounds.map { Self.stream($0) })
        if !isComplete {
            plan.isCutShort = true
            plan.notes.append("it has more streams than are heard of one file")
        }
        return plan
    }

    private static func stream(_ sound: Sound) -> SoundStream {
        guard sound.codec == .flac else { return SoundStream(view: sound.pages) }
        // Nine bytes of mapping stand before what a FLAC file begins with. Source: the Ogg mapping of RFC 9639, 10.1.
        let file = sound.content.dropping(9)
        return FLACStream(file)?.plan().streams.first ?? SoundStream(view: file)
    }
}

/// What a stream of Ogg carries, as its first packet says.
enum OggCodec: Hashable {
    case vorbis, opus, flac
    /// A film, a description of the other streams, or something unknown.
    case other(String?)

    /// How first packets begin. libsndfile can be built with Speex, and by nobody is.
    private static let beginnings: [(String, OggCodec)] = [
        ("\u{1}vorbis", .vorbis), ("OpusHead", .opus), ("\u{7f}FLAC", .flac), ("Speex   ", .other("Speex")),
        ("PCM     ", .other("PCM")), ("CELT    ", .other("CELT")), ("OggMIDI", .other("MIDI")),
    ]

    /// - Parameter packet: The beginning of the first packet.
    init(_ packet: [UInt8]) {
        self = Self.beginnings.first { packet.starts(with: Array($0.0.utf8)) }?.1 ?? .other(nil)
    }

    /// Whether libsndfile decodes it.
    var isDecoded: Bool {
        if case .other = self { return false }
        return true
    }

    /// What a sound that is not decoded is called; nil for what is none.
    var name: String? {
        if case .other(let name) = self { return name }
        return nil
    }
}

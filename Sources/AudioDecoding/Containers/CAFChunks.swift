import SoundFeatures

/// The sound of a Core Audio file, and what its header says of it.
///
/// Source: Apple, *Core Audio Format Specification 1.0*.
struct CAFChunks {
    private let view: ByteView
    /// Where the sound's size stands: the sound begins twelve bytes behind, an edit count being before it.
    private let sizePlace: Int64
    private let claimed: Int64
    private let extent: SoundExtent
    private let decoder: Decoder

    /// Encodings that libsndfile does not decode.
    private static let names = [
        "aac ": "AAC", "aach": "AAC", "aacp": "AAC", "aace": "AAC", "aacl": "AAC", ".mp3": "MP3", ".mp2": "MP2",
        ".mp1": "MP1", "ima4": "IMA ADPCM", "opus": "Opus", "flac": "FLAC", "ac-3": "AC-3", "ec-3": "E-AC-3",
        "MAC3": "MACE 3:1", "MAC6": "MACE 6:1", "QDM2": "QDesign Music 2", "samr": "AMR", "ilbc": "iLBC", "agsm": "GSM",
    ]

    /// Walks a file; nil if it has no sound.
    init?(_ view: ByteView) {
        var place: Int64 = 8
        var found: (place: Int64, size: Int64)?
        var decoder = Decoder.libsndfile
        for _ in 0..<4096 where found == nil {
            guard let size = view.number(at: place + 4, bytes: 8, isBigEndian: true).map({ Int64(bitPattern: $0) })
            else { break }
            switch view.name(at: place) {
            case "desc":
                if let name = Self.names[view.name(at: place + 20)] { decoder = .ffmpeg(Self.kind(name)) }
                // libsndfile knows only some kinds of it.
                if view.has("alac", at: place + 20) { decoder = .libsndfileOrFFmpeg(Self.kind("ALAC")) }
            case "data": found = (place + 4, size)
            default: break
            }
            let (next, overflows) = (place + 12).addingReportingOverflow(max(0, size))
            guard !overflows else { break }
            place = next
        }
        guard let found else { return nil }
        (self.view, sizePlace, claimed) = (view, found.place, found.size)
        self.decoder = decoder
        let bytes = UInt64(max(4, found.size) - 4)
        extent = SoundExtent(
            view, from: found.place + 12, claimed: bytes, isBigEndian: true, chunks: .none)
    }

    private static func kind(_ codec: String) -> ForeignKind { ForeignKind(name: "\(codec) in CAF", demuxer: "caf") }

    /// Whether chunks follow each other from the claimed end of the sound to the end of the file.
    private var isFollowedByChunks: Bool {
        var (place, overflows) = (sizePlace + 8).addingReportingOverflow(max(0, claimed))
        for _ in 0..<4096 where !overflows {
            guard place < view.size else { return place == view.size }
            guard let name = view.bytes(at: place, count: 4), ChunkName.isPlausible(name),
                let size = view.number(at: place + 4, bytes: 8, isBigEndian: true).flatMap({ Int64(exactly: $0) })
            else { return false }
            (place, overflows) = (place + 12).addingReportingOverflow(size)
        }
        return false
    }

    /// What of the file is to be decoded, and how.
    func plan() -> SoundPlan {
        let held = view.size - sizePlace - 12
        let isRight = claimed > 4 && (extent.isAsClaimed || isFollowedByChunks)
        // A size of 4 or less with something behind it is a recorder's that was killed.
        guard !isRight, held > 0, claimed == -1 || !isFollowedByChunks else {
            return SoundPlan([SoundStream(view: view, decoder: decoder)])
        }
        let corrected = view.replacing(at: sizePlace, with: (held + 4).bigEndianBytes)
        var plan = SoundPlan([SoundStream(view: corrected, decoder: decoder)])
        // The format itself has −1 for an unknown length.
        if claimed != -1 { plan.noteSize(claimed: UInt64(max(4, claimed) - 4), held: held) }
        return plan
    }
}

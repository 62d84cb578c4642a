import SoundFeatures

/// The chunks of an AIFF or AIFF-C file that a sound cannot do without.
///
/// Source: Apple, *Audio Interchange File Format AIFF-C*, draft of 26 August 1991.
struct AIFFChunks {
    private let view: ByteView
    private let isCompressed: Bool
    /// The content of the chunk `COMM`.
    private let common: [UInt8]
    private let extent: SoundExtent
    private let isOrdered: Bool

    /// Where something else may follow.
    var end: Int64 { extent.end }

    /// Walks a file; nil if it has no sound, or nothing that says of what kind.
    init?(_ view: ByteView) {
        var (place, isOrdered) = (Int64(12), true)
        var common: [UInt8]?
        var extent: SoundExtent?
        let formEnd = 8 + Int64(view.number(at: 4, bytes: 4, isBigEndian: true) ?? 0)
        for _ in 0..<4096 {
            guard extent == nil || common == nil, let name = view.bytes(at: place, count: 4),
                let size = view.number(at: place + 4, bytes: 4, isBigEndian: true)
            else { break }
            guard ChunkName.isPlausible(name) else {
                let next = ["COMM", "SSND"].compactMap {
                    view.find(Array($0.utf8), from: place, before: place + 1 << 20)
                }.min()
                guard let next else { break }
                (place, isOrdered) = (next, false)
                continue
            }
            let content = place + 8
            switch String(decoding: name, as: UTF8.self) {
            case "COMM" where common == nil && size <= 4096: common = view.bytes(at: content, count: Int(size))
            case "SSND" where extent == nil:
                let offset = Int64(view.number(at: content, bytes: 4, isBigEndian: true) ?? 0)
                let start = content + 8 + (offset < view.size - content - 8 ? offset : 0)
                let before = UInt64(start - content)
                let found = SoundExtent(
                    view, from: start, claimed: size >= before ? size - before : 0, formEnd: formEnd, isBigEndian: true)
                extent = found
                isOrdered = isOrdered && common != nil
                place = found.range.upperBound
                continue
            default: break
            }
            place = content + Int64(size)
            if size % 2 == 1,
                view.bytes(at: place, count: 4).map(ChunkName.isPlausible) != true
                    || view.bytes(at: place + 1, count: 4).map(ChunkName.isPlausible) == true
            {
                place += 1
            }
        }
        guard let common, common.count >= 18, let extent else { return nil }
        (self.view, self.common, self.extent, self.isOrdered) = (view, common, extent, isOrdered)
        isCompressed = view.has("AIFC", at: 8) && common.count >= 22
    }

    /// The description and the samples; nil if the header is wrong about them, or another sound follows.
    var soundAlone: ByteView? {
        guard isOrdered, extent.isAsClaimed, !FileStart.isKnown(in: view, at: extent.end) else { return nil }
        var alone = view.empty
        alone.append(common)
        alone.append(view, extent.range)
        return alone
    }

    /// The four letters of the encoding.
    private var encoding: String { isCompressed ? String(decoding: common[18..<22], as: UTF8.self) : "NONE" }

    /// Encodings that libsndfile does not decode.
    private static let names = [
        "MAC3": "MACE 3:1", "MAC6": "MACE 6:1", "ACE2": "ACE 2:1", "ACE8": "ACE 8:3", "QDM2": "QDesign Music 2",
        "QDMC": "QDesign Music", "Qclp": "QCELP", ".mp3": "MP3", "aac ": "AAC", "alac": "ALAC",
    ]

    /// Bytes and frames in the smallest piece of the encoding.
    private var block: (bytes: Int64, frames: Int64) {
        let channels = Int64(common[0..<2].bigEndianNumber)
        let samples = (Int64(common[6..<8].bigEndianNumber) + 7) / 8
        switch encoding {
        case "ima4": return (34 * channels, 1)
        case "ulaw", "ULAW", "alaw", "ALAW": return (channels, 1)
        case "fl64", "FL64": return (8 * channels, 1)
        case "fl32", "FL32", "in32", "23ni": return (4 * channels, 1)
        default: return (samples * channels, 1)
        }
    }

    /// Bytes that one corrected file speaks of at the most: its sizes have 32 bits, and many readers take them for
    /// signed.
    private static let mostInOne: Int64 = 1 << 30

    /// What of the file is to be decoded, and how.
    ///
    /// - Throws: ``ExtractionFailure`` for an encoding that is not decoded.
    func plan() throws(ExtractionFailure) -> SoundPlan {
        if let name = Self.names[encoding] {
            return try SoundPlan(foreign: ForeignKind(name: "\(name) in AIFF", demuxer: "aiff"), view)
        }
        let isFollowed = FileStart.isKnown(in: view, at: extent.end)
        guard !isOrdered || !extent.isAsClaimed || isFollowed, block.bytes > 0 else { return SoundPlan(asIs: view) }
        var plan = SoundPlan([])
        let step = max(1, Self.mostInOne / block.bytes) * block.bytes
        for start in stride(from: extent.range.lowerBound, to: extent.range.upperBound, by: Int(step)) {
            plan.streams.append(
                SoundStream(view: corrected(start..<min(extent.range.upperBound, start + step))))
        }
        if plan.streams.isEmpty { return SoundPlan(asIs: view) }
        if !extent.isAsClaimed {
            plan.noteSize(claimed: extent.claimed, held: extent.range.upperBound - extent.range.lowerBound)
        }
        return plan
    }

    /// A header that claims what there is, in front of a part of the sound.
    private func corrected(_ range: Range<Int64>) -> ByteView {
        let count = range.upperBound - range.lowerBound
        var common = common
        common.replaceSubrange(2..<6, with: UInt32(clamping: count / block.bytes * block.frames).bigEndianBytes)
        if common.count % 2 == 1 { common.append(0) }
        let body =
            Array((isCompressed ? "AIFCCOMM" : "AIFFCOMM").utf8) + UInt32(common.count).bigEndianBytes + common
            + Array("SSND".utf8) + UInt32(clamping: count + 8).bigEndianBytes + [UInt8](repeating: 0, count: 8)
        var corrected = view.empty
        corrected.append(Array("FORM".utf8) + UInt32(clamping: Int64(body.count) + count).bigEndianBytes + body)
        corrected.append(view, range)
        return corrected
    }
}

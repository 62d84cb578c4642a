/// The chunks of a WAV, RF64, BW64, RIFX or Wave64 file that a sound cannot do without.
///
/// Sources: the RIFF specification, EBU Tech 3306 (RF64), ITU-R BS.2088 (BW64), and Sony's Wave64 format.
struct WaveChunks {
    let view: ByteView
    let isBigEndian: Bool
    /// The content of the chunks `fmt ` and `fact`.
    let format: [UInt8]
    private let fact: [UInt8]?
    let extent: SoundExtent
    /// Whether libsndfile finds its way through the file.
    private let isOrdered: Bool

    /// Where something else may follow; nil if nothing can.
    var end: Int64? { extent.end }

    private static let mostChunks = 4096
    private static let longestFormat = 4096
    /// Bytes of filler that are passed over in search of the next chunk.
    private static let mostFiller: Int64 = 1 << 20

    /// Walks a RIFF file; nil if it has no sound, or nothing that says of what kind.
    init?(riff view: ByteView) {
        let name = view.name(at: 0)
        let isBigEndian = name == "RIFX"
        func number(at place: Int64) -> UInt64? { view.number(at: place, bytes: 4, isBigEndian: isBigEndian) }
        let formSize = number(at: 4) ?? 0
        var (place, isOrdered) = (Int64(12), name != "BW64")
        var (format, fact, longSize): ([UInt8]?, [UInt8]?, UInt64?) = (nil, nil, nil)
        var extent: SoundExtent?
        for _ in 0..<Self.mostChunks {
            guard extent == nil || format == nil, let chunk = view.bytes(at: place, count: 4),
                let size = number(at: place + 4)
            else { break }
            guard ChunkName.isPlausible(chunk) else {
                guard let next = Self.nextChunk(in: view, from: place) else { break }
                (place, isOrdered) = (next, false)
                continue
            }
            let content = place + 8
            switch String(decoding: chunk, as: UTF8.self) {
            case "fmt " where format == nil && size <= Self.longestFormat:
                format = view.bytes(at: content, count: Int(size))
            case "fact" where size <= Self.longestFormat: fact = view.bytes(at: content, count: Int(size))
            case "ds64": longSize = view.number(at: content + 8, bytes: 8, isBigEndian: false)
            case "data" where extent == nil:
                let claimed = size == .max >> 32 ? longSize ?? size : size
                let found = SoundExtent(
                    view, from: content, claimed: claimed, formEnd: name == "RIFF" ? 8 + Int64(formSize) : 0,
                    isBigEndian: isBigEndian)
                extent = found
                isOrdered = isOrdered && format != nil
                place = found.range.upperBound
                continue
            default: break
            }
            place = content + Int64(size)
            // Chunks begin at even places, but for those of writers who do not know it.
            if size % 2 == 1 {
                let isPadded = view.bytes(at: place + 1, count: 4).map(ChunkName.isPlausible) ?? true
                if isPadded || view.bytes(at: place, count: 4).map(ChunkName.isPlausible) != true {
                    place += 1
                } else {
                    isOrdered = false
                }
            }
        }
        guard let format, format.count >= 14, let extent else { return nil }
        (self.view, self.isBigEndian, self.format, self.fact) = (view, isBigEndian, format, fact)
        (self.extent, self.isOrdered) = (extent, isOrdered)
    }

    private static func nextChunk(in view: ByteView, from place: Int64) -> Int64? {
        let end = place + mostFiller
        return ["fmt ", "data", "fact", "LIST", "bext"].compactMap {
            view.find(Array($0.utf8), from: place, before: end)
        }.min()
    }

    /// How the names of Wave64's chunks go on behind four letters. Source: Sony's definition.
    private static let longNames: [[UInt8]] = [
        [0xf3, 0xac, 0xd3, 0x11, 0x8c, 0xd1, 0, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a],
        [0x2f, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 0x04, 0xc1, 0, 0],
    ]

    /// Walks a Wave64 file, whose chunks have names of 16 bytes, of which the first four are RIFF's, and sizes of 8, in
    /// which these 24 bytes are counted.
    init?(wave64 view: ByteView) {
        guard view.has("wave", at: 24) else { return nil }
        var place: Int64 = 40
        var (format, fact): ([UInt8]?, [UInt8]?) = (nil, nil)
        var extent: SoundExtent?
        for _ in 0..<Self.mostChunks {
            guard extent == nil, let size = view.number(at: place + 16, bytes: 8, isBigEndian: false) else { break }
            let content = place + 24
            let held = size >= 24 ? size - 24 : 0
            switch view.name(at: place) {
            case "fmt " where held <= Self.longestFormat: format = view.bytes(at: content, count: Int(held))
            case "fact" where held <= Self.longestFormat: fact = view.bytes(at: content, count: Int(held))
            case "data":
                extent = SoundExtent(
                    view, from: content, claimed: held, isBigEndian: false, chunksFollow: false)
                guard held > 0, held < UInt64(view.size) else { break }
                let next = (content + Int64(held) + 7) & ~7
                if Self.longNames.contains(where: { view.has($0, at: next + 4) }) { return nil }
            default: break
            }
            let (next, overflows) = place.addingReportingOverflow(Int64(clamping: max(24, size)))
            guard !overflows, next < view.size else { break }
            place = (next + 7) & ~7
        }
        guard let format, format.count >= 14, let extent else { return nil }
        (self.view, self.isBigEndian, self.format, self.fact) = (view, false, format, fact)
        (self.extent, self.isOrdered) = (extent, true)
    }

    /// The sound's own bytes.
    var sound: ByteView { view.slice(extent.range) }

    /// A header that claims what the file holds, in front of the sound.
    var corrected: ByteView {
        let count = UInt64(extent.range.upperBound - extent.range.lowerBound)
        let isLong = count > 0xffff_0000 && !isBigEndian
        func number(_ number: UInt32) -> [UInt8] { isBigEndian ? number.bigEndianBytes : number.littleEndianBytes }
        func chunk(_ name: String, _ content: [UInt8]) -> [UInt8] {
            Array(name.utf8) + number(UInt32(content.count)) + content + (content.count % 2 == 0 ? [] : [0])
        }
        var body = Array("WAVE".utf8)
        if isLong {
            let long = (count + 200).littleEndianBytes + count.littleEndianBytes + (0 as UInt64).littleEndianBytes
            body += chunk("ds64", long + number(0))
        }
        body += chunk("fmt ", format)
        if let fact { body += chunk("fact", fact) }
        body += Array("data".utf8) + number(isLong ? .max : UInt32(clamping: count))
        let whole = isLong ? .max : UInt32(clamping: UInt64(body.count) + count)
        var corrected = view.empty
        corrected.append(Array((isBigEndian ? "RIFX" : isLong ? "RF64" : "RIFF").utf8) + number(whole) + body)
        corrected.append(view, extent.range)
        return corrected
    }

    /// Whether the file can be decoded as it is.
    var isAsItIs: Bool { isOrdered && extent.isAsClaimed && extent.range.upperBound >= view.size - 1 }

    /// Whether the header alone is right, whatever stands where.
    var isRight: Bool { isOrdered && extent.isAsClaimed }
}

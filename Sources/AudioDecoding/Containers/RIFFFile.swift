/// A WAV, RF64, BW64 or RIFX file, as a row of chunks.
///
/// Sources: the RIFF specification, EBU Tech 3306 (RF64), ITU-R BS.2088 (BW64).
enum RIFFFile {
    /// Bytes of filler that are passed over in search of the next chunk.
    private static let mostFiller: Int64 = 1 << 20

    /// Walks a file; nil if it has no sound, or nothing that says of what kind.
    ///
    /// - Parameter wanted: Names of other chunks that are noted, too; then the walk goes on behind the sound.
    static func chunks(of view: ByteView, collecting wanted: Set<String> = []) -> WaveChunks? {
        let name = view.name(at: 0)
        let isBigEndian = name == "RIFX"
        func number(at place: Int64) -> UInt64? { view.number(at: place, bytes: 4, isBigEndian: isBigEndian) }
        let formSize = number(at: 4) ?? 0
        var (place, isOrdered) = (Int64(12), name != "BW64")
        var (format, fact, longSize): ([UInt8]?, [UInt8]?, UInt64?) = (nil, nil, nil)
        var extent: SoundExtent?
        var others: [FileChunk] = []
        for _ in 0..<WaveChunks.mostChunks {
            guard extent == nil || format == nil || !wanted.isEmpty, let chunk = view.bytes(at: place, count: 4),
                let size = number(at: place + 4)
            else { break }
            guard ChunkName.isPlausible(chunk) else {
                // What is found later among what are no chunks is no tag.
                if extent != nil, format != nil { break }
                guard let next = nextChunk(in: view, from: place) else { break }
                (place, isOrdered) = (next, false)
                continue
            }
            let content = place + 8
            let chunkName = String(decoding: chunk, as: UTF8.self)
            if wanted.contains(chunkName), others.count < FileChunk.most {
                others.append(FileChunk(chunkName, at: content, size: size, in: view))
            }
            switch chunkName {
            case "fmt " where format == nil && size <= WaveChunks.longestFormat:
                format = view.bytes(at: content, count: Int(size))
            case "fact" where size <= WaveChunks.longestFormat: fact = view.bytes(at: content, count: Int(size))
            case "ds64": longSize = view.number(at: content + 8, bytes: 8, isBigEndian: false)
            case "data" where extent == nil:
                let claimed = size == .max >> 32 ? longSize ?? size : size
                let found = SoundExtent(
                    view, from: content, claimed: claimed, formEnd: name == "RIFF" ? 8 + Int64(formSize) : 0,
                    isBigEndian: isBigEndian)
                extent = found
                isOrdered = isOrdered && format != nil
                place = found.range.upperBound
                if found.isAsClaimed, place % 2 == 1, !wanted.isEmpty,
                    view.bytes(at: place + 1, count: 4).map(ChunkName.isPlausible) == true
                {
                    place += 1
                }
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
        return WaveChunks(
            view: view, isBigEndian: isBigEndian, format: format, fact: fact, extent: extent, isOrdered: isOrdered,
            others: others)
    }

    private static func nextChunk(in view: ByteView, from place: Int64) -> Int64? {
        let end = place + mostFiller
        return ["fmt ", "data", "fact", "LIST", "bext"].compactMap {
            view.find(Array($0.utf8), from: place, before: end)
        }.min()
    }
}

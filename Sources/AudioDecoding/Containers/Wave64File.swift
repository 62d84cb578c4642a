/// A Wave64 file, as a row of chunks. Source: Sony's definition.
enum Wave64File {
    /// How the names of most chunks go on behind the four letters that they have in a WAV file.
    static let nameEnd: [UInt8] = [0xf3, 0xac, 0xd3, 0x11, 0x8c, 0xd1, 0, 0xc0, 0x4f, 0x8e, 0xdb, 0x8a]
    /// How the names of lists go on.
    static let listNameEnd: [UInt8] = [0x2f, 0x91, 0xcf, 0x11, 0xa5, 0xd6, 0x28, 0xdb, 0x04, 0xc1, 0, 0]
    /// How all others end, also those that begin with no letters.
    private static let lastBytes = Array(nameEnd.suffix(6))

    /// Walks a file, whose chunks have names of 16 bytes, of which the first four are RIFF's, and sizes of 8, in which
    /// these 24 bytes are counted; nil if it has no sound, or nothing that says of what kind.
    static func chunks(of view: ByteView) -> WaveChunks? {
        guard view.has("wave", at: 24) else { return nil }
        var place: Int64 = 40
        var (format, fact): ([UInt8]?, [UInt8]?) = (nil, nil)
        var (extent, isFollowed): (SoundExtent?, Bool) = (nil, false)
        for _ in 0..<WaveChunks.mostChunks {
            guard extent == nil, let size = view.number(at: place + 16, bytes: 8, isBigEndian: false) else { break }
            let content = place + 24
            let held = size >= 24 ? size - 24 : 0
            switch view.name(at: place) {
            case "fmt " where held <= WaveChunks.longestFormat: format = view.bytes(at: content, count: Int(held))
            case "fact" where held <= WaveChunks.longestFormat: fact = view.bytes(at: content, count: Int(held))
            case "data":
                isFollowed = held > 0 && areChunks(view, from: place, size: size)
                extent = SoundExtent(
                    view, from: content, claimed: held, isBigEndian: false, chunks: isFollowed ? .found : .none)
            default: break
            }
            let (next, overflows) = place.addingReportingOverflow(Int64(clamping: max(24, size)))
            guard !overflows, next < view.size else { break }
            place = (next + 7) & ~7
        }
        guard let format, format.count >= 14, let extent else { return nil }
        return WaveChunks(
            view: view, isBigEndian: false, format: format, fact: fact, extent: extent, isOrdered: !isFollowed)
    }

    /// Whether what stands behind a chunk is one, too, and fits in the file. libsndfile takes it for sound.
    private static func areChunks(_ view: ByteView, from place: Int64, size: UInt64) -> Bool {
        guard size < UInt64(view.size) else { return false }
        let next = (place + Int64(size) + 7) & ~7
        guard view.has(lastBytes, at: next + 10) || view.has(listNameEnd, at: next + 4),
            let following = view.number(at: next + 16, bytes: 8, isBigEndian: false)
        else { return false }
        return following >= 24 && following <= UInt64(max(0, view.size - next))
    }
}

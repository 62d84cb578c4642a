/// Tells where MPEG audio begins: a header is four bytes that stand in any file, so that several have to follow each other.
enum MPEGSearch {
    /// Bytes looked at in one go.
    private static let block = 1 << 16

    /// Whether MPEG audio begins at a place: two frames in a row, or one that is all there is.
    static func begins(_ view: ByteView, at place: Int64) -> Bool { begins(view, at: place, inRow: 2) }

    private static func begins(_ view: ByteView, at start: Int64, inRow wanted: Int) -> Bool {
        guard let first = view.bytes(at: start, count: 4).flatMap({ MPEGHeader($0) }) else { return false }
        var (header, place) = (first, start)
        for _ in 1..<wanted {
            // How long frames of a free rate are is not known; such a rate is rare enough to be left to libsndfile.
            guard let length = header.length else { return false }
            place += Int64(length)
            if place >= view.size - 3 || TagBlock.begins(in: view, at: place) { return place <= view.size }
            guard let next = view.bytes(at: place, count: 4).flatMap({ MPEGHeader($0) }), next.continues(first) else {
                return false
            }
            header = next
        }
        return true
    }

    /// Whether a header stands at a place, and another one where its frame ends, as far as these bytes tell: nearly all
    /// that looks like a header is told apart here, without a look at the file.
    private static func mayBegin(_ bytes: [UInt8], at index: Int) -> Bool {
        func bits(_ index: Int) -> UInt32 {
            UInt32(bytes[index]) << 24 | UInt32(bytes[index + 1]) << 16 | UInt32(bytes[index + 2]) << 8
                | UInt32(bytes[index + 3])
        }
        guard let header = MPEGHeader(bits(index)), let length = header.length else { return false }
        let next = index + length
        // A tag behind the last frame begins with a letter.
        guard next + 4 <= bytes.count, bytes[next] == 0xff else { return next + 4 > bytes.count || bytes[next] < 0x80 }
        return MPEGHeader(bits(next))?.continues(header) == true
    }

    /// The first place from one on at which frames stand in a row.
    ///
    /// - Parameters:
    ///   - end: Where to stop.
    ///   - wanted: How many.
    /// - Complexity: O(*n*) in the bytes up to there.
    static func firstFrame(in view: ByteView, from start: Int64 = 0, before end: Int64, inRow wanted: Int) -> Int64? {
        var place = start
        while place < min(end, view.size) {
            let bytes = view.bytes(from: place, most: block)
            guard bytes.count >= 4 else { return nil }
            for index in 0..<bytes.count - 3 where bytes[index] == 0xff && bytes[index + 1] >= 0xe0 {
                guard mayBegin(bytes, at: index), begins(view, at: place + Int64(index), inRow: wanted) else {
                    continue
                }
                return place + Int64(index)
            }
            place += Int64(bytes.count - 3)
        }
        return nil
    }
}

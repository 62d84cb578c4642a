extension MPEGFrames {
    /// Bytes looked at in one go.
    private static let block = 1 << 16

    /// Whether MPEG audio begins at a place: two frames in a row, or one that is all there is.
    static func begin(_ view: ByteView, at place: Int64) -> Bool { begin(view, at: place, inRow: 2) }

    private static func begin(_ view: ByteView, at start: Int64, inRow wanted: Int) -> Bool {
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
                if MPEGHeader(bytes[index..<index + 4]) != nil, begin(view, at: place + Int64(index), inRow: wanted) {
                    return place + Int64(index)
                }
            }
            place += Int64(bytes.count - 3)
        }
        return nil
    }
}

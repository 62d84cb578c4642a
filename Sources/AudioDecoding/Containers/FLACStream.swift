/// A FLAC stream with its description in front.
///
/// Source: RFC 9639.
struct FLACStream {
    private let view: ByteView
    /// The first bytes of the stream's description that count its samples.
    private let claimed: UInt64
    /// Where the next file begins, or this one ends.
    let end: Int64

    /// Where the 36 bits of the number of samples are: in the lower half of the byte before, and in these four.
    private static let samplesPlace: Int64 = 8 + 13
    private static let mark = Array("fLaC".utf8)

    /// Goes through a stream in search of the next one; nil if this does not begin as it should.
    init?(_ view: ByteView) {
        guard Self.begins(view, at: 0),
            let count = view.bytes(at: Self.samplesPlace, count: 5)
        else { return nil }
        claimed = UInt64(count[0] & 15) << 32 | count[1..<5].bigEndianNumber
        var next = view.find(Self.mark, from: Self.firstFrame(of: view))
        while let place = next, !Self.begins(view, at: place) { next = view.find(Self.mark, from: place + 1) }
        end = next ?? view.size
        self.view = next.map { view.slice(0..<$0) } ?? view
    }

    /// Whether a stream begins at a place: with a description of 34 bytes, which may be the last of its blocks.
    private static func begins(_ view: ByteView, at place: Int64) -> Bool {
        guard let bytes = view.bytes(at: place, count: 8) else { return false }
        return bytes.starts(with: mark) && bytes[4] & 0x7f == 0 && bytes[5...] == [0, 0, 34]
    }

    /// Where the blocks of description end, a picture among them perhaps.
    private static func firstFrame(of view: ByteView) -> Int64 {
        var end: Int64 = 4
        forEachBlock(of: view) { _, range in
            end = range.upperBound
            return true
        }
        return min(end, view.size)
    }

    /// The block of comments; nil if there is none.
    static func comments(of view: ByteView) -> ByteView? {
        var comments: ByteView?
        forEachBlock(of: view) { kind, range in
            if kind == 4 { comments = view.slice(range) }
            return comments == nil
        }
        return comments
    }

    /// Walks the blocks of description, for as long as `body` returns true.
    private static func forEachBlock(of view: ByteView, _ body: (_ kind: UInt8, _ content: Range<Int64>) -> Bool) {
        var place: Int64 = 4
        while let header = view.bytes(at: place, count: 4) {
            let end = place + 4 + Int64(header[1..<4].bigEndianNumber)
            guard body(header[0] & 0x7f, place + 4..<end), header[0] & 0x80 == 0 else { return }
            place = end
        }
    }

    /// The description and the frames of a stream; nil if others follow it.
    static func soundAlone(in view: ByteView) -> ByteView? {
        guard let stream = FLACStream(view), stream.end == view.size else { return nil }
        var alone = view.slice(0..<8 + 34)
        alone.append(view, firstFrame(of: view)..<view.size)
        return alone
    }

    /// What is to be decoded, and how.
    func plan() -> SoundPlan {
        guard claimed > 0, let last = FLACFrame.last(in: view), let counted = Int(exactly: last.end) else {
            return SoundPlan([SoundStream(view: view)])
        }
        var stream = SoundStream(view: view, countedFrames: counted, claimedFrames: Int(exactly: claimed))
        guard last.end > claimed, let byte = view.bytes(at: Self.samplesPlace, count: 1) else {
            return SoundPlan([stream])
        }
        // Zero stands for an unknown number: then all is decoded.
        stream.view = view.replacing(at: Self.samplesPlace, with: [byte[0] & 0xf0, 0, 0, 0, 0])
        var plan = SoundPlan([stream])
        plan.notes.append("header claims \(claimed.grouped) samples of sound, the file holds \(last.end.grouped)")
        return plan
    }
}

/// A frame of FLAC, as far as its header tells.
struct FLACFrame {
    /// The number of the first sample behind it.
    let end: UInt64

    /// Bytes at the end of a stream in which its last frame begins, mostly.
    private static let mostSearched: Int64 = 1 << 17

    /// Finds the last frame of a stream; nil if it is not found near the end.
    static func last(in view: ByteView) -> FLACFrame? {
        guard let description = view.bytes(at: 8, count: 34) else { return nil }
        let tail = view.bytes(from: max(42, view.size - mostSearched), most: Int(mostSearched))
        var place = tail.count - 6
        while place >= 0 {
            if tail[place] == 0xff, tail[place + 1] & 0xfe == 0xf8,
                let frame = FLACFrame(tail[place..<min(place + 16, tail.count)], of: description)
            {
                return frame
            }
            place -= 1
        }
        return nil
    }

    /// Reads a header, which ends with a sum over itself.
    ///
    /// - Parameter description: The stream's, 34 bytes.
    init?(_ bytes: ArraySlice<UInt8>, of description: [UInt8]) {
        let header = Array(bytes)
        let isVariable = header[1] & 1 == 1
        let blockCode = Int(header[2] >> 4)
        guard header.count >= 6, blockCode > 0, header[3] & 1 == 0, let (number, size) = Self.codedNumber(header[4...])
        else { return nil }
        var place = 4 + size
        let block: UInt64
        switch blockCode {
        case 1: block = 192
        case 2...5: block = 576 << UInt64(blockCode - 2)
        case 6, 7:
            let count = blockCode - 5
            guard header.count >= place + count else { return nil }
            block = header[place..<place + count].bigEndianNumber + 1
            place += count
        default: block = 256 << UInt64(blockCode - 8)
        }
        place += [12: 1, 13: 2, 14: 2][Int(header[2] & 15)] ?? 0
        guard header.count > place, Self.sum(header[..<place]) == header[place] else { return nil }
        let usual = description[2..<4].bigEndianNumber
        let (first, overflows) = isVariable ? (number, false) : number.multipliedReportingOverflow(by: usual)
        guard !overflows, first < 1 << 40 else { return nil }
        end = first + block
    }

    /// A number in the manner of UTF-8, of up to 36 bits, and how many bytes it takes.
    private static func codedNumber(_ bytes: ArraySlice<UInt8>) -> (number: UInt64, size: Int)? {
        guard let first = bytes.first else { return nil }
        let size = (~first).leadingZeroBitCount
        if size == 0 { return (UInt64(first), 1) }
        guard (2...7).contains(size), bytes.count >= size else { return nil }
        let rest = bytes.dropFirst().prefix(size - 1)
        guard rest.allSatisfy({ $0 & 0xc0 == 0x80 }) else { return nil }
        let lead = size == 7 ? 0 : UInt64(first & (0x7f >> UInt8(size)))
        return (rest.reduce(lead) { $0 << 6 | UInt64($1 & 0x3f) }, size)
    }

    /// The check of 8 bits, of the polynomial x⁸ + x² + x + 1.
    private static func sum(_ bytes: ArraySlice<UInt8>) -> UInt8 {
        bytes.reduce(0) { sum, byte in
            (0..<8).reduce(sum ^ byte) { rest, _ in rest & 0x80 == 0 ? rest << 1 : rest << 1 ^ 7 }
        }
    }
}

/// Where a file's own header says that its sound ends.
///
/// libsndfile clips what a header promises to what the file holds and says nothing; but a file that promises more than
/// it holds is one that is still being written, or that was cut. Sources: the RIFF, AIFF, Sun/NeXT, CAF and Wave64
/// formats' definitions, EBU Tech 3306 for RF64.
struct HeaderClaim: Hashable {
    /// The offset behind the last byte of the sound.
    var end: Int64

    /// Reads the claim of a header; nil if the format is none of those above, or the header leaves the length open.
    ///
    /// - Complexity: O(1): of a file's chunks, at most 4096 are looked at.
    init?(of view: ByteView) {
        guard let start = view.bytes(at: 0, count: 40) else { return nil }
        var end: Int64?
        switch Self.text(start[0..<4]) {
        case "RIFF": end = Self.chunkEnd(of: "data", from: 12, isBigEndian: false, view)
        case "RF64", "BW64":
            end = Self.chunkEnd(of: "data", from: 12, isBigEndian: false, view)
            // The 32-bit size is all ones there: the true one is the second number of the ds64 chunk, which is first.
            if end == nil, Self.text(start[12..<16]) == "ds64", let data = Self.dataStart(from: 12, view) {
                let (sum, overflows) = data.addingReportingOverflow(
                    Int64(clamping: start[28..<36].reversed().bigEndianNumber))
                end = overflows ? .max : sum
            }
        case "RIFX": end = Self.chunkEnd(of: "data", from: 12, isBigEndian: true, view)
        case "FORM": end = Self.chunkEnd(of: "SSND", from: 12, isBigEndian: true, view)
        case ".snd": end = Self.total(start[4..<8].bigEndianNumber, start[8..<12].bigEndianNumber)
        case "caff": end = Self.cafEnd(view)
        case "riff":
            // Wave64: a GUID of 16 bytes, then the size of the whole.
            let size = start[16..<24].reversed().bigEndianNumber
            // What FFmpeg writes where it cannot go back.
            end = size < Int64.max ? Int64(size) : nil
        default: return nil
        }
        guard let end, end >= 0 else { return nil }
        self.end = end
    }

    private static func chunkEnd(
        of wanted: String, from first: Int64, isBigEndian: Bool, _ view: ByteView
    ) -> Int64? {
        guard let (place, size) = chunk(wanted, from: first, isBigEndian: isBigEndian, view) else { return nil }
        return total(UInt64(place), size)
    }

    /// A CAF file's chunks begin after 8 bytes; their sizes have 64 bits and a sign, and −1 stands for the rest of the file.
    private static func cafEnd(_ view: ByteView) -> Int64? {
        var place: Int64 = 8
        for _ in 0..<4096 {
            guard let header = view.bytes(at: place, count: 12) else { return nil }
            let size = Int64(bitPattern: header[4..<12].bigEndianNumber)
            guard size >= 0 else { return nil }
            let (end, overflows) = (place + 12).addingReportingOverflow(size)
            if text(header[0..<4]) == "data" { return overflows ? .max : end }
            guard !overflows else { return nil }
            place = end
        }
        return nil
    }

    private static func dataStart(from first: Int64, _ view: ByteView) -> Int64? {
        chunk("data", from: first, isBigEndian: false, view)?.place
    }

    /// The first byte and the size of a chunk's content.
    private static func chunk(
        _ wanted: String, from first: Int64, isBigEndian: Bool, _ view: ByteView
    ) -> (place: Int64, size: UInt64)? {
        var place = first
        for _ in 0..<4096 {
            guard let header = view.bytes(at: place, count: 8) else { return nil }
            let size = isBigEndian ? header[4..<8].bigEndianNumber : header[4..<8].reversed().bigEndianNumber
            if text(header[0..<4]) == wanted { return (place + 8, size) }
            // Chunks begin at even places.
            place += 8 + Int64(size) + Int64(size & 1)
        }
        return nil
    }

    /// Where `size` bytes from `start` end; nil if the size is one that writers put who do not know it: zero, all
    /// ones, SoX's 0x7ffff000, and arecord's 0x80000000.
    private static func total(_ start: UInt64, _ size: UInt64) -> Int64? {
        let isOpen = size == 0 || size >= 0xffff_ff00 || [0x7fff_f000, 0x7fff_ffff, 0x8000_0000].contains(size)
        return isOpen ? nil : Int64(start + size)
    }

    private static func text(_ bytes: some Sequence<UInt8>) -> String { String(decoding: Array(bytes), as: UTF8.self) }
}

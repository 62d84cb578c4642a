/// Streams of frames without a container, which are known by two frames in a row.
enum FrameStreams {
    /// What a stream is; nil if none of these.
    static func kind(of view: ByteView) -> ForeignKind? {
        if isInRow(view, length: adtsLength) { return ForeignKind(name: "AAC (ADTS)", demuxer: "aac") }
        if isInRow(view, length: ac3Length) { return ForeignKind(name: "AC-3", demuxer: "ac3") }
        if view.has([0x0b, 0x77]), let byte = view.bytes(at: 5, count: 1)?.first, byte >> 3 > 10 {
            return ForeignKind(name: "E-AC-3", demuxer: "eac3")
        }
        if isInRow(view, length: latmLength) { return ForeignKind(name: "AAC (LATM)", demuxer: "loas") }
        if (0..<3).allSatisfy({ view.has([0x47], at: 188 * $0) }) {
            return ForeignKind(name: "sound in an MPEG transport stream", demuxer: "mpegts")
        }
        return nil
    }

    private static func isInRow(_ view: ByteView, length: (ByteView, Int64) -> Int?) -> Bool {
        guard let first = length(view, 0), first > 0 else { return false }
        return Int64(first) >= view.size - 6 || length(view, Int64(first)) != nil
    }

    /// Bytes of a frame of AAC in ADTS. Source: ISO/IEC 13818-7, 6.2.
    private static func adtsLength(_ view: ByteView, at place: Int64) -> Int? {
        guard let header = view.bytes(at: place, count: 6), header[0] == 0xff, header[1] & 0xf6 == 0xf0,
            header[2] >> 2 & 15 < 13
        else { return nil }
        let length = Int(header[3] & 3) << 11 | Int(header[4]) << 3 | Int(header[5] >> 5)
        return length >= 7 ? length : nil
    }

    /// Bytes of a frame of AAC in LOAS. Source: ISO/IEC 14496-3, 1.7.2.
    private static func latmLength(_ view: ByteView, at place: Int64) -> Int? {
        guard let header = view.bytes(at: place, count: 3), header[0] == 0x56, header[1] & 0xe0 == 0xe0 else {
            return nil
        }
        return 3 + Int(header[1] & 0x1f) << 8 + Int(header[2])
    }

    /// Bytes of a frame of AC-3. Source: ATSC A/52, table 5.18.
    private static func ac3Length(_ view: ByteView, at place: Int64) -> Int? {
        guard let header = view.bytes(at: place, count: 6), header[0] == 0x0b, header[1] == 0x77, header[5] >> 3 <= 10
        else { return nil }
        let (rate, code) = (Int(header[4] >> 6), Int(header[4] & 63))
        guard rate < 3, code < 38 else { return nil }
        let kilobits = [32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384, 448, 512, 576, 640][
            code / 2]
        switch rate {
        case 0: return 4 * kilobits
        case 1: return 2 * (320 * kilobits / 147 + code % 2)
        default: return 6 * kilobits
        }
    }
}

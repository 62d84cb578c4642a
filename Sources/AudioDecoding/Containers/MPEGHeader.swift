/// The header of a frame of MPEG audio: four bytes.
///
/// Sources: ISO/IEC 11172-3, 2.4.2.3; ISO/IEC 13818-3 for the lower rates; MPEG 2.5 as its makers published it.
struct MPEGHeader: Hashable {
    /// The header's bits.
    let bits: UInt32

    /// Reads a header; nil if it is none.
    init?(_ bytes: some Collection<UInt8>) {
        guard bytes.count >= 4 else { return nil }
        self.init(UInt32(bytes.prefix(4).bigEndianNumber))
    }

    init?(_ bits: UInt32) {
        self.bits = bits
        guard bits >> 21 == 0x7ff, version != 1, layerCode != 0, bitrateIndex != 15, rateIndex != 3 else { return nil }
    }

    /// 3 is MPEG 1, 2 is MPEG 2, 0 is MPEG 2.5.
    private var version: Int { Int(bits >> 19 & 3) }
    /// 3 is layer I, 1 is layer III.
    private var layerCode: Int { Int(bits >> 17 & 3) }
    private var bitrateIndex: Int { Int(bits >> 12 & 15) }
    private var rateIndex: Int { Int(bits >> 10 & 3) }
    private var padding: Int { Int(bits >> 9 & 1) }
    private var isMono: Bool { bits >> 6 & 3 == 3 }

    var layer: Int { 4 - layerCode }
    private var isMPEG1: Bool { version == 3 }

    /// Frames of sound per second, in hertz.
    var sampleRate: Int { [44_100, 48_000, 32_000][rateIndex] >> (isMPEG1 ? 0 : version == 2 ? 1 : 2) }
    /// Samples of each channel in a frame.
    var sampleCount: Int { layer == 1 ? 384 : layer == 3 && !isMPEG1 ? 576 : 1152 }
    /// Kilobits per second; 0 for a rate that only the distance of the frames tells.
    var bitrate: Int { Self.bitrates[isMPEG1 ? layer - 1 : layer == 1 ? 3 : 4][bitrateIndex] }

    private static let bitrates = [
        [0, 32, 64, 96, 128, 160, 192, 224, 256, 288, 320, 352, 384, 416, 448],
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320, 384],
        [0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320],
        [0, 32, 48, 56, 64, 80, 96, 112, 128, 144, 160, 176, 192, 224, 256],
        [0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160],
    ]

    /// Bytes of the frame, this header included; nil where the rate is free.
    var length: Int? {
        guard bitrateIndex > 0 else { return nil }
        if layer == 1 { return (12_000 * bitrate / sampleRate + padding) * 4 }
        return (layer == 3 && !isMPEG1 ? 72_000 : 144_000) * bitrate / sampleRate + padding
    }

    /// Whether a frame is of the same stream: bit rate and kind of stereo may change from frame to frame.
    func continues(_ other: MPEGHeader) -> Bool {
        (bits ^ other.bits) & 0xfffe_0c00 == 0 && isMono == other.isMono
    }

    /// Bytes between a frame's beginning and where encoders of layer III write what they know of the whole: `Xing`.
    var tagPlace: Int { 4 + (isMPEG1 ? isMono ? 17 : 32 : isMono ? 9 : 17) }

    /// The header of a frame of the same stream that has room for a count of frames, and none for more: what would follow
    /// could be taken for a delay of the encoder.
    var ofCount: MPEGHeader? {
        for index in 1...14 {
            let bits = self.bits & 0xffff_0dff | 1 << 16 | UInt32(index) << 12
            if let header = MPEGHeader(bits), let length = header.length, length >= tagPlace + 12 { return header }
        }
        return nil
    }
}

/// What an encoder of layer III wrote in a frame of its own about the whole: Xing's tag, which LAME calls `Info` where the
/// rate is constant, or Fraunhofer's.
///
/// Sources: the description of LAME's tag by its makers; Fraunhofer's of VBRI.
struct MPEGTag {
    /// Frames of sound that follow, as it claims; nil if it does not say.
    let frameCount: Int?
    /// Where in the frame that number is, of 4 bytes; nil if it is nowhere, or in a tag of the other kind.
    let countPlace: Int?
    /// Bytes of the frame.
    let length: Int

    /// Reads the beginning of a frame; nil if it has sound in it, and no tag.
    init?(in frame: [UInt8], _ header: MPEGHeader) {
        guard let length = header.length else { return nil }
        self.length = length
        func has(_ text: String, at place: Int) -> Bool { frame.dropFirst(place).starts(with: Array(text.utf8)) }
        // With a sum of two bytes behind the header, the tag may stand where it would without.
        for place in [header.tagPlace, header.tagPlace + 2]
        where (has("Xing", at: place) || has("Info", at: place)) && frame.count >= place + 8 {
            let hasCount = frame[place + 7] & 1 == 1 && frame.count >= place + 12
            frameCount = hasCount ? Int(frame[place + 8..<place + 12].bigEndianNumber) : nil
            countPlace = hasCount ? place + 8 : nil
            return
        }
        guard has("VBRI", at: 36), frame.count >= 54 else { return nil }
        frameCount = Int(frame[50..<54].bigEndianNumber)
        countPlace = nil
    }

    /// A frame that says how many follow; nil if there is none with room for it.
    static func frame(counting count: Int, like header: MPEGHeader) -> [UInt8]? {
        guard header.layer == 3, let own = header.ofCount, let length = own.length else { return nil }
        var frame = own.bits.bigEndianBytes + [UInt8](repeating: 0, count: length - 4)
        // The third bit speaks of a table for which there is no room: readers stop there, and look for no delay.
        let tag = Array("Xing".utf8) + (5 as UInt32).bigEndianBytes + UInt32(clamping: count).bigEndianBytes
        frame.replaceSubrange(own.tagPlace..<own.tagPlace + tag.count, with: tag)
        return frame
    }
}

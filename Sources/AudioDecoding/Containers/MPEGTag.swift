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

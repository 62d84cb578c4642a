/// What stands before the samples of a WAV file.
///
/// A file that may grow beyond what its sizes of 32 bits can tell leaves room for those of 64, and becomes an RF64 file if
/// it does. Sources: IBM and Microsoft, *Multimedia Programming Interface and Data Specifications 1.0*, 1991; Microsoft,
/// *Multiple Channel Audio Data and WAVE Files*, 2007; EBU Tech 3306, *RF64: An extended file format for audio*, 2009.
package struct WaveHeader: Sendable {
    package var format: SampleFormat
    /// Whether there is room for sizes of 64 bits.
    private let isRoomy: Bool

    /// - Parameter mostFrames: So many frames can follow at the most.
    package init(_ format: SampleFormat, mostFrames: Int) {
        self.format = format
        // The header is far shorter than what is left out here.
        isRoomy = mostFrames >= (Int(UInt32.max) - 1000) / format.frameSize
    }

    /// The header; as long, whatever the frames are.
    ///
    /// - Parameter frames: How many frames follow, padded to a whole number of 16 bits.
    package func bytes(frames: Int) -> [UInt8] {
        let size = frames * format.frameSize
        let chunks = formatChunk + (format.encoding.isFloat ? factChunk(frames) : [])
        let rest = 4 + (isRoomy ? 36 : 0) + chunks.count + 8 + size + size % 2
        let isLong = rest > Int(UInt32.max)
        var bytes = Self.name(isLong ? "RF64" : "RIFF") + Self.number(isLong ? .max : UInt32(rest)) + Self.name("WAVE")
        if isRoomy {
            bytes += Self.name(isLong ? "ds64" : "JUNK") + Self.number(28 as UInt32)
            let sizes: [UInt64] = isLong ? [UInt64(rest), UInt64(size), UInt64(frames)] : [0, 0, 0]
            bytes += sizes.flatMap { Self.number($0) } + Self.number(0 as UInt32)
        }
        return bytes + chunks + Self.name("data") + Self.number(isLong ? .max : UInt32(size))
    }

    private var formatChunk: [UInt8] {
        let tag: UInt16 = format.encoding.isFloat ? 3 : 1
        // With more channels it should be said where they are heard; nobody told us, which is a mask of 0.
        let isExtensible = format.channelCount > 2
        var fields = Self.number(isExtensible ? 0xFFFE : tag) + Self.number(UInt16(format.channelCount))
        fields += Self.number(UInt32(format.sampleRate)) + Self.number(UInt32(format.sampleRate * format.frameSize))
        fields += Self.number(UInt16(format.frameSize)) + Self.number(UInt16(8 * format.encoding.size))
        if isExtensible {
            fields += Self.number(22 as UInt16) + Self.number(UInt16(8 * format.encoding.size))
            fields += Self.number(0 as UInt32) + Self.number(tag)
            fields += [0, 0, 0, 0, 0x10, 0, 0x80, 0, 0, 0xAA, 0, 0x38, 0x9B, 0x71]
        } else if format.encoding.isFloat {
            fields += Self.number(0 as UInt16)
        }
        return Self.name("fmt ") + Self.number(UInt32(fields.count)) + fields
    }

    private func factChunk(_ frames: Int) -> [UInt8] {
        Self.name("fact") + Self.number(4 as UInt32) + Self.number(UInt32(clamping: frames))
    }

    private static func name(_ name: String) -> [UInt8] { Array(name.utf8) }

    private static func number(_ number: some FixedWidthInteger) -> [UInt8] {
        unsafe withUnsafeBytes(of: number.littleEndian) { unsafe Array($0) }
    }
}

/// A WAV file made in code.
package struct WaveFile {
    package enum Encoding {
        case pcm16, pcm24, float

        var byteCount: Int {
            switch self {
            case .pcm16: 2
            case .pcm24: 3
            case .float: 4
            }
        }
    }

    /// The file's bytes.
    package var bytes: [UInt8]

    /// Encodes samples as libsndfile does when it is told to clip: the upper bits of a 32-bit integer.
    ///
    /// - Parameters:
    ///   - samples: Interleaved, full scale being 1.
    ///   - promised: The bytes of sound that the header speaks of, if not those that follow.
    package init(
        _ samples: [Double], rate: Int, channels: Int = 1, encoding: Encoding = .pcm16, promised: UInt32? = nil
    ) {
        var data: [UInt8] = []
        for sample in samples {
            switch encoding {
            case .pcm16: put(Int16(quantised(sample) >> 16), into: &data)
            case .pcm24:
                let value = quantised(sample) >> 8
                data += [0, 8, 16].map { UInt8(truncatingIfNeeded: value >> $0) }
            case .float: put(Float(sample).bitPattern, into: &data)
            }
        }
        let size = promised ?? UInt32(data.count)
        let frame = channels * encoding.byteCount
        var header = Array("RIFF".utf8)
        put(size == .max ? .max : 36 + size, into: &header)
        header += Array("WAVEfmt ".utf8)
        put(16 as UInt32, into: &header)
        put(encoding == .float ? 3 : 1 as UInt16, into: &header)
        put(UInt16(channels), into: &header)
        put(UInt32(rate), into: &header)
        put(UInt32(truncatingIfNeeded: rate * frame), into: &header)
        put(UInt16(frame), into: &header)
        put(UInt16(8 * encoding.byteCount), into: &header)
        header += Array("data".utf8)
        put(size, into: &header)
        bytes = header + data
    }
}

private func quantised(_ sample: Double) -> Int32 {
    Int32(clamping: Int((sample * 2_147_483_648).rounded(.toNearestOrEven)))
}

private func put(_ number: some FixedWidthInteger, into bytes: inout [UInt8]) {
    for shift in stride(from: 0, to: number.bitWidth, by: 8) {
        bytes.append(UInt8(truncatingIfNeeded: number >> shift))
    }
}

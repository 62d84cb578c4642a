import Glibc
import TimbreExtraction

extension FeatureFrames {
    /// Adds a frame in the stored form.
    package mutating func append(_ frame: borrowing FrameFeatures) {
        let isHeard = !frame.isSilent && frame.norm > 0
        for component in frame.unit {
            let scaled = isHeard ? Int16((component * Double(Self.unitScale)).rounded()) : 0
            Self.put(UInt16(bitPattern: scaled), &cepstra)
        }
        // A norm of zero marks a silent frame: no other may come to have it by rounding.
        Self.put(isHeard ? max(Float(frame.norm), .leastNormalMagnitude) : 0, &cepstra)

        var (peak, top) = (0.0, -Double.infinity)
        for band in frame.bands { peak = max(peak, band) }
        for level in frame.levels { top = max(top, level) }
        Self.put(Float(min(peak, Double(Float.greatestFiniteMagnitude))), &bands)
        for level in frame.levels { bands.append(peak > 0 ? Self.level(level - top) : 0) }
    }

    /// What a difference of one in natural logarithms is in steps, 255 of which are 80 dB.
    private static let stepsPerNeper = 20 / log(10.0 as Double) * 255 / 80

    /// The stored form of a level of so many nepers below the strongest band.
    private static func level(_ nepers: Double) -> UInt8 {
        UInt8(max(0, 255 + nepers * stepsPerNeper).rounded())
    }

    private static func put(_ number: Float, _ bytes: inout [UInt8]) {
        let bits = number.bitPattern
        put(UInt16(truncatingIfNeeded: bits), &bytes)
        put(UInt16(bits >> 16), &bytes)
    }

    private static func put(_ number: UInt16, _ bytes: inout [UInt8]) {
        bytes.append(UInt8(truncatingIfNeeded: number))
        bytes.append(UInt8(number >> 8))
    }
}

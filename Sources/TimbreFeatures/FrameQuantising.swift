import CTimbreKernels
import Glibc
import SoundFeatures

extension FeatureFrames {
    /// Adds a frame in the stored form.
    package mutating func append(_ frame: borrowing FrameFeatures) {
        let isHeard = !frame.isSilent && frame.norm > 0
        let scale = isHeard ? Double(Self.unitScale) / frame.norm : 0
        for index in 0..<FrameAnalyzer.coefficientCount {
            let scaled = Int16((Double(frame.paddedCepstrum[index]) * scale).rounded())
            Self.put(UInt16(bitPattern: scaled), &cepstra)
        }
        // A norm of zero marks a silent frame: no other may come to have it by rounding.
        Self.put(isHeard ? max(Float(frame.norm), .leastNormalMagnitude) : 0, &cepstra)

        Self.put(min(frame.peak, .greatestFiniteMagnitude), &bands)
        let start = bands.count
        bands.append(contentsOf: repeatElement(0, count: BarkBank.bandCount))
        guard frame.peak > 0 else { return }
        unsafe bands.withUnsafeMutableBufferPointer { bands in
            unsafe timbre_quantise_levels(
                frame.paddedLevels, BarkBank.bandCount, Self.stepsPerNeper, bands.baseAddress! + start)
        }
    }

    /// What a difference of one in natural logarithms is in steps, 255 of which are 80 dB.
    private static let stepsPerNeper = Float(20 / log(10.0 as Double) * 255 / 80)

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

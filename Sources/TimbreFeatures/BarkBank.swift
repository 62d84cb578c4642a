import CTimbreKernels
import SoundFeatures

/// One hundred triangular bands, equally spaced in Bark from 50 Hz to 9 kHz and one ERB wide (D8 of the timbre code's
/// definition).
///
/// A band's weight on a bin is its triangle's area inside the bin over the bin's width, so that a band is a sum, not a
/// mean, and moves smoothly however few bins it covers.
package struct BarkBank: Sendable {
    package static let bandCount = BandScale.bandCount
    /// Magnitudes that are looked at, from 0 Hz: those of all bins with a weight in some band, and a few more.
    package let binCount: Int
    private let bands: [timbre_band]
    /// The bands' weights, one band after the other, each padded with zeros.
    private let weights: [Float]

    package init() {
        let multiple = Int(TIMBRE_ANALYSIS_MULTIPLE) / 2
        var bands: [timbre_band] = []
        var weights: [Float] = []
        var binCount = 0
        for centre in Self.centres {
            let row = Self.row(centre)
            let first = row.firstIndex { $0 > 0 } ?? 0
            let end = (row.lastIndex { $0 > 0 } ?? 0) + 1
            let count = (end - first + multiple - 1) / multiple * multiple
            bands.append(timbre_band(first: UInt32(first), weights: UInt32(weights.count), count: UInt32(count)))
            weights += row[first..<end].map { Float($0) } + repeatElement(0, count: count - (end - first))
            binCount = max(binCount, first + count)
        }
        precondition(binCount <= Spectrum.binCount)
        self.binCount = binCount
        self.bands = bands
        self.weights = weights
    }

    /// Sums magnitudes into bands.
    ///
    /// - Parameters:
    ///   - magnitudes: At least ``binCount``, the first being that of 0 Hz.
    ///   - sums: Receives ``bandCount`` sums, in the unit of `magnitudes`; it may be longer.
    /// - Returns: The largest sum.
    /// - Complexity: O(*n*) in the number of weights, some 1800; allocates nothing.
    package func sum(_ magnitudes: [Float], into sums: inout [Float]) -> Float {
        precondition(magnitudes.count >= binCount && sums.count >= Self.bandCount)
        return unsafe timbre_sum_magnitudes(magnitudes, bands, Self.bandCount, weights, &sums)
    }

    /// The bands' centres in hertz; see ``BandScale``.
    package static var centres: [Double] { (0..<bandCount).map { BandScale.frequency(ofBand: Double($0)) } }

    /// The equivalent rectangular bandwidth at a frequency, both in hertz. Source: B. Glasberg and B. Moore, "Derivation
    /// of auditory filter shapes from notched-noise data", *Hearing Research* 47 (1990), pp. 103-138, rounded.
    package static func bandwidth(_ hertz: Double) -> Double { 0.108 * hertz + 24.7 }

    /// The weights of the band around `centre` on all bins.
    private static func row(_ centre: Double) -> [Double] {
        let width = Spectrum.binWidth
        let half = bandwidth(centre) / 2
        /// The area of the triangle below a frequency.
        func area(below hertz: Double) -> Double {
            let distance = min(max(hertz, centre - half), centre + half) - centre
            return distance < 0
                ? (distance + half) * (distance + half) / (2 * half)
                : half - (half - distance) * (half - distance) / (2 * half)
        }
        return (0..<Spectrum.binCount).map { bin in
            (area(below: (Double(bin) + 0.5) * width) - area(below: (Double(bin) - 0.5) * width)) / width
        }
    }
}

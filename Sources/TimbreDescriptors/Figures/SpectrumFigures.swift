import Glibc
import SoundFeatures

/// Where the middle of a sound's spectrum is, and how flat it is in its parts.
struct SpectrumFigures {
    /// In hertz, and 0 to 1; see ``SoundFigures``.
    let brightness: Double
    let noisiness: Double

    /// Bands that lie side by side over which flatness is taken.
    private static let width = 9
    /// What a stored level is: an amplitude.
    private static let amplitudes = (0..<256).map { pow(10, Double($0 - 255) * 80 / 255 / 20) }
    private static let powers = amplitudes.map { $0 * $0 }
    /// The geometric mean of powers, by the sum of the ``width`` levels that they are stored as.
    private static let geometricMeans = (0...255 * width).map { sum in
        pow(10, (Double(sum) / Double(width) - 255) * 80 / 255 / 10)
    }

    /// - Parameters:
    ///   - bands: All frames of the sound, in the form of ``FeatureFrames/bands``.
    ///   - frames: Frames and how much each weighs; the sum of weights is above 0.
    /// - Complexity: O(*n*) in the number of frames, some 0.3 µs each.
    init(of bands: [UInt8], _ frames: [(frame: Int, weight: Double)]) {
        var (place, flatness, total) = (0.0, 0.0, 0.0)
        for (frame, weight) in frames {
            let start = (frame + 1) * FeatureFrames.bandStride - BandScale.bandCount
            let levels = bands[start..<start + BandScale.bandCount]
            place += weight * Self.centroid(levels)
            flatness += weight * Self.flatness(levels)
            total += weight
        }
        brightness = BandScale.frequency(ofBand: place / total)
        noisiness = flatness / total
    }

    /// The mean band, each counting as much as its amplitude.
    private static func centroid(_ levels: ArraySlice<UInt8>) -> Double {
        var (sum, moment, band) = (0.0, 0.0, 0.0)
        for level in levels {
            let amplitude = amplitudes[Int(level)]
            sum += amplitude
            moment += amplitude * band
            band += 1
        }
        return moment / sum
    }

    /// The mean, over all bands that lie side by side, of their geometric mean over their arithmetic mean, each counting as
    /// much as its power.
    private static func flatness(_ levels: ArraySlice<UInt8>) -> Double {
        var (sum, power, geometric, arithmetic) = (0, 0.0, 0.0, 0.0)
        for place in levels.indices {
            sum += Int(levels[place])
            power += powers[Int(levels[place])]
            if place - levels.startIndex >= width {
                sum -= Int(levels[place - width])
                power -= powers[Int(levels[place - width])]
            }
            guard place - levels.startIndex >= width - 1 else { continue }
            geometric += geometricMeans[sum]
            arithmetic += max(power, 0) / Double(width)
        }
        // Rounding may leave a flat spectrum above 1.
        return min(geometric / arithmetic, 1)
    }
}

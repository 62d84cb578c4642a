import Glibc
import SoundFeatures

/// The mean spectrum of a sound's loud frames, and its peaks: where partials are.
struct BandProfile {
    /// A partial.
    struct Peak {
        /// Its frequency in hertz.
        var frequency: Double
        /// Its level in decibels, any level being 0.
        var level: Double
        /// How far it stands above the higher one of the valleys beside it, in decibels.
        var prominence: Double
    }

    /// In decibels, any level being 0, shape `[100]`.
    let levels: [Double]

    /// The mean of levels, none more than 60 dB below its frame's strongest band.
    ///
    /// - Parameters:
    ///   - bands: All frames of the sound, in the form of ``FeatureFrames/bands``.
    ///   - frames: Frames and how much each weighs; the sum of weights is above 0.
    init(of bands: [UInt8], _ frames: ArraySlice<(frame: Int, weight: Double)>) {
        var sums = [Double](repeating: 0, count: BandScale.bandCount)
        var total = 0.0
        for (frame, weight) in frames {
            let start = (frame + 1) * FeatureFrames.bandStride - BandScale.bandCount
            for band in sums.indices { sums[band] += weight * Self.decibels[Int(bands[start + band])] }
            total += weight
        }
        levels = sums.map { $0 / total }
    }

    private static let decibels = (0..<256).map { max(Double($0 - 255) * 80 / 255, -60) }

    /// The peaks, lowest first.
    ///
    /// A peak lies where a parabola through three bands has its top, and what that is off for a sine is taken away. Below the
    /// first band the difference of the first two bands tells the frequency, down to 35 Hz.
    var peaks: [Peak] {
        var peaks: [Peak] = []
        let last = levels.count - 1
        if levels[0] > levels[1], levels[1] > levels[2], levels[0] - levels[1] <= Self.lowest[0].place {
            let valley = (0..<last).first { levels[$0 + 1] > levels[$0] } ?? last
            peaks.append(
                Peak(
                    frequency: Self.interpolate(levels[0] - levels[1], Self.lowest.reversed()),
                    level: levels[0], prominence: levels[0] - levels[valley]))
        }
        for band in 1..<last where levels[band] > levels[band - 1] && levels[band] >= levels[band + 1] {
            let (below, above) = (levels[band - 1], levels[band + 1])
            let offset = (below - above) / (2 * (below - 2 * levels[band] + above))
            let top = levels[band] - (below - above) * offset / 4
            let read = BandScale.frequency(ofBand: Double(band) + offset)
            peaks.append(
                Peak(
                    frequency: read - Self.interpolate(read, Self.excess), level: top,
                    prominence: top - max(valley(from: band, by: -1), valley(from: band, by: 1))))
        }
        return peaks
    }

    /// The level of the valley on one side of a peak; there is none below the first band.
    private func valley(from peak: Int, by step: Int) -> Double {
        var band = peak
        while levels.indices.contains(band + step), levels[band + step] <= levels[band] { band += step }
        return band == 0 ? -.infinity : levels[band]
    }

    /// By how much the second band is below the first one for sines, in decibels, and their frequencies in hertz.
    private static let lowest: [(place: Double, value: Double)] = [
        (13.99, 35), (9.14, 40), (5.95, 45), (3.49, 50), (0.85, 55),
    ]
    /// How many hertz too high a sine is read at a frequency: low bands are wide beside their distance.
    private static let excess: [(place: Double, value: Double)] = [
        (63, 2.95), (73, 2.9), (82.4, 2.5), (92.5, 2.4), (102, 2), (121.5, 1.55), (151.2, 1.23), (190.7, 0.75),
        (260, 0.65), (500, 0.6),
    ]

    /// The value at a place, by straight lines between those of a table that ascends; that of its ends beyond them.
    private static func interpolate(_ place: Double, _ table: [(place: Double, value: Double)]) -> Double {
        guard let next = table.firstIndex(where: { $0.place > place }) else { return table[table.count - 1].value }
        guard next > 0 else { return table[0].value }
        let (from, to) = (table[next - 1], table[next])
        return from.value + (to.value - from.value) * (place - from.place) / (to.place - from.place)
    }
}

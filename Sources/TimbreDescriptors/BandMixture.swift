import Glibc
import SoundFeatures

/// What several sounds sound like at once, as far as their bands tell.
///
/// The energies of bands add up, as those of sounds do that have nothing to do with each other: phases are not kept. Each
/// sound is as loud as the others in its loudest frame, and their attacks fall into the same frame: that is how sounds are
/// layered, whatever levels they were recorded at, and however long the silence is in front of each.
package enum BandMixture {
    /// The power that each byte stands for, shape `[256]`, that of a frame's strongest band being 1. The lowest stands for
    /// nothing: it says only that there is less than can be told.
    private static let powers = (0..<256).map { $0 == 0 ? 0 : pow(10, (Double($0) - 255) / 255 * depth / 10) }
    /// How far below the strongest band the weakest is told, in decibels.
    private static let depth = 80.0

    /// Mixes sounds.
    ///
    /// - Parameter sounds: Their frames, in the form of ``FeatureFrames/bands``. Those in which nothing is heard have no part
    ///   in the mixture.
    /// - Returns: The frames of the mixture, in the same form; none if nothing is heard in any.
    /// - Precondition: The bytes are those of whole frames.
    /// - Complexity: O(*n*) in the number of frames, some 3 µs each.
    package static func bands(of sounds: [[UInt8]]) -> [UInt8] {
        let layers = sounds.compactMap(Layer.init)
        let attack = layers.map(\.attack).max() ?? 0
        let count = layers.map { attack - $0.attack + $0.peaks.count }.max() ?? 0
        var mixture: [UInt8] = []
        mixture.reserveCapacity(count * FeatureFrames.bandStride)
        var energies = [Double](repeating: 0, count: FeatureFrames.bandStride - 4)
        for frame in 0..<count {
            for band in energies.indices { energies[band] = 0 }
            for layer in layers {
                let own = frame - (attack - layer.attack)
                guard layer.peaks.indices.contains(own), layer.peaks[own] > 0 else { continue }
                let start = own * FeatureFrames.bandStride + 4
                for band in energies.indices {
                    energies[band] += layer.peaks[own] * powers[Int(layer.bands[start + band])]
                }
            }
            append(energies, to: &mixture)
        }
        return mixture
    }

    private static func append(_ energies: [Double], to bands: inout [UInt8]) {
        let most = energies.max() ?? 0
        let peak = Float(most.squareRoot()).bitPattern
        for byte in 0..<4 { bands.append(UInt8(truncatingIfNeeded: peak >> UInt32(8 * byte))) }
        for energy in energies {
            let level = energy > 0 ? 255 + 10 * log10(energy / most) / depth * 255 : 0
            bands.append(UInt8(max(0, level.rounded())))
        }
    }

    /// A sound that is mixed.
    private struct Layer {
        var bands: [UInt8]
        /// The power of each frame's strongest band, the loudest frame having an energy of 1; 0 for a silent one.
        var peaks: [Double]
        /// The frame with which the attack begins.
        var attack: Int

        /// Nil if nothing is heard.
        init?(bands: [UInt8]) {
            precondition(bands.count % FeatureFrames.bandStride == 0)
            self.bands = bands
            let frames = stride(from: 0, to: bands.count, by: FeatureFrames.bandStride)
            peaks = frames.map { start in
                let bits = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bands[start + $1]) << UInt32(8 * $1) }
                let peak = Float(bitPattern: bits)
                return peak.isFinite && peak > 0 ? Double(peak) * Double(peak) : 0
            }
            let energies = zip(frames, peaks).map { start, peak in
                peak * bands[start + 4..<start + FeatureFrames.bandStride].reduce(0) { $0 + powers[Int($1)] }
            }
            guard let top = energies.max(), top > 0 else { return nil }
            peaks = peaks.map { $0 / top }
            let least = top * pow(10, DescriptorDefinition.attackLevel / 10)
            attack = energies.firstIndex { $0 >= least } ?? 0
        }
    }
}

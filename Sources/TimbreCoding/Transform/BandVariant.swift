/// A change after which a sound is still the same to whoever looks for sounds: at another pitch, or recorded worse.
///
/// Variants are made of stored bands, not of samples, so that a library can learn from them without decoding anything
/// again. They do to the bands what the change would do to the sound, as far as bands show it.
package enum BandVariant: Hashable, Sendable {
    /// Played faster or slower, as a sampler does: frequencies times `numerator` / `denominator`, times divided by it.
    case transposed(numerator: Int, denominator: Int)
    /// Weaker above a frequency, by so many decibels an octave.
    case lowPassed(hertz: Double, slope: Double)
    /// Weaker below a frequency, by so many decibels an octave.
    case highPassed(hertz: Double, slope: Double)
    /// With white noise, its strongest band so many decibels above the sound's; below 0, that is.
    case noisy(decibels: Double)
    /// Begun later within its frame: each frame has this share, 0 to 1, of the power of the one before, and the rest of
    /// its own. The first has `onset` times its own.
    case shifted(share: Double, onset: Double)

    /// The variants that models learn from.
    ///
    /// Transposed by a major second, a major third and a fifth, both ways; without treble, without bass, with soft and
    /// with louder noise; half a frame and three quarters of one later.
    package static let all: [BandVariant] = [
        .transposed(numerator: 8, denominator: 9), .transposed(numerator: 9, denominator: 8),
        .transposed(numerator: 4, denominator: 5), .transposed(numerator: 5, denominator: 4),
        .transposed(numerator: 2, denominator: 3), .transposed(numerator: 3, denominator: 2),
        .lowPassed(hertz: 2500, slope: 9), .highPassed(hertz: 250, slope: 6),
        .noisy(decibels: -50), .noisy(decibels: -40),
        .shifted(share: 0.5, onset: 0.1), .shifted(share: 0.75, onset: 0.01),
    ]
}

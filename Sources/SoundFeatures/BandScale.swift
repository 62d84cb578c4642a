import Glibc

/// Where the Bark bands lie: equally spaced on the scale 6 asinh(f / 600), from 50 Hz to 9 kHz.
///
/// Source: S. Wang, A. Sekey and A. Gersho, "An objective measure for predicting subjective quality of speech coders",
/// *IEEE J. Sel. Areas Commun.* 10 (1992), pp. 819-829.
package enum BandScale {
    package static let bandCount = 100
    private static let low = asinh(50.0 / 600)
    private static let high = asinh(9000.0 / 600)

    /// The centre of a band in hertz; of a fraction, what lies between two centres.
    package static func frequency(ofBand band: Double) -> Double {
        600 * sinh(low + (high - low) * band / Double(bandCount - 1))
    }

    /// The band of a frequency, as a fraction; below 0 or above 99 where no band lies.
    package static func band(ofFrequency hertz: Double) -> Double {
        (asinh(hertz / 600) - low) / (high - low) * Double(bandCount - 1)
    }
}

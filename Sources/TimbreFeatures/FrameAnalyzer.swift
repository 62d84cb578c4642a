import CTimbreKernels
import Glibc

/// Computes the features of one frame after the other (D5 to D10 of the timbre code's definition).
package struct FrameAnalyzer: ~Copyable {
    package static let coefficientCount = 13

    /// What the last call of ``analyze(_:from:)`` or ``refine(_:)`` found.
    package private(set) var features = FrameFeatures()

    private let bank: BarkBank
    private var spectrum: Spectrum
    /// The largest absolute value among the last frame's samples.
    private var peak: Float = 0
    /// For each band the 13 factors of the cosine transform, and three zeros; zeros for the bands that pad.
    private let cosines: [Float]

    /// Below this a frame is silent: −80 dB of full scale.
    static let silence: Float = 1e-4
    /// How far below the strongest band a band counts: 80 dB, so that codes do not change with gain.
    private static let floor: Float = 1e-4

    package init() {
        bank = BarkBank()
        spectrum = Spectrum(usedBins: bank.binCount)
        cosines = (0..<FrameFeatures.paddedBandCount).flatMap { band in
            (1...Int(TIMBRE_COSINES)).map { coefficient in
                let isUsed = coefficient <= Self.coefficientCount && band < BarkBank.bandCount
                return isUsed ? Float(Self.cosine(coefficient, band)) : 0
            }
        }
    }

    /// The factor of an unnormalised DCT-II.
    private static func cosine(_ coefficient: Int, _ band: Int) -> Double {
        2 * cos(.pi * Double(coefficient) * Double(2 * band + 1) / Double(2 * BarkBank.bandCount))
    }

    /// Analyzes a frame, the 1024 samples at 22 050 Hz from `start` on; ``features`` then holds the result.
    ///
    /// - Complexity: a transform, two thousand products and a hundred logarithms; allocates nothing.
    package mutating func analyze(_ samples: [Float], from start: Int = 0) {
        peak = spectrum.measure(samples, from: start)
        features.isSilent = peak < Self.silence
        derive()
    }

    /// Analyzes the frame of the last call again, in double precision.
    package mutating func refine(_ frame: [Double]) {
        spectrum.measureExactly(frame)
        derive()
    }

    private mutating func derive() {
        features.peak = bank.sum(spectrum.magnitudes, into: &features.paddedBands)
        guard features.peak >= .leastNormalMagnitude, features.peak.isFinite else { return clear() }
        unsafe timbre_cepstrum(
            features.paddedBands, FrameFeatures.paddedBandCount, features.peak, Self.floor, cosines,
            &features.paddedLevels, &features.paddedCepstrum)
        var squares = 0.0
        for index in features.paddedCepstrum.indices {
            if features.isSilent { features.paddedCepstrum[index] = 0 }
            squares += Double(features.paddedCepstrum[index]) * Double(features.paddedCepstrum[index])
        }
        features.norm = squares.squareRoot()
    }

    /// Leaves no cepstrum where no band has anything.
    private mutating func clear() {
        for index in features.paddedLevels.indices { features.paddedLevels[index] = 0 }
        for index in features.paddedCepstrum.indices { features.paddedCepstrum[index] = 0 }
        features.norm = 0
    }

    /// Whether rounding to single precision may show in the last frame's coefficients, its own and that in numbers of a
    /// given size of which its samples were made.
    ///
    /// It does where a frame's energy lies outside the bands, in an offset or above 9.5 kHz: what is in the bands is then
    /// leakage, and as faint as the noise that single precision adds. A band of level B errs by some 2 · 10⁻⁸ · peak / B
    /// in its logarithm, and a coefficient by the root of the squares' sum, times the transform's factor of 2.
    package func isCoarse(roundedFrom inputPeak: Float) -> Bool {
        if peak == 0 { return false }
        guard Spectrum.peaks.contains(peak) else { return true }
        if features.isSilent { return false }
        // Well below the floor a band counts as the floor, which no noise moves.
        let sum = unsafe timbre_inverse_squares(
            features.paddedBands, BarkBank.bandCount, 0.5 * Self.floor * features.peak)
        let error = Self.noise * Double(max(peak, inputPeak)) * Double(sum).squareRoot()
        return !(2 * error <= min(1e-2, 2e-5 * features.norm))
    }

    /// What single precision adds to a band of a frame whose peak is 1.
    private static let noise = 2e-8
}

/// The features of one frame.
package struct FrameFeatures: Hashable, Sendable {
    /// Whether no sample reaches −80 dB of full scale.
    package var isSilent = true
    /// The Bark bands, sums of magnitudes: 1 is a full-scale sine. Shape `[100]`, and zeros to ``paddedBandCount``.
    var paddedBands = [Float](repeating: 0, count: paddedBandCount)
    /// The strongest band.
    package var peak: Float = 0
    /// The natural logarithms of the bands over the strongest one, none below −80 dB. Shape as that of the bands.
    var paddedLevels = [Float](repeating: 0, count: paddedBandCount)
    /// The bark-frequency cepstral coefficients 1 to 13, and three zeros; all zeros for a silent frame.
    var paddedCepstrum = [Float](repeating: 0, count: Int(TIMBRE_COSINES))
    /// The Euclidean norm of the coefficients.
    package var norm = 0.0

    /// Bands, with those that are added to make whole vectors of them.
    static let paddedBandCount =
        (BarkBank.bandCount + Int(TIMBRE_ANALYSIS_MULTIPLE) - 1) / Int(TIMBRE_ANALYSIS_MULTIPLE)
        * Int(TIMBRE_ANALYSIS_MULTIPLE)

    package init() {}

    /// The Bark bands, 100 sums of magnitudes: 1 is a full-scale sine.
    package var bands: ArraySlice<Float> { paddedBands.prefix(BarkBank.bandCount) }
    /// The natural logarithms of the bands over the strongest one, none below −80 dB.
    package var levels: ArraySlice<Float> { paddedLevels.prefix(BarkBank.bandCount) }
    /// The bark-frequency cepstral coefficients 1 to 13; zeros for a silent frame.
    package var cepstrum: ArraySlice<Float> { paddedCepstrum.prefix(FrameAnalyzer.coefficientCount) }
    /// ``cepstrum`` over ``norm``; zeros for a silent frame.
    package var unit: [Double] { cepstrum.map { norm < 1e-9 ? 0 : Double($0) / norm } }
}

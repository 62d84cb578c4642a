import CTimbreKernels

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

import Glibc

/// The features of one frame.
package struct FrameFeatures: Hashable, Sendable {
    /// Whether no sample reaches −80 dB of full scale.
    package var isSilent = true
    /// The Bark bands, 100 sums of magnitudes: 1 is a full-scale sine.
    package var bands = [Double](repeating: 0, count: BarkBank.bandCount)
    /// The natural logarithms of the bands, none more than 80 dB below the strongest.
    package var levels = [Double](repeating: 0, count: BarkBank.bandCount)
    /// The bark-frequency cepstral coefficients 1 to 13; zeros for a silent frame.
    package var cepstrum = [Double](repeating: 0, count: FrameAnalyzer.coefficientCount)
    /// The Euclidean norm of ``cepstrum``.
    package var norm = 0.0
    /// ``cepstrum`` over ``norm``; zeros for a silent frame.
    package var unit = [Double](repeating: 0, count: FrameAnalyzer.coefficientCount)

    package init() {}
}

/// Computes the features of one frame after the other (D5 to D10 of the timbre code's definition).
package struct FrameAnalyzer: ~Copyable {
    package static let coefficientCount = 13

    /// What the last call of ``analyze(_:from:)`` or ``refine(_:)`` found.
    package private(set) var features = FrameFeatures()

    private let bank: BarkBank
    private var spectrum: Spectrum
    /// For each band the 13 factors of the cosine transform, and three zeros.
    private let cosines: [SIMD16<Double>]

    /// Below this a frame is silent: −80 dB of full scale.
    static let silence: Float = 1e-4
    /// How far below the strongest band a band counts: 80 dB, so that codes do not change with gain.
    private static let floor = 1e-4

    package init() {
        bank = BarkBank()
        spectrum = Spectrum(usedBins: bank.binCount)
        cosines = (0..<BarkBank.bandCount).map { band in
            SIMD16((1...16).map { $0 > Self.coefficientCount ? 0 : Self.cosine($0, band) })
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
        features.isSilent = spectrum.measure(samples, from: start) < Self.silence
        derive()
    }

    /// Analyzes the frame of the last call again, with samples that are known more exactly.
    package mutating func refine(_ frame: [Double]) {
        spectrum.measure(frame)
        derive()
    }

    private mutating func derive() {
        bank.sum(spectrum.magnitudes, into: &features.bands)
        var top = 0.0
        for band in features.bands { top = max(top, band) }
        let least = max(Self.floor * top, 1e-300)
        var sums = SIMD16<Double>()
        for band in 0..<BarkBank.bandCount {
            let level = log(max(features.bands[band], least))
            features.levels[band] = level
            sums += level * cosines[band]
        }
        if features.isSilent { sums = SIMD16() }
        let norm = (sums * sums).sum().squareRoot()
        features.norm = norm
        for index in 0..<Self.coefficientCount {
            features.cepstrum[index] = sums[index]
            features.unit[index] = norm < 1e-9 ? 0 : sums[index] / norm
        }
    }

    /// Whether rounding in numbers of a given size may show in the last frame's coefficients.
    ///
    /// It does where a frame's energy lies outside the bands, in an offset or above 9.5 kHz: what is in the bands is then
    /// leakage, and as faint as the noise that single precision adds. A band of level B errs by some 10⁻⁸ · `peak` / B
    /// in its logarithm, and a coefficient by the root of the squares' sum, times the transform's factor of 2.
    package func isCoarse(roundedFrom peak: Float) -> Bool {
        guard peak > 0, !features.isSilent else { return false }
        var top = 0.0
        for band in features.bands { top = max(top, band) }
        var sum = 0.0
        for band in features.bands {
            // Well below the floor a band counts as the floor, which no noise moves.
            guard band > 0.5 * Self.floor * top else { continue }
            let error = 1e-8 * Double(peak) / band
            sum += error * error
        }
        return 2 * sum.squareRoot() > min(1e-2, 2e-5 * features.norm)
    }
}

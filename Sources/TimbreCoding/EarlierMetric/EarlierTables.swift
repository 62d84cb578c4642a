import CTimbreKernels
import Glibc

/// What the bytes of stored bands stand for, and what the levels of a frame are multiplied with.
struct EarlierTables: Sendable {
    static let shared = EarlierTables()

    /// The level that each byte stands for, with the soft floor, shape `[256]`, in decibels below the strongest band.
    let levels: [Float]
    /// The amplitude that each byte stands for, shape `[256]`: that of the strongest band is 1.
    let amplitudes: [Float]
    /// The position of each band in Bark, shape `[100]`.
    let scale: [Float]
    /// Cosine transform and Fourier transform side by side, shape `[100, 80]`: columns beyond the last are zeros.
    let matrix: [Float]

    /// The columns of the cosine transform, the first for coefficient 1.
    static let cepstra = 0..<EarlierDefinition.middleCepstra.upperBound
    /// The columns of the real and of the imaginary part of the Fourier transform, the first for one period.
    static let cosines = cepstra.upperBound..<cepstra.upperBound + EarlierDefinition.ripples
    static let sines = cosines.upperBound..<cosines.upperBound + EarlierDefinition.ripples

    private init() {
        let bandCount = Int(TIMBRE_BANDS)
        let amplitudes = (0..<256).map { pow(10, Double($0 - 255) * 80 / 255 / 20) }
        self.amplitudes = amplitudes.map(Float.init)
        levels = amplitudes.map { Float(20 * log10($0 + EarlierDefinition.amplitudeOffset)) }

        let low = 6 * asinh(EarlierDefinition.lowestBand / 600)
        let high = 6 * asinh(EarlierDefinition.highestBand / 600)
        scale = (0..<bandCount).map { Float(low + (high - low) * Double($0) / Double(bandCount - 1)) }

        let columnCount = Int(TIMBRE_PRODUCTS)
        precondition(Self.sines.upperBound <= columnCount)
        let cosine = CosineTransform(1...Self.cepstra.count, of: bandCount)
        var matrix = [Float](repeating: 0, count: bandCount * columnCount)
        for band in 0..<bandCount {
            let row = band * columnCount
            for column in Self.cepstra { matrix[row + column] = Float(cosine[column, band]) }
            for (periods, columns) in zip(1..., zip(Self.cosines, Self.sines)) {
                let angle = 2 * Double.pi * Double(periods * band % bandCount) / Double(bandCount)
                matrix[row + columns.0] = Float(cos(angle))
                matrix[row + columns.1] = Float(sin(angle))
            }
        }
        self.matrix = matrix
    }
}

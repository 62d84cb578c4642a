import CTimbreKernels
import Glibc
import SoundFeatures
import TimbreDescriptors

/// Computes the values of frames, some at a time; all memory is there from the start.
///
/// A frame has 53 values, a row of ``rowLength`` that ends in zeros: the cepstral coefficients from 1, eight measures
/// of the spectrum's shape (``Shape``), and the logarithms of the magnitudes of the waves along its bands.
struct EarlierFrameValues {
    /// Columns of a row that hold cepstral coefficients.
    static let cepstra = 0..<EarlierDefinition.cepstra
    /// Columns that hold measures of shape.
    static let shape = cepstra.upperBound..<cepstra.upperBound + Shape.allCases.count
    /// Columns that hold the ripple.
    static let ripple = shape.upperBound..<shape.upperBound + EarlierDefinition.ripples
    /// Values of a row, with the zeros at its end.
    static let rowLength = Int(TIMBRE_ROW)
    /// How many frames can be computed at a time.
    static let blockLength = 64

    /// Measures of the shape of a frame's spectrum, in the order of their columns.
    enum Shape: Int, CaseIterable {
        /// Mean, standard deviation and skewness of the bands' positions, weighted by amplitude, in Bark.
        case centroid, spread, skewness
        /// The mean level less the level of the mean amplitude.
        case flatness
        /// The position below which most of the power lies, in Bark.
        case rolloff
        /// The root mean square of the cepstral coefficients of medium fineness, and of all finer ones.
        case middle, fine
        /// The root mean square of the levels' change since the frame before; 0 for the first frame.
        case flux

        /// The measure's column.
        var column: Int { EarlierFrameValues.shape.lowerBound + rawValue }
    }

    private let tables = EarlierTables.shared
    private var previous = [Float](repeating: 0, count: Int(TIMBRE_BANDS))
    private var products = [Float](repeating: 0, count: blockLength * Int(TIMBRE_PRODUCTS))
    private var sums = [timbre_band_sums](repeating: timbre_band_sums(), count: blockLength)
    private var isFirst = true

    /// Computes the values of the frames that follow.
    ///
    /// - Parameters:
    ///   - bands: One to ``blockLength`` frames in the form of ``FeatureFrames/bands``.
    ///   - rows: The rows so far; the new ones are added.
    ///   - powers: The powers so far, that of a full-scale sine being 1; those of the new frames are added.
    mutating func append(_ bands: ArraySlice<UInt8>, to rows: inout [Float], powers: inout [Double]) {
        let count = bands.count / FeatureFrames.bandStride
        precondition(count <= Self.blockLength && FeatureFrames.bandStride == TIMBRE_BAND_OFFSET + TIMBRE_BANDS)
        unsafe bands.withUnsafeBufferPointer { bands in
            unsafe timbre_sum_bands(
                bands.baseAddress, count, tables.levels, tables.amplitudes, tables.scale,
                EarlierDefinition.rolloffShare, tables.matrix, &previous, &products, &sums)
        }
        if isFirst {
            sums[0].change = 0
            isFirst = false
        }
        for frame in 0..<count {
            let peak = Self.peak(ofFrameAt: bands.startIndex + frame * FeatureFrames.bandStride, in: bands)
            powers.append(peak * peak * sums[frame].power)
            appendRow(frame, to: &rows)
        }
    }

    /// A frame's strongest band; 0 for what is no amplitude, as a client's bytes may have it.
    private static func peak(ofFrameAt start: Int, in bands: ArraySlice<UInt8>) -> Double {
        let bits = (0..<4).reduce(0) { $0 | UInt32(bands[start + $1]) << UInt32(8 * $1) }
        let peak = Float(bitPattern: bits)
        return peak.isFinite && peak > 0 ? Double(peak) : 0
    }

    private func appendRow(_ frame: Int, to rows: inout [Float]) {
        let sums = sums[frame]
        let start = frame * Int(TIMBRE_PRODUCTS)
        let products = products[start..<start + Int(TIMBRE_PRODUCTS)]
        let cepstra = products[start..<start + EarlierTables.cepstra.upperBound]
        rows += cepstra.prefix(EarlierDefinition.cepstra)

        let middle = cepstra.suffix(EarlierDefinition.middleCepstra.count)
        let squares = middle.reduce(0) { $0 + $1 * $1 }
        // The cosine transform leaves the sum of squares as it is: what is not in these coefficients is in finer ones.
        let rest = cepstra.reduce(sums.squares) { $0 - Double($1) * Double($1) }
        let fineCount = Int(TIMBRE_BANDS) - EarlierTables.cepstra.count - 1
        let spread = (sums.variance + EarlierDefinition.spreadOffset).squareRoot()
        rows.append(sums.centroid)
        rows.append(spread)
        rows.append(sums.third / (spread * spread * spread))
        rows.append(sums.mean - 20 * log10(sums.amplitude / Float(TIMBRE_BANDS)))
        rows.append(tables.scale[Int(sums.rolloff)])
        rows.append((squares / Float(middle.count)).squareRoot())
        rows.append(Float((max(rest, 0) / Double(fineCount)).squareRoot()))
        rows.append(sums.change.squareRoot())

        for (cosine, sine) in zip(EarlierTables.cosines, EarlierTables.sines) {
            let (real, imaginary) = (products[start + cosine], products[start + sine])
            let magnitude = (real * real + imaginary * imaginary).squareRoot()
            rows.append(log(1 + magnitude / EarlierDefinition.rippleUnit))
        }
        for _ in Self.ripple.upperBound..<Self.rowLength { rows.append(0) }
    }
}

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

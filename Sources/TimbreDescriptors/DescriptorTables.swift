import CTimbreKernels
import Glibc

/// What the bytes of stored bands stand for, and what the levels of a frame are multiplied with.
struct DescriptorTables: Sendable {
    static let shared = DescriptorTables()

    private let amplitudes: [Float]
    private let squares: [Float]
    private let levels: [Float]
    private let positions: [Float]
    private let even: [Float]
    private let odd: [Float]

    private init() {
        let amplitudes = (0..<256).map { pow(10, Double($0 - 255) * 80 / 255 / 20) }
        self.amplitudes = amplitudes.map(Float.init)
        squares = self.amplitudes.map { $0 * $0 }
        levels = amplitudes.map { Float(20 * log10($0 + DescriptorDefinition.amplitudeOffset)) }

        let low = 6 * asinh(DescriptorDefinition.lowestBand / 600)
        let high = 6 * asinh(DescriptorDefinition.highestBand / 600)
        positions = (0..<Int(TIMBRE_HEARD_BANDS)).map { Float(low + (high - low) * Double($0) / 99) }
        (even, odd) = Self.foldedMatrices()
    }

    /// The cosine transform and the Fourier transform of a frame's levels, folded at the middle band.
    ///
    /// Cosines of even order are the same on both sides of the middle, those of odd order differ in sign; so do the
    /// cosines and sines of waves that are counted from the middle. To multiply sums and differences of mirrored levels
    /// takes half the work.
    private static func foldedMatrices() -> (even: [Float], odd: [Float]) {
        let (bands, columns) = (Int(TIMBRE_HEARD_BANDS), Int(TIMBRE_FOLDED_COLUMNS))
        let (cepstra, waves, middle) = (Int(TIMBRE_CEPSTRA), Int(TIMBRE_WAVES), Int(TIMBRE_HEARD_BANDS) / 2)
        var even = [Float](repeating: 0, count: (middle + 1) * columns)
        var odd = [Float](repeating: 0, count: middle * columns)
        for band in 0...middle {
            let row = band * columns
            for order in 0...cepstra {
                let norm = (order == 0 ? 1 : 2) / Double(bands)
                let angle = Double.pi * Double(order * (2 * band + 1)) / Double(2 * bands)
                let value = Float(norm.squareRoot() * cos(angle))
                if order % 2 == 0 {
                    even[row + order / 2] = value
                } else if band < middle {
                    odd[row + order / 2] = value
                }
            }
            for periods in 1...waves {
                let angle = 2 * Double.pi * Double(periods * (middle - band)) / Double(bands)
                even[row + cepstra / 2 + periods] = Float(cos(angle))
                if band < middle { odd[row + cepstra / 2 + periods - 1] = Float(sin(angle)) }
            }
        }
        return (even, odd)
    }

    /// The summed powers of some stored frames; see `timbre_frame_powers`.
    func powers(of frames: ArraySlice<UInt8>) -> [Double] {
        let count = frames.count / Int(TIMBRE_FRAME_BYTES)
        return unsafe [Double](unsafeUninitializedCapacity: count) { room, used in
            unsafe frames.withUnsafeBufferPointer { frames in
                unsafe timbre_frame_powers(frames.baseAddress, count, squares, room.baseAddress)
            }
            used = count
        }
    }

    /// The values of some stored frames; see `timbre_frame_values`.
    ///
    /// - Parameters:
    ///   - bands: All frames of a sound.
    ///   - frames: Which of them.
    ///   - filled: The band from which on levels are made up; the number of bands for none.
    ///   - rows: Receives the values.
    func write(valuesOf frames: Range<Int>, in bands: [UInt8], filled: Int, to rows: inout [Float]) {
        precondition(frames.upperBound * Int(TIMBRE_FRAME_BYTES) <= bands.count && filled >= 3)
        rows = unsafe [Float](unsafeUninitializedCapacity: frames.count * Int(TIMBRE_FRAME_VALUES)) { room, used in
            unsafe bands.withUnsafeBufferPointer { bands in
                guard let base = bands.baseAddress else { return }
                let first = unsafe base + frames.lowerBound * Int(TIMBRE_FRAME_BYTES)
                unsafe withTables { tables in
                    unsafe timbre_frame_values(
                        frames.lowerBound > 0 ? first - Int(TIMBRE_FRAME_BYTES) : nil, first, frames.count, tables,
                        filled, DescriptorDefinition.cliffSlope, room.baseAddress)
                }
            }
            used = frames.count * Int(TIMBRE_FRAME_VALUES)
        }
    }

    private func withTables(_ body: (UnsafePointer<timbre_frame_tables>) -> Void) {
        unsafe amplitudes.withUnsafeBufferPointer { amplitudes in
            unsafe squares.withUnsafeBufferPointer { squares in
                unsafe levels.withUnsafeBufferPointer { levels in
                    unsafe positions.withUnsafeBufferPointer { positions in
                        unsafe even.withUnsafeBufferPointer { even in
                            unsafe odd.withUnsafeBufferPointer { odd in
                                var tables = unsafe timbre_frame_tables(
                                    amplitudes: amplitudes.baseAddress, squares: squares.baseAddress,
                                    levels: levels.baseAddress,
                                    floor: Float(20 * log10(DescriptorDefinition.amplitudeOffset)),
                                    positions: positions.baseAddress,
                                    even: even.baseAddress, odd: odd.baseAddress)
                                unsafe body(&tables)
                            }
                        }
                    }
                }
            }
        }
    }
}

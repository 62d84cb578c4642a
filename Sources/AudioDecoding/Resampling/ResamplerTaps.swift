import CTimbreKernels
import Glibc

/// The filter that takes one sample rate to ``Resampler/rate``, as a table of taps.
///
/// Taps follow the timbre code's definition D3: a sinc of -6 dB at 0.95 of the lower Nyquist rate and 64 zero crossings
/// to each side, under a Kaiser window of beta 8, each phase scaled to unit gain at 0 Hz. Making the table takes some
/// milliseconds; it is immutable and may be shared.
package final class ResamplerTaps: Sendable {
    /// Hertz of the input.
    package let inputRate: Int
    /// Output and input rate over their greatest common divisor: as many outputs take as many inputs' time.
    let phaseCount: Int
    let step: Int
    /// Inputs that matter to each side of an output, K of D3: from K - 1 before to K after.
    let reach: Int
    /// Taps in a row, 2 K and zeros up to a multiple that the kernel likes.
    let rowLength: Int
    /// Whether there is a row for each phase; if not, rows are interpolated.
    let isExact: Bool
    /// Rows of ``rowLength``: one for each phase, or ``sparseRowCount`` and three more.
    let rows: [Float]
    /// The same before they were rounded.
    let exactRows: [Double]
    /// The quicker way to the same outputs, where the input's rate is a multiple of the output's.
    let overlapSave: OverlapSave?

    /// Rows to the phase when there are too many phases for one each. Between them a cubic errs by less than 10⁻⁹.
    static let sparseRowCount = 256
    /// More phases than this are not tabled one by one. The common rates have at most 441 (8 and 16 kHz).
    private static let mostPhases = 512

    package init(from inputRate: Int) {
        precondition(inputRate > 0)
        let divisor = Self.greatestCommonDivisor(inputRate, Resampler.rate)
        let phaseCount = Resampler.rate / divisor
        let cutoff = 0.95 * min(1, Double(Resampler.rate) / Double(inputRate))
        let kernel = Kernel(cutoff: cutoff)
        let reach = Int(kernel.width.rounded(.up))
        let multiple = Int(TIMBRE_TAP_MULTIPLE)
        let rowLength = (2 * reach + multiple - 1) / multiple * multiple
        let isExact = phaseCount <= Self.mostPhases
        let rowCount = isExact ? phaseCount : Self.sparseRowCount + 3

        var rows = [Double](repeating: 0, count: rowCount * rowLength)
        var row = [Double](repeating: 0, count: 2 * reach)
        for index in 0..<rowCount {
            let phase =
                isExact ? Double(index) / Double(phaseCount) : Double(index - 1) / Double(Self.sparseRowCount)
            for tap in row.indices { row[tap] = kernel.value(at: Double(tap - reach + 1) - phase) }
            let sum = row.reduce(0, +)
            for tap in row.indices { rows[index * rowLength + tap] = row[tap] / sum }
        }
        self.inputRate = inputRate
        self.phaseCount = phaseCount
        step = inputRate / divisor
        self.reach = reach
        self.rowLength = rowLength
        self.isExact = isExact
        self.rows = rows.map { Float($0) }
        exactRows = rows
        // The row is symmetric about the tap of the output itself; the last of its taps is 0.
        overlapSave =
            phaseCount == 1 && step > 1
            ? OverlapSave(taps: Array(rows[(reach - 1)..<(2 * reach - 1)]), keepingEvery: step) : nil
    }

    /// The first `count` outputs in double precision, where there is one phase.
    func exactOutputs(of input: [Float], at start: Int, _ count: Int, into outputs: inout [Double]) {
        precondition(phaseCount == 1 && count <= outputs.count)
        guard count > 0 else { return }
        precondition(start >= 0 && start + (count - 1) * step + 2 * reach <= input.count)
        unsafe input.withUnsafeBufferPointer { input in
            unsafe timbre_filter_exactly(input.baseAddress! + start, exactRows, 2 * reach, step, &outputs, count)
        }
    }

    /// One output in double precision.
    func exactOutput(of input: [Float], at start: Int, phase: Int) -> Double {
        precondition(start >= 0 && start + rowLength <= input.count)
        func output(_ row: Int) -> Double {
            unsafe input.withUnsafeBufferPointer { input in
                unsafe exactRows.withUnsafeBufferPointer { rows in
                    unsafe timbre_dot(input.baseAddress! + start, rows.baseAddress! + row * rowLength, rowLength)
                }
            }
        }
        guard !isExact else { return output(phase) }
        let place = Double(phase) * Double(Self.sparseRowCount) / Double(phaseCount)
        let (first, u) = (Int(place), place - place.rounded(.down))
        // Lagrange's cubic, as in timbre_filter_between.
        let before = output(first) * (-u * (u - 1) * (u - 2) / 6)
        let left = output(first + 1) * ((u + 1) * (u - 1) * (u - 2) / 2)
        let right = output(first + 2) * (-(u + 1) * u * (u - 2) / 2)
        return before + left + right + output(first + 3) * ((u + 1) * u * (u - 1) / 6)
    }

    private static func greatestCommonDivisor(_ a: Int, _ b: Int) -> Int {
        b == 0 ? a : greatestCommonDivisor(b, a % b)
    }
}

/// A windowed sinc, h(u) of D3.
private struct Kernel {
    let cutoff: Double
    /// Where the window ends, in input samples.
    let width: Double
    private let scale: Double

    private static let beta = 8.0

    init(cutoff: Double) {
        self.cutoff = cutoff
        width = 64 / cutoff
        scale = cutoff / Self.bessel(Self.beta)
    }

    func value(at u: Double) -> Double {
        let part = u / width
        guard abs(part) < 1 else { return 0 }
        let angle = Double.pi * cutoff * u
        let sinc = abs(angle) < 1e-9 ? 1 : sin(angle) / angle
        return scale * sinc * Self.bessel(Self.beta * (1 - part * part).squareRoot())
    }

    /// The modified Bessel function I0, by its power series; to the last bits for arguments up to 8.
    private static func bessel(_ x: Double) -> Double {
        let quarter = x * x / 4
        var (sum, term, n) = (1.0, 1.0, 1.0)
        while term > sum * 1e-17 {
            term *= quarter / (n * n)
            sum += term
            n += 1
        }
        return sum
    }
}

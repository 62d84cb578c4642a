import CFFTW
import CTimbreKernels
import FourierPlanning
import Glibc

/// A symmetric filter that keeps every nth sample, as a product of spectra.
///
/// The overlap-save method: a block of the input is transformed, multiplied by the filter's response, folded to the lower
/// rate and transformed back; outputs that would need samples beyond the block are left out. As the response is real, two
/// blocks are filtered at once, as the real and the imaginary part of one. Source: A. Oppenheim and R. Schafer,
/// *Discrete-Time Signal Processing*, 8.7. Immutable, and may be shared.
@safe final class OverlapSave: Sendable {
    /// Every how many samples one is kept.
    let factor: Int
    /// Inputs in a pair of blocks.
    let inputLength: Int
    /// Inputs in front of that to which the first output belongs: a multiple of ``factor``.
    let lead: Int
    /// Outputs of a pair of blocks.
    let outputCount: Int

    /// Numbers in the transform back, some of which are left out.
    static let folded = 512
    /// Numbers in a block.
    private let length: Int
    /// The filter's response at each bin, twice in a row for real and imaginary part.
    private let response: [Float]
    /// Plans, as numbers; FFTW lets any number of threads use them.
    private let forward: UInt
    private let backward: UInt

    /// - Parameters:
    ///   - taps: The filter's values at 0, 1, … samples from its middle, fewer than a fourth of a block.
    ///   - factor: Two or more.
    init(taps: [Double], keepingEvery factor: Int) {
        let length = Self.folded * factor
        precondition(factor > 1 && !taps.isEmpty && taps.count < length / 4)
        self.factor = factor
        self.length = length
        lead = (taps.count - 1 + factor - 1) / factor * factor
        let blockOutputs = (length - taps.count - lead) / factor + 1
        outputCount = 2 * blockOutputs
        inputLength = length + blockOutputs * factor
        // FFTW's transforms there and back multiply by the block's length.
        let cosines = (0..<length).map { 2 * cos(2 * .pi * Double($0) / Double(length)) / Double(length) }
        let half = (0...length / 2).map { bin in
            taps.indices.dropFirst().reduce(taps[0] / Double(length)) { $0 + taps[$1] * cosines[bin * $1 % length] }
        }
        response = (0..<length).flatMap { bin in
            let value = Float(half[min(bin, length - bin)])
            return [value, value]
        }
        let room = Room(for: length)
        (forward, backward) = planning {
            unsafe (
                UInt(
                    bitPattern: fftwf_plan_dft_1d(
                        Int32(length), room.block, room.spectrum, FFTW_FORWARD, FFTW_ESTIMATE)),
                UInt(
                    bitPattern: fftwf_plan_dft_1d(
                        Int32(Self.folded), room.spectrum, room.block, FFTW_BACKWARD, FFTW_ESTIMATE))
            )
        }
        precondition(forward != 0 && backward != 0, "FFTW has no plan")
    }

    deinit {
        planning {
            unsafe fftwf_destroy_plan(fftwf_plan(bitPattern: forward))
            unsafe fftwf_destroy_plan(fftwf_plan(bitPattern: backward))
        }
    }

    /// Room to compute in, for one thread at a time.
    func makeRoom() -> Room { Room(for: length) }

    /// Computes the first outputs of a pair of blocks and appends them.
    ///
    /// - Parameters:
    ///   - input: ``inputLength`` samples, from ``lead`` before that to which the first output belongs.
    ///   - count: How many outputs, at most ``outputCount``.
    func filter(_ input: Span<Float>, _ count: Int, into output: inout [Float], _ room: borrowing Room) {
        precondition(input.count == inputLength && count <= outputCount)
        let blockOutputs = outputCount / 2
        unsafe input.withUnsafeBufferPointer { input in
            let first = input.baseAddress!
            unsafe timbre_interleave(first, first + blockOutputs * factor, room.numbers(room.block), length)
        }
        unsafe fftwf_execute_dft(fftwf_plan(bitPattern: forward), room.block, room.spectrum)
        let spectrum = unsafe room.numbers(room.spectrum)
        unsafe timbre_fold(spectrum, response, Self.folded, factor, spectrum)
        unsafe fftwf_execute_dft(fftwf_plan(bitPattern: backward), room.spectrum, room.block)
        let outputs = unsafe room.numbers(room.block) + 2 * (lead / factor)
        let start = output.count
        output.append(contentsOf: repeatElement(0, count: count))
        unsafe output.withUnsafeMutableBufferPointer { output in
            let output = unsafe output.baseAddress! + start
            unsafe timbre_take_every_second(outputs, output, min(count, blockOutputs))
            guard count > blockOutputs else { return }
            unsafe timbre_take_every_second(outputs + 1, output + blockOutputs, count - blockOutputs)
        }
    }

    /// Room to compute in.
    @safe struct Room: ~Copyable {
        /// A pair of blocks, later its outputs.
        fileprivate let block: UnsafeMutablePointer<fftwf_complex>
        /// Its spectrum.
        fileprivate let spectrum: UnsafeMutablePointer<fftwf_complex>

        fileprivate init(for length: Int) {
            guard let block = unsafe fftwf_alloc_complex(length), let spectrum = unsafe fftwf_alloc_complex(length)
            else { preconditionFailure("no memory for a block") }
            unsafe self.block = unsafe block
            unsafe self.spectrum = unsafe spectrum
        }

        deinit {
            unsafe fftwf_free(block)
            unsafe fftwf_free(spectrum)
        }

        /// Complex numbers as their parts, which FFTW lets one see them as.
        fileprivate func numbers(_ complex: UnsafeMutablePointer<fftwf_complex>) -> UnsafeMutablePointer<Float> {
            unsafe UnsafeMutableRawPointer(complex).assumingMemoryBound(to: Float.self)
        }
    }
}

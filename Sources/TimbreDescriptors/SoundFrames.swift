import CTimbreKernels
import SoundFeatures

/// The frames of a sound, from which the descriptors of any part of it are quickly computed.
///
/// The values of frames are computed when they are asked for, and some thousand of them are kept: the spans of a sound
/// share theirs with the whole of it.
package struct SoundFrames {
    /// Cepstra and waves whose variation is described, and cepstra of the attack.
    static let variedCepstra = 30
    static let variedWaves = 25
    static let attackCepstra = 20
    /// Frames whose values are kept at a time, unless somebody wants fewer: 1.4 MB.
    private static let mostKept = 4096

    /// How many frames there are.
    package let count: Int

    private let kept: Int
    private let bands: [UInt8]
    /// The summed powers of each frame's bands, relative to its strongest, shape `[count]`.
    private let powers: [Double]
    /// The energy of each frame, shape `[count]`; 0 for a silent one.
    private let energies: [Double]

    /// Values that are kept: of which frames, and filled from which band on.
    private struct Rows {
        var frames = 0..<0
        var filled = BandLevels.count
        var values: [Float] = []
    }

    private var rows = Rows()

    /// Takes a sound in.
    ///
    /// - Parameter bands: The frames in the form of ``FeatureFrames/bands``, whose levels may be any bytes. A frame whose
    ///   strongest band is no positive finite number is silent.
    /// - Precondition: The bytes are those of whole frames.
    /// - Complexity: O(*n*) in the number of frames, some 50 ns each.
    package init(bands: [UInt8]) { self.init(bands: bands, keeping: Self.mostKept) }

    /// - Parameter kept: Frames whose values are kept at a time, more than the longest lag.
    init(bands: [UInt8], keeping kept: Int) {
        self.kept = kept
        precondition(bands.count % FeatureFrames.bandStride == 0)
        self.bands = bands
        count = bands.count / FeatureFrames.bandStride
        powers = DescriptorTables.shared.powers(of: bands[...])
        energies = powers.enumerated().map { frame, power in
            let peak = Self.peak(of: frame, in: bands)
            return peak * peak * power
        }
    }

    /// A frame's strongest band; 0 for what is no amplitude, as a client's bytes may have it.
    private static func peak(of frame: Int, in bands: [UInt8]) -> Double {
        let bits = unsafe bands.withUnsafeBytes {
            unsafe $0.loadUnaligned(fromByteOffset: frame * FeatureFrames.bandStride, as: UInt32.self)
        }
        let peak = Float(bitPattern: UInt32(littleEndian: bits))
        return peak.isFinite && peak > 0 ? Double(peak) : 0
    }

    /// Describes the sound, or a part of it as if it were all there is.
    ///
    /// - Parameter frames: The part's frames, which lie in `0..<count`; nil for all.
    /// - Returns: The description; nil if nothing sounds in the part.
    /// - Complexity: O(*n*) in the number of frames in the part, about 0.6 µs each where their values are not kept.
    package mutating func descriptor(of frames: Range<Int>? = nil) -> TimbreDescriptor? {
        guard let audible = AudibleFrames(frames ?? 0..<count, energies: energies) else { return nil }
        let levels = BandLevels(audible, bands: bands, powers: powers)
        var sums = timbre_part_sums()
        sums.length = audible.range.count
        sums.attack_start = audible.attackStart
        add(audible, filled: levels.filled, to: &sums)
        return TimbreDescriptor(audible, levels, PartSums(sums))
    }

    /// The plain figures of the sound, or of a part of it as if it were all there is.
    ///
    /// - Parameter frames: The part's frames, which lie in `0..<count`; nil for all.
    /// - Returns: The figures; nil if nothing sounds in the part.
    /// - Complexity: O(*n*) in the number of frames, some 0.5 µs each, and 0.1 ms.
    package func figures(of frames: Range<Int>? = nil) -> SoundFigures? {
        let frames = frames ?? 0..<count
        guard let audible = AudibleFrames(frames, energies: energies) else { return nil }
        // What is around a part is no part of it, nor of its attack.
        let heard = frames == 0..<count ? energies : energies.enumerated().map { frames.contains($0) ? $1 : 0 }
        return SoundFigures(audible, bands: bands, energies: heard)
    }

    /// The figures of a sound as they are kept; see ``SoundFigures/bytes``.
    ///
    /// - Parameter bands: As ``init(bands:)`` takes them.
    package static func figureBytes(of bands: [UInt8]) -> [UInt8] {
        SoundFrames(bands: bands).figures()?.bytes ?? SoundFigures.silence
    }

    /// Adds the frames of a part to its sums, as many at a time as values are kept.
    private mutating func add(_ audible: AudibleFrames, filled: Int, to sums: inout timbre_part_sums) {
        var next = audible.range.lowerBound
        while next < audible.range.upperBound {
            let history = min(next - audible.range.lowerBound, Int(TIMBRE_LONGEST_LAG))
            let end = min(audible.range.upperBound, next - history + kept)
            keep(next - history..<end, filled: filled)
            let first = (next - rows.frames.lowerBound) * Int(TIMBRE_FRAME_VALUES)
            let weight = next - audible.range.lowerBound
            unsafe rows.values.withUnsafeBufferPointer { values in
                unsafe audible.weights.withUnsafeBufferPointer { weights in
                    guard let values = values.baseAddress, let weights = weights.baseAddress else { return }
                    unsafe timbre_add_frames(values + first, weights + weight, end - next, &sums)
                }
            }
            next = end
        }
    }

    /// Makes sure that the values of some frames are there, and those around them where there is room for them.
    private mutating func keep(_ frames: Range<Int>, filled: Int) {
        let isThere = rows.frames.lowerBound <= frames.lowerBound && frames.upperBound <= rows.frames.upperBound
        if isThere && rows.filled == filled { return }
        // What is filled differs from part to part, and is of no use to others.
        if filled < BandLevels.count {
            rows.frames = frames
        } else if count <= kept {
            rows.frames = 0..<count
        } else {
            rows.frames = frames.lowerBound..<min(count, frames.lowerBound + kept)
        }
        rows.filled = filled
        DescriptorTables.shared.write(valuesOf: rows.frames, in: bands, filled: filled, to: &rows.values)
    }
}

/// The means and moments of a part's frames, taken from their sums.
struct PartSums {
    /// The mean of each value, shape `[88]`, its standard deviation, and its mean in the attack, shape `[48]`.
    let means: [Double]
    let deviations: [Double]
    let attack: [Double]
    /// The mean size of the values' changes over one frame, shape `[30]`, then over 2, 4, 8 and 16 frames, 12 each.
    let changes: [Double]
    /// The third central moment of the first values, over the cube of their deviation plus 1, shape `[12]`.
    let skewness: [Double]
    /// The means of the first values over equal parts of the time, shape `[24, 12]`.
    let courses: [Double]

    init(_ sums: timbre_part_sums) {
        let weight = sums.weight
        let totals = Self.array(sums.values, Int(TIMBRE_FRAME_VALUES))
        let means = totals.map { $0 / weight }
        let squares = Self.array(sums.squares, Int(TIMBRE_FRAME_VALUES)).map { $0 / weight }
        let deviations = zip(squares, means).map { square, mean in max(0, square - mean * mean).squareRoot() }
        skewness = Self.array(sums.cubes, Int(TIMBRE_SKEWED)).enumerated().map { place, cube in
            let (mean, deviation) = (means[place], deviations[place])
            let third = cube / weight - 3 * mean * squares[place] + 2 * mean * mean * mean
            return third / (deviation * deviation * deviation + 1)
        }
        (self.means, self.deviations) = (means, deviations)
        let attackWeight = max(sums.attack_weight, 1e-12)
        attack = Self.array(sums.attack, Int(TIMBRE_CEPSTRA + TIMBRE_SHAPES)).map { $0 / attackWeight }

        let pairs = Self.array(sums.pair_weights, Int(TIMBRE_LAGS))
        let perPair = { (sum: Double, lag: Int) in pairs[lag] > 0 ? sum / pairs[lag] : 0 }
        let slow = Int(TIMBRE_SLOW_CHANGES)
        changes =
            Self.array(sums.quick_changes, Int(TIMBRE_QUICK_CHANGES)).map { perPair($0, 0) }
            + Self.array(sums.slow_changes, slow * Int(TIMBRE_LAGS - 1)).enumerated().map { place, sum in
                perPair(sum, 1 + place / slow)
            }

        let (parts, width) = (Int(TIMBRE_COURSE_PARTS), Int(TIMBRE_COURSES))
        let ends = Self.array(sums.courses, parts * width)
        let perFrame = Double(parts) / Double(sums.length)
        courses = (0..<parts * width).map { (ends[$0] - ($0 < width ? 0 : ends[$0 - width])) * perFrame }
    }

    /// The elements of a C array, which Swift takes for a tuple.
    private static func array<Tuple>(_ tuple: Tuple, _ count: Int) -> [Double] {
        precondition(MemoryLayout<Tuple>.size == count * MemoryLayout<Double>.stride)
        return unsafe withUnsafeBytes(of: tuple) { unsafe Array($0.bindMemory(to: Double.self)) }
    }
}

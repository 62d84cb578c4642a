import Glibc
import TimbreExtraction

/// Stored bands, read frame by frame as levels or powers.
struct BandReader {
    /// The level of every band of a silent frame, in decibels: so little that it never counts.
    static let silence = -240.0
    /// How far below the strongest band of a frame a level can lie, in decibels.
    static let depth = 80.0

    /// The level that each byte stands for, shape `[256]`, in decibels; that of the strongest band is 0.
    private static let levels = (0..<256).map { (Double($0) - 255) / 255 * depth }
    /// The power that each byte stands for, shape `[256]`; that of the strongest band is 1.
    private static let powers = levels.map { pow(10, $0 / 10) }

    /// How many frames there are.
    let count: Int

    private let bands: [UInt8]

    /// Takes frames in the form of ``FeatureFrames/bands``, whose bytes may be any.
    ///
    /// - Precondition: The bytes are those of whole frames.
    init(_ bands: [UInt8]) {
        precondition(bands.count % FeatureFrames.bandStride == 0)
        self.bands = bands
        count = bands.count / FeatureFrames.bandStride
    }

    /// The amplitude of a frame's strongest band; nil if that is no positive number, or next to nothing.
    private func peak(of frame: Int) -> Double? {
        let start = frame * FeatureFrames.bandStride
        let word = (0..<4).reduce(UInt32(0)) { $0 | UInt32(bands[start + $1]) << UInt32(8 * $1) }
        let peak = Double(Float(bitPattern: word))
        return peak.isFinite && peak > 1e-12 ? peak : nil
    }

    private func byte(_ band: Int, of frame: Int) -> Int { Int(bands[frame * FeatureFrames.bandStride + 4 + band]) }

    /// The levels of a frame's bands in decibels, that of a full-scale sine being 0; shape `[100]`.
    func levels(of frame: Int) -> [Double] {
        guard let peak = peak(of: frame) else { return Array(repeating: Self.silence, count: BandScale.count) }
        let top = 20 * log10(peak)
        return (0..<BandScale.count).map { top + Self.levels[byte($0, of: frame)] }
    }

    /// The powers of a frame's bands, that of a full-scale sine being 1; shape `[100]`.
    func powers(of frame: Int) -> [Double] {
        guard let peak = peak(of: frame) else { return Array(repeating: 0, count: BandScale.count) }
        let top = peak * peak
        return (0..<BandScale.count).map { top * Self.powers[byte($0, of: frame)] }
    }
}

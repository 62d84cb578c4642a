import CTimbreKernels
import Glibc
import SoundFeatures

/// The levels of a sound's Bark bands, in quarters of a decibel, 0 being a full-scale sine.
///
/// They are made of the stored bytes when they are asked for: those of an hour take 16 MB, what is made of them twice that.
struct QuarterLevels {
    /// The level of silence.
    static let lowest = Int16(TIMBRE_LOWEST_LEVEL)
    /// Bands of a frame.
    static let bandCount = Int(TIMBRE_EVENT_BANDS)

    /// How many frames the sound has.
    let count: Int
    /// Those that are known.
    let frames: Range<Int>
    private let bands: [UInt8]
    /// The level of the strongest band of each frame.
    private let offsets: [Float]

    /// - Parameters:
    ///   - bands: Frames of the sound, in the form of ``FeatureFrames/bands``.
    ///   - first: The first of them.
    ///   - count: How many frames the sound has; as many as there are here, without it.
    init(bands: [UInt8], from first: Int = 0, of count: Int? = nil) {
        self.bands = bands
        frames = first..<first + bands.count / FeatureFrames.bandStride
        self.count = count ?? frames.upperBound
        offsets = (0..<frames.count).map { frame in
            let place = frame * FeatureFrames.bandStride
            let bits = bands[place..<place + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
            return 80 * log10(Float(bitPattern: bits))
        }
    }

    /// The levels of some frames, shape `[frames.count, 100]`, from −480 to 127.
    ///
    /// - Precondition: They are known.
    func levels(of wanted: Range<Int>) -> [Int16] {
        precondition(frames.lowerBound <= wanted.lowerBound && wanted.upperBound <= frames.upperBound)
        let first = wanted.lowerBound - frames.lowerBound
        return unsafe [Int16](unsafeUninitializedCapacity: wanted.count * Self.bandCount) { room, used in
            unsafe bands.withUnsafeBufferPointer { bands in
                unsafe offsets.withUnsafeBufferPointer { offsets in
                    guard let bytes = bands.baseAddress, let offsets = offsets.baseAddress else { return }
                    unsafe timbre_quarter_levels(
                        bytes + first * FeatureFrames.bandStride, wanted.count, offsets + first, room.baseAddress)
                    used = wanted.count * Self.bandCount
                }
            }
        }
    }
}

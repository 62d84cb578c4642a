/// The features of some frames of a sound, in the form in which they are sent, stored and coded.
///
/// Both arrays are little-endian and go to the database as they are, so that a code computed years later is the code that
/// was computed at first.
package struct FeatureFrames: Hashable, Sendable {
    /// Samples per second of the mono sound that is cut into frames.
    package static let sampleRate = 22_050
    /// Samples in a frame, 46.4 ms.
    package static let frameLength = 1024
    /// Samples from one frame to the next, 23.2 ms.
    package static let hop = 512
    /// Samples of silence in front of a sound that make its frames begin half a hop earlier: its other phase.
    package static let phaseShift = hop / 2
    /// Frames of the other phase that are of use at the most: a second and a half.
    package static let mostShifted = 66
    /// Bytes a frame takes in ``cepstra``: 13 components and a norm.
    package static let cepstrumStride = 13 * 2 + 4
    /// Bytes a frame takes in ``bands``: a peak and 100 levels.
    package static let bandStride = 4 + 100
    /// What a component of 1 is stored as.
    package static let unitScale: Float = 32767

    /// The bark-frequency cepstral coefficients, shape `[count, 30]`.
    ///
    /// Of each frame: the 13 components of the unit vector as `Int16`, times ``unitScale`` and rounded to nearest, then
    /// the norm of the coefficients as `Float32`. A silent frame is all zeros; any other has a norm above 0.
    package var cepstra: [UInt8] = []
    /// The Bark bands, shape `[count, 104]`.
    ///
    /// Of each frame: its strongest band as `Float32` (1 is a full-scale sine), then 100 levels below that band as
    /// `UInt8`, from 0 at −80 dB or less to 255 at 0 dB in even steps.
    package var bands: [UInt8] = []

    package init() {}

    package init(cepstra: [UInt8], bands: [UInt8]) {
        precondition(cepstra.count / Self.cepstrumStride == bands.count / Self.bandStride)
        precondition(cepstra.count % Self.cepstrumStride == 0 && bands.count % Self.bandStride == 0)
        self.cepstra = cepstra
        self.bands = bands
    }

    /// The most frames that a sound of a given length, in seconds, can have.
    package static func most(inSeconds seconds: Double) -> Int {
        // Two to spare: the resampler's end, and a last frame that is not full.
        Int(min(max(seconds, 0), 1e9) * Double(sampleRate) / Double(hop)) + 3
    }

    /// How many frames there are.
    package var count: Int { cepstra.count / Self.cepstrumStride }

    /// Adds the frames that follow.
    package mutating func append(_ next: FeatureFrames) {
        cepstra += next.cepstra
        bands += next.bands
    }
}

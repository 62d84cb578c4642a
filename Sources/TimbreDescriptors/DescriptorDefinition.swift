/// The constants of the timbre descriptors: change one of them, and every network must be trained anew.
///
/// Levels are in decibels, times in frames. `Tests/Training/descriptors.py` is the plain definition, and names the source
/// of each formula; the kernels hold the constants of single frames.
enum DescriptorDefinition {
    /// What is added to an amplitude before its logarithm is taken: a floor at −40 dB, where codecs and noise begin.
    static let amplitudeOffset = 0.01
    /// Bands are placed at equal steps of 6 asinh(*f* / 600) from here to there, in hertz.
    static let lowestBand = 50.0
    static let highestBand = 9000.0

    /// How far below the loudest frame of a part a frame may be and be heard.
    static let floor = -60.0
    /// A frame at the beginning is left out if the next one is louder by more than this: it holds only the start of a
    /// sound, and says more about where frames begin than about the sound. At most ``onsetFrames`` are left out.
    static let onsetRise = 6.0
    static let onsetFrames = 3
    /// Frames weigh as much as their amplitude to this power.
    static let loudnessExponent = 0.6

    /// Above a cliff, such as a low sampling rate leaves behind, levels go on: it is a fall by so much just above the last
    /// band that reaches within ``reach`` of the loudest.
    static let cliff: Float = 25
    static let reach: Float = 60
    /// By how much they fall from band to band.
    static let cliffSlope: Float = 0.5

    /// For how long the level stays above these is among the times.
    static let durationLevels = [-6.0, -12, -20, -30, -45]
    /// The attack begins with the first frame above this level.
    static let attackLevel = -20.0
    /// Into how many equal parts of the time the level is divided, and the cosines that describe its course.
    static let envelopeParts = 32
    static let envelopeCosines = 0...12
    /// The cosines that describe the course of cepstra.
    static let courseCosines = 1...4
    /// The cosines that describe the greatest levels of all bands.
    static let greatestCosines = 1...30
    /// Bands that belong together, by the first of each group, and the frames from the attack over which their levels are
    /// averaged.
    static let bandGroups: [UInt8] = [0, 9, 19, 28, 37, 46, 56, 65, 74, 84, 93]
    static let decayFrames = [0..<3, 3..<8, 8..<20, 20..<44]
    /// No descriptor is larger.
    static let limit = 6e4
}

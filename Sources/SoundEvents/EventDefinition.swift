import CTimbreKernels

/// The constants of events: change one of them, and the events of all sounds must be found anew.
///
/// Levels are in quarters of a decibel, times in frames of 512 samples at 22 050 Hz.
enum EventDefinition {
    /// Frames a second.
    static let frameRate = 22_050.0 / 512
    /// When, after the beginning of a frame, a sound begins that is first heard in it, in seconds: half a frame's hop.
    static let onsetDelay = 0.012

    /// The background of a frame is, in each band, the level that two fifths of the frames within four seconds are below,
    /// taken at every 16th frame, with straight lines between; and 1.5 dB more, for that is the mean of noise.
    static let backgroundReach = 172
    static let backgroundStep = 16
    static func backgroundRank(of count: Int) -> Int { 2 * (count - 1) / 5 }
    static let backgroundLift = 6
    /// Nothing is background below −100 dB.
    static let lowestBackground = -400

    /// An onset is where the flux is greatest among so many frames on each side, and greater than its own median over so
    /// many by 2 dB in each band that it is a sum of.
    static let peakReach = 3
    static let medianReach = 21
    static let leastFlux = 8 * Int32(TIMBRE_FLUX_BANDS)
    /// Where no onset comes for so long, an event begins all the same.
    static let longestGap = 16

    /// The frames, counted from the onset, over which a patch has means: the nearer, the finer.
    static let slots: [Range<Int>] = [-1..<0, 0..<1, 1..<2, 2..<4, 4..<8, 8..<16, 16..<32]
    /// Frames of a patch before the onset and from there on.
    static let (framesBefore, framesBehind) = (1, 32)
}

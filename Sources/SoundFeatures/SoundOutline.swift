/// The outline of a sound's waveform: the lowest and the highest sample, in any channel, of one
/// stretch after the other.
package struct SoundOutline: Hashable, Sendable {
    /// Stretches at the most; a longer sound has longer ones.
    package static let mostStretches = 4096
    /// What a sample of 1, full scale, is stored as.
    package static let scale: Float = 32767

    /// When the first stretch begins, in seconds from the beginning of the sound.
    package var start: Double
    /// Seconds in a stretch.
    package var step: Double
    /// Frames per second in the file, in hertz, and samples in each frame.
    package var sampleRate: Int
    package var channelCount: Int
    /// Of each stretch the lowest sample, times ``scale``.
    package private(set) var lows: [Int16]
    /// Of each stretch the highest sample, times ``scale``.
    package private(set) var highs: [Int16]

    /// - Precondition: There are as many lows as highs, and no more than ``mostStretches``.
    package init(
        start: Double, step: Double, sampleRate: Int, channelCount: Int, lows: [Int16], highs: [Int16]
    ) {
        precondition(lows.count == highs.count && lows.count <= Self.mostStretches)
        self.start = start
        self.step = step
        self.sampleRate = sampleRate
        self.channelCount = channelCount
        self.lows = lows
        self.highs = highs
    }

    /// The largest absolute sample, 1 being full scale.
    package var peak: Double {
        let most = zip(lows, highs).reduce(0) { max($0, -Int($1.0), Int($1.1)) }
        return Double(most) / Double(Self.scale)
    }
}

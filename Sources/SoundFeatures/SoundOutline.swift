/// The outline of a sound's waveform: the lowest and the highest sample of one stretch after the other.
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

/// Gathers an outline from samples, in constant memory: whenever there are too many stretches, each two become one.
package struct OutlineMaker {
    /// Samples in a stretch.
    package private(set) var length = 1
    package private(set) var lows: [Int16] = []
    package private(set) var highs: [Int16] = []
    /// Samples in the last stretch.
    private var filled = 0

    package init() {}

    /// Takes in the samples that follow, 1 being full scale; what is louder counts as full scale.
    package mutating func take(_ samples: ArraySlice<Float>) {
        for sample in samples {
            let scaled = (sample * SoundOutline.scale).rounded()
            let most = SoundOutline.scale
            let value: Int16 = scaled >= most ? .max : scaled > -most ? Int16(scaled) : -.max
            if filled == 0 || filled == length { begin(with: value) } else { extend(to: value) }
        }
    }

    private mutating func begin(with value: Int16) {
        if lows.count == SoundOutline.mostStretches { halve() }
        // Halving leaves the last stretch full, since there is an even number of them.
        lows.append(value)
        highs.append(value)
        filled = 1
    }

    private mutating func extend(to value: Int16) {
        lows[lows.count - 1] = min(lows[lows.count - 1], value)
        highs[highs.count - 1] = max(highs[highs.count - 1], value)
        filled += 1
    }

    private mutating func halve() {
        for place in 0..<lows.count / 2 {
            lows[place] = min(lows[2 * place], lows[2 * place + 1])
            highs[place] = max(highs[2 * place], highs[2 * place + 1])
        }
        lows.removeLast(lows.count / 2)
        highs.removeLast(highs.count / 2)
        length *= 2
    }
}

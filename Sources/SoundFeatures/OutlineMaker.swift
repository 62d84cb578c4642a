/// Gathers the outline of a sound from its samples, in constant memory: whenever there are too many stretches, each two
/// become one.
package struct OutlineMaker {
    private let channelCount: Int
    /// Frames in a stretch.
    private var length = 1
    private var lows: [Int16] = []
    private var highs: [Int16] = []
    /// Samples in the last stretch.
    private var filled = 0

    package init(channelCount: Int) { self.channelCount = channelCount }

    /// Takes in whole frames, channel by channel, full scale being that of 32 bits.
    package mutating func take(_ samples: ArraySlice<Int32>) { take(samples) { Int16($0 >> 16) } }

    /// Takes in whole frames, channel by channel, 1 being full scale; what is louder counts as full scale.
    package mutating func take(_ samples: ArraySlice<Float>) { take(samples) { Self.scaled($0) } }

    /// The same in double precision.
    package mutating func take(_ samples: ArraySlice<Double>) { take(samples) { Self.scaled(Float($0)) } }

    private static func scaled(_ sample: Float) -> Int16 {
        let scaled = (sample * SoundOutline.scale).rounded()
        return scaled >= SoundOutline.scale ? .max : scaled > -SoundOutline.scale ? Int16(scaled) : -.max
    }

    /// What was gathered.
    ///
    /// - Parameters:
    ///   - start: When the first frame was, in seconds.
    ///   - sampleRate: In hertz.
    package func outline(from start: Double, sampleRate: Int) -> SoundOutline {
        SoundOutline(
            start: start, step: Double(length) / Double(sampleRate), sampleRate: sampleRate,
            channelCount: channelCount, lows: lows, highs: highs)
    }

    /// - Complexity: O(*n*) in the samples.
    private mutating func take<Sample: Comparable>(_ samples: ArraySlice<Sample>, as scaled: (Sample) -> Int16) {
        var rest = samples
        while let first = rest.first {
            let isNew = filled == 0 || filled == length * channelCount
            if isNew { begin() }
            let run = rest.prefix(length * channelCount - filled)
            var (low, high) = (first, first)
            for sample in run {
                if sample < low { low = sample }
                if sample > high { high = sample }
            }
            let last = lows.count - 1
            lows[last] = isNew ? scaled(low) : min(lows[last], scaled(low))
            highs[last] = isNew ? scaled(high) : max(highs[last], scaled(high))
            filled += run.count
            rest = rest.dropFirst(run.count)
        }
    }

    private mutating func begin() {
        if lows.count == SoundOutline.mostStretches { halve() }
        // Halving leaves the last stretch full, since there is an even number of them.
        lows.append(0)
        highs.append(0)
        filled = 0
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

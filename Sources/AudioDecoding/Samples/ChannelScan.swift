import CTimbreKernels

/// What becomes of a sound's channels.
enum ChannelChoice: Hashable {
    /// The mean of all.
    case mean
    /// One alone, because in the mean they cancel.
    case only(Int)

    /// Makes mono of interleaved samples.
    ///
    /// - Parameters:
    ///   - samples: Shape `[frames, channelCount]`, row by row.
    ///   - mono: Receives the mono samples in place of what it held.
    func mix(_ samples: [Float], frames: Int, channelCount: Int, into mono: inout [Float]) {
        mono.removeAll(keepingCapacity: true)
        switch self {
        case .only(let channel):
            for frame in 0..<frames { mono.append(samples[frame * channelCount + channel]) }
        case .mean where channelCount == 2:
            mono.append(contentsOf: repeatElement(0, count: frames))
            unsafe timbre_mean_of_two(samples, &mono, frames)
        case .mean:
            for frame in 0..<frames {
                var sum = 0.0
                for channel in 0..<channelCount { sum += Double(samples[frame * channelCount + channel]) }
                mono.append(Float(sum / Double(channelCount)))
            }
        }
    }
}

/// Listens for channels that cancel each other: where the mean stays below the threshold of silence for the whole file
/// but a channel does not, the channel of greatest energy is taken instead of the mean (D2), the lowest on a tie.
struct ChannelScan {
    private let channelCount: Int
    private var energies: [Double]
    private var peak: Float = 0
    /// Whether what was heard already settles that the mean is taken, as it nearly always does at once.
    private(set) var isDecided: Bool

    /// 80 dB below full scale (D5).
    private static let threshold: Float = 1e-4

    init(channelCount: Int) {
        self.channelCount = channelCount
        energies = Array(repeating: 0, count: channelCount)
        isDecided = channelCount == 1
    }

    /// Listens to the next frames, shape `[frames, channelCount]`.
    mutating func take(_ samples: [Float], frames: Int) {
        for frame in 0..<frames {
            guard !isDecided else { return }
            var sum = 0.0
            for channel in 0..<channelCount {
                let sample = samples[frame * channelCount + channel]
                sum += Double(sample)
                energies[channel] += Double(sample) * Double(sample)
                peak = max(peak, abs(sample))
            }
            isDecided = abs(sum / Double(channelCount)) >= Double(Self.threshold)
        }
    }

    /// What to do, once all has been heard or ``isDecided``.
    var choice: ChannelChoice {
        guard !isDecided, peak >= Self.threshold, let most = energies.max(),
            let channel = energies.firstIndex(of: most)
        else { return .mean }
        return .only(channel)
    }
}

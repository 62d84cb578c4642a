/// The steps on the way from a file to what is stored of it.
enum Stage: String, CaseIterable, CustomStringConvertible {
    /// libsndfile decodes the file.
    case read
    /// The hash of the file's bytes.
    case hash
    /// Mono samples at 22 050 Hz.
    case resample
    /// The magnitudes of the frames' spectra.
    case transform
    /// Bands, logarithms and cosine transform.
    case bands
    /// The form in which features are sent and stored.
    case store
    /// Codes of frames and spans.
    case code
    /// Timbre vectors.
    case vectors

    var description: String { rawValue }
}

/// How long each step took, in seconds of the processor's time.
struct StageTimes {
    private var seconds: [Stage: Double] = [:]
    /// How long the whole way took, gone in one piece.
    var total = 0.0

    subscript(stage: Stage) -> Double {
        get { seconds[stage] ?? 0 }
        set { seconds[stage] = newValue }
    }

    /// The median of each step, and of the whole.
    static func median(of runs: [StageTimes]) -> StageTimes {
        var median = StageTimes()
        for stage in Stage.allCases { median[stage] = runs.map { $0[stage] }.median }
        median.total = runs.map(\.total).median
        return median
    }
}

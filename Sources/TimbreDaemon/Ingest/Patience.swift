import TimbreExtraction

/// Decides whether what was read of a file may be kept, or whether somebody may still be writing it.
///
/// A file is taken at its word when its header agrees with its size. One whose header promises more, or that breaks
/// off, is looked at again until nobody has written to it for a while; then it is taken as it is.
struct Patience {
    /// How long a file that looks unfinished must have been left alone, in seconds.
    var seconds: Double

    init(settle: Duration) {
        seconds = max(2, 4 * settle.inSeconds)
    }

    /// How long to wait before the next look, in seconds; nil if the file is to be taken as it is.
    ///
    /// - Parameters:
    ///   - modified: The file's own time, in nanoseconds since 1970.
    ///   - now: In seconds since 1970.
    func wait(looksUnfinished: Bool, modified: Int64, now: Double) -> Double? {
        guard looksUnfinished else { return nil }
        let age = now - Double(modified) / 1e9
        // A time in the future says nothing about when the file was written.
        guard age >= 0, age < seconds else { return nil }
        return seconds - age + 0.05
    }
}

extension ExtractionFailure {
    /// Whether a file that is still being written could have failed in this way.
    var mayBeUnfinished: Bool {
        switch reason {
        case .unknownFormat, .damaged, .empty: true
        case .unreadable, .outOfLimits, .crashed: false
        }
    }
}

extension Duration {
    /// As a floating-point number of seconds.
    var inSeconds: Double { Double(components.seconds) + Double(components.attoseconds) * 1e-18 }
}

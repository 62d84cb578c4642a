import Platform
import SoundFeatures
import TimbreLibrary

/// Decides whether what was read of a file may be kept, or whether somebody may still be writing it.
///
/// A file whose header agrees with its size is complete. One whose header promises more, or that breaks off, is looked
/// at again until nobody has written to it for a while; then it is taken as it is.
///
/// A file that somebody has open for writing is not read at all until it is closed, as a recorder may patch its header
/// at the end of an hour. But some programs keep what they only play open for days: one that has not changed for ten
/// minutes is taken as it is, too.
struct Patience {
    /// How long a file that looks unfinished must have been left alone, in seconds.
    var seconds: Double

    init(settle: Duration) {
        seconds = max(2, 4 * settle.inSeconds)
    }

    /// How long a file that somebody has open for writing must not have changed to be read all the same, in seconds.
    static let whileOpen = 600.0
    /// The longest wait for the next look at such a file, in seconds. Usually the watcher reports its closing before.
    static let untilNextLook = 30.0

    /// How long to wait for a file that somebody has open for writing, in seconds; nil if it is to be read now.
    ///
    /// - Parameters:
    ///   - changed: When the file was last changed, in nanoseconds since 1970: its content, or its times, which can be
    ///     set to what they were long before.
    ///   - now: In seconds since 1970.
    ///   - looks: How often it was found open before. The first few looks follow each other fast: while a program
    ///     starts another one, a file that it has closed can be open for a moment longer.
    static func waitWhileOpen(changed: Int64, now: Double, looks: Int) -> Double? {
        let age = now - Double(changed) / 1e9
        guard age >= 0, age < whileOpen else { return nil }
        return min(0.25 * Double(1 << min(looks, 7)), untilNextLook, whileOpen - age + 0.05)
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
        case .unsupported, .unreadable, .outOfLimits, .crashed: false
        }
    }
}

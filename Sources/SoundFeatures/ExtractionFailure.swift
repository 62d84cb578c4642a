/// Why a file gave no features.
package struct ExtractionFailure: Error, Hashable, Sendable {
    package enum Reason: UInt8, Sendable {
        /// The file could not be read (an I/O error); trying again later can help.
        case unreadable = 1
        /// Not audio, or nothing that is known.
        case unknownFormat = 2
        /// The file starts as its format demands, then breaks off or contradicts itself.
        case damaged = 3
        /// Nothing to index: no samples, or none that is a number.
        case empty = 4
        /// Longer than the configuration allows, or of a rate outside 4 to 384 kHz: skipped, not failed.
        case outOfLimits = 5
        /// The worker died or overran its deadline while it had the file.
        case crashed = 6
        /// Audio in a container or of a codec that is known, and not decoded.
        case unsupported = 7
    }

    package var reason: Reason
    /// A line to show, which does not repeat the path.
    package var detail: String
    /// Whether a process that has loaded FFmpeg's libraries may decode it. This is for the worker that finds it out, and goes
    /// no further.
    package var wantsFFmpeg = false

    package init(_ reason: Reason, _ detail: String) {
        self.reason = reason
        self.detail = detail
    }
}

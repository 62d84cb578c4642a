import Glibc
import SoundExtraction
import SoundFeatures
import TimbreFeatures

/// What a person wants to know of a sound, in a few lines.
enum TableReport {
    /// Frames of which the coefficients are shown.
    private static let shownFrames = 8

    static func print(_ file: borrowing OpenFile, _ extractor: inout Extractor) throws {
        var (frames, silent) = (0, 0)
        var first: [String] = []
        let info: SoundInfo
        do {
            info = try extractor.extract(file.descriptor, suffix: file.suffix, longest: .infinity) { frame in
                if frames < shownFrames {
                    let numbers = frame.isSilent ? "  silent" : frame.cepstrum.map { padded(Double($0)) }.joined()
                    first.append(
                        "\(padded(Double(frames * FrameStream.hop) / Double(FeatureFrames.sampleRate), places: 3))\(numbers)"
                    )
                }
                frames += 1
                silent += frame.isSilent ? 1 : 0
            }
        } catch let failure as ExtractionFailure { throw ReportedFailure(failure) }

        var output = Output()
        try output.write(
            """
            \(file.name)
            format    \(info.format)\(info.isIncomplete ? ", incomplete" : "")\(info.note.map { "\nnote      \($0)" } ?? "")
            rate      \(info.sampleRate) Hz
            channels  \(info.channelCount)
            duration  \(fixed(info.duration, places: 3)) s
            samples   \(info.sampleCount) at \(FeatureFrames.sampleRate) Hz
            frames    \(frames), \(silent) of them silent

            second  bark-frequency cepstral coefficients 1 to 13
            \(first.joined(separator: "\n"))\(frames > shownFrames ? "\n   ..." : "")

            """)
        try output.flush()
    }

    private static func padded(_ number: Double, places: Int = 1) -> String {
        let text = fixed(number, places: places)
        return String(repeating: " ", count: max(0, (places == 1 ? 8 : 6) - text.count)) + text
    }

    /// A number with a fixed number of digits behind the point.
    private static func fixed(_ number: Double, places: Int) -> String {
        let scale = pow(10, Double(places))
        let rounded = (abs(number) * scale).rounded()
        let whole = (rounded / scale).rounded(.down)
        let rest = String(Int(rounded - whole * scale))
        let sign = number < 0 && rounded > 0 ? "-" : ""
        return sign + String(Int(whole)) + "." + String(repeating: "0", count: places - rest.count) + rest
    }
}

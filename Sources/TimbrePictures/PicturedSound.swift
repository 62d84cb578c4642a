import Glibc
import Platform
import SoundFeatures
import TimbreCodes
import TimbreWire

/// A sound as pictures need it: columns that follow each other in time, and what is said above them.
package struct PicturedSound: Sendable {
    /// Its name, free of control characters.
    package var title: String
    /// What else is known of it, in a line; may be empty.
    package var facts: String
    /// The waveform; where it is not known, how loud the sound is is drawn in its place.
    package var outline: SoundOutline?

    /// When the first column begins, and how long each is, in seconds.
    let start: Double
    let step: Double
    /// When what is drawn ends, in seconds.
    let end: Double
    /// Shape `[columns, 100]`, in steps of ``levelsPerDecibel``, 255 being 0 dB; empty if unknown.
    let levels: [UInt8]
    /// Shape `[columns, 13]`, 127 being 1.
    let cepstra: [Int8]
    /// Which codes are heard in each column.
    let codes: [TimbreCode]
    /// The codes that are heard, the most frequent first.
    let heard: [Int]
    let spans: [Span]

    /// The code of about 0.7 seconds.
    struct Span: Hashable, Sendable {
        /// In seconds.
        var start: Double
        var end: Double
        var code: TimbreCode
    }

    static let coefficientCount = 13
    static let levelsPerDecibel = 2.5

    /// - Parameters:
    ///   - look: What the daemon said of it; what is too short of its own form is left out.
    ///   - title: Its name.
    package init(_ look: Look.Reply, title: String, facts: String = "", outline: SoundOutline? = nil) {
        self.title = title.escaped
        self.facts = facts.escaped
        self.outline = outline
        (start, step) = (look.start, max(look.step, 1e-6))
        let bytes = look.codes.bytes
        let count = min(
            bytes.count / TimbreCode.byteCount, look.cepstra.bytes.count / Self.coefficientCount,
            look.levels.map { $0.bytes.count / BandScale.bandCount } ?? .max)
        codes = (0..<count).compactMap { column in
            TimbreCode(bytes: bytes[column * TimbreCode.byteCount..<(column + 1) * TimbreCode.byteCount])
        }
        cepstra = look.cepstra.bytes.prefix(count * Self.coefficientCount).map { Int8(bitPattern: $0) }
        levels = Array(look.levels?.bytes.prefix(count * BandScale.bandCount) ?? [])
        end = Self.end(ofColumns: start + step * Double(count), duration: look.duration)
        heard = look.use.map(\.code).filter { (0..<TimbreCode.width).contains($0) }
        spans = look.spans.compactMap { span in
            TimbreCode(bytes: span.code.bytes).map { Span(start: span.start, end: span.end, code: $0) }
        }
    }

    var columnCount: Int { codes.count }

    /// When a column ends, in seconds.
    func end(ofColumn column: Int) -> Double {
        column + 1 < columnCount ? start + step * Double(column + 1) : max(end, start)
    }

    /// A frame is longer than the way to the next, so that the last column of a sound reaches to the sound's end.
    private static func end(ofColumns end: Double, duration: Double) -> Double {
        let hop = Double(FeatureFrames.hop) / Double(FeatureFrames.sampleRate)
        return duration > 0 && duration <= end + 1.001 * hop ? duration : end
    }

    /// The loudest level in any column.
    var topLevel: UInt8 { levels.max() ?? 0 }

    /// The loudest level of a column; 0 if unknown.
    func topLevel(ofColumn column: Int) -> UInt8 {
        levels.isEmpty ? 0 : levels[column * BandScale.bandCount..<(column + 1) * BandScale.bandCount].max() ?? 0
    }

    /// A level as an amplitude, 1 being a full-scale sine.
    static func amplitude(ofLevel level: UInt8) -> Double {
        level == 0 ? 0 : pow(10, decibels(ofLevel: Double(level)) / 20)
    }

    static func decibels(ofLevel level: Double) -> Double { (level - 255) / levelsPerDecibel }

    /// The largest amplitude: of the waveform or, where that is unknown, of a band.
    var peak: Double { outline?.peak ?? Self.amplitude(ofLevel: topLevel) }

    /// What columns are drawn at each of some even parts of a stretch of time: those that begin there or, where columns
    /// are longer than parts, the one that is heard at the part's middle. No columns where nothing is.
    func columns(in axis: TimeAxis, parts: Int) -> [Range<Int>] {
        let seconds = (axis.end - axis.start) / Double(parts)
        return (0..<parts).map { part in
            let time = axis.start + Double(part) * seconds
            let middle = time + seconds / 2
            guard middle >= start, middle < end, columnCount > 0 else { return 0..<0 }
            // A part in a million: sums of steps are not exact.
            let first = seconds < step ? (middle - start) / step : (time - start) / step + 1e-6
            let last = (time + seconds - start) / step + 1e-6
            let lower = min(max(0, Int(first)), columnCount - 1)
            return lower..<max(lower + 1, seconds < step ? 0 : min(columnCount, Int(last)))
        }
    }
}

extension String {
    fileprivate var escaped: String { escaped(for: .terminal) }
}

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
        heard = look.use.map(\.code).filter { (0..<TimbreCode.width).contains($0) }
        spans = look.spans.compactMap { span in
            TimbreCode(bytes: span.code.bytes).map { Span(start: span.start, end: span.end, code: $0) }
        }
    }

    var columnCount: Int { codes.count }

    /// When the last column ends, in seconds.
    var end: Double { start + step * Double(columnCount) }

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

    /// The columns that overlap a stretch of time, out of this many even parts of it, for each part; empty where there is
    /// none.
    func columns(in axis: TimeAxis, parts: Int) -> [Range<Int>] {
        let seconds = (axis.end - axis.start) / Double(parts)
        return (0..<parts).map { part in
            let first = (axis.start + Double(part) * seconds - start) / step
            let last = first + seconds / step
            guard last > 0, first < Double(columnCount) else { return 0..<0 }
            let lower = max(0, Int(first + 1e-6))
            return lower..<max(lower + 1, min(columnCount, Int((last - 1e-6).rounded(.up))))
        }
    }
}

extension String {
    fileprivate var escaped: String { escaped(for: .terminal) }
}

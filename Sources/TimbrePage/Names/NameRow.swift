import Glibc
import TimbreWire

/// What is known of a file in a ``NameTable``, beside its name: 32 bytes, in an
/// order that leaves no gaps.
struct NameRow {
    /// What a row is at present.
    enum Presence: UInt8 {
        case shown
        /// It cannot be searched now, and may be so again as it was.
        case hidden
        case gone
    }

    /// The file's in the library; -1 if it has none.
    var number: Int64
    /// When it came, in whole seconds since 1970.
    private var added: UInt32
    var folder: UInt32 = 0
    /// Where the name begins in the table's; the folded one follows it, unless it is the same.
    var start: UInt32 = 0
    var length: UInt16 = 0
    var foldedLength: UInt16 = 0
    /// In seconds.
    private(set) var duration: Float
    var isFolded = false
    var presence: Presence
    private(set) var channels: UInt8
    private let brightness: Brightness

    /// - Returns: Nil if the file cannot be searched, and will not be again as it is.
    init?(_ file: FileItem) {
        guard file.state == .indexed || file.state == .offline else { return nil }
        number = Int64(file.id ?? -1)
        added = UInt32(clamping: Int(file.added ?? 0))
        presence = file.state == .indexed ? .shown : .hidden
        duration = Float(file.duration ?? 0)
        channels = UInt8(clamping: file.channels ?? 0)
        brightness = Brightness(hertz: file.figures?.brightness)
    }

    /// Where the name to look in begins.
    var foldedStart: Int { Int(start) + (isFolded ? 0 : Int(length)) }

    /// Whether the filter's limits of length, of channels and of when the file came hold.
    func fits(_ filter: FileFilter?) -> Bool {
        guard let filter else { return true }
        return Double(added) >= filter.since ?? 0 && Double(duration) >= filter.minDuration ?? 0
            && Double(duration) <= filter.maxDuration ?? .infinity
            && filter.channels ?? Int(channels) == Int(channels)
    }

    /// A figure; not a number if it is not known.
    ///
    /// - Parameter now: In seconds since 1970.
    func value(of figure: SoundFigure, now: Int) -> Float {
        switch figure {
        case .length: duration
        case .brightness: brightness.hertz
        case .age: added == 0 ? .nan : Float(max(0, now - Int(added)))
        }
    }

    /// The middle of a spectrum, from 120 Hz to 16 kHz, within a hundredth.
    private struct Brightness {
        /// 36 of them are an octave; 0 if it is not known.
        private let step: UInt8
        private static let (lowest, stepsAnOctave) = (120.0, 36.0)

        init(hertz: Double?) {
            guard let hertz, hertz > 0 else {
                step = 0
                return
            }
            step = UInt8(clamping: max(0, Int((Self.stepsAnOctave * log2(hertz / Self.lowest)).rounded())) + 1)
        }

        var hertz: Float {
            step == 0 ? .nan : Float(Self.lowest * exp2(Double(step - 1) / Self.stepsAnOctave))
        }
    }
}

/// What is said of a sound by a colour of the map.
package enum SoundFigure: String, Decodable, Sendable {
    /// In seconds.
    case length
    /// In hertz.
    case brightness
    /// In seconds since the file came.
    case age
}

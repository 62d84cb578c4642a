import Platform
import TimbreWire

/// Values as people read them.
package enum Shown {
    /// A text without control characters, which could do anything to a terminal.
    package static func escaped(_ text: String) -> String { text.escaped(for: .terminal) }

    package static func path(_ path: WirePath) -> String { escaped(path.shown) }

    /// The folder that a file lies in, as ``path(_:)`` shows it; nil if it lies nowhere, as standard input does.
    package static func folder(of path: WirePath) -> String? {
        let shown = self.path(path)
        return shown.lastIndex(of: "/").map { String(shown[..<$0]) }
    }

    /// A number with that many digits after the point.
    package static func number(_ value: Double, digits: Int) -> String {
        guard value.isFinite, abs(value) < 1e15 else { return "\(value)" }
        var scale = 1.0
        for _ in 0..<digits { scale *= 10 }
        let scaled = Int((abs(value) * scale).rounded())
        let sign = value < 0 && scaled != 0 ? "-" : ""
        guard digits > 0 else { return sign + String(scaled) }
        return "\(sign)\(scaled / Int(scale)).\(padded(String(scaled % Int(scale)), to: digits))"
    }

    /// A number of things, with commas: `5,515`.
    package static func count(_ count: Int) -> String { CountedNoun.text(count) }

    /// A number of things with its noun: `1 file`, `5,515 files`.
    package static func count(_ count: Int, _ noun: String, _ plural: String? = nil) -> String {
        CountedNoun.text(count, noun, plural)
    }

    /// A duration, such as `0.42 s`, `3 min 5 s` or `2 h 4 min`.
    package static func duration(_ seconds: Double) -> String {
        if seconds < 60 { return number(seconds, digits: 2) + " s" }
        let whole = Int(min(seconds, 1e12).rounded())
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        if whole < 86_400 { return "\(whole / 3600) h \(whole % 3600 / 60) min" }
        return "\(whole / 86_400) d \(whole % 86_400 / 3600) h"
    }

    /// A size, such as `17 B`, `4.2 kB` or `1.3 GB`: powers of 1000.
    package static func size(_ bytes: Int) -> String {
        if bytes < 1000 { return "\(bytes) B" }
        var value = Double(bytes)
        for unit in ["kB", "MB", "GB"] {
            value /= 1000
            if value < 999.95 { return number(value, digits: 1) + " " + unit }
        }
        return number(value / 1000, digits: 1) + " TB"
    }

    /// The beginning of a hash, such as `sha256:0123456789ab`.
    package static func hash(_ hash: String) -> String { String(hash.prefix(19)) }

    private static func padded(_ digits: String, to count: Int) -> String {
        String(repeating: "0", count: max(0, count - digits.count)) + digits
    }
}

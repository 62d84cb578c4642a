import TimbreWire

/// A moment in a sound as people write it: in seconds, `12.3` or `12.3s`, in milliseconds, `200ms`, in minutes and seconds,
/// `1:02.5`, or with hours, `1:34:07.2`.
package struct SoundTime: Hashable {
    /// Seconds from the beginning of the sound, finite and at least 0.
    package let seconds: Double

    /// Reads a moment; nil if it is anything else.
    ///
    /// Behind a colon there are two digits below 60, and only the last part has a fraction.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count > 1 else {
            let isMilli = text.hasSuffix("ms")
            let number = text.dropLast(isMilli ? 2 : text.hasSuffix("s") ? 1 : 0)
            guard let value = Double(plain: number), value >= 0 else { return nil }
            seconds = isMilli ? value / 1000 : value
            return
        }
        guard parts.count <= 3, parts[0].utf8.count <= 9, let first = Self.number(parts[0]) else { return nil }
        var seconds = Double(first)
        for part in parts.dropFirst().dropLast() {
            guard part.utf8.count == 2, let number = Self.number(part), number < 60 else { return nil }
            seconds = seconds * 60 + Double(number)
        }
        let last = parts[parts.count - 1]
        let whole = last.prefix { $0 != "." }
        let fraction = last.dropFirst(whole.count)
        guard whole.utf8.count == 2, Self.number(whole) != nil,
            fraction.isEmpty || Self.number(fraction.dropFirst().prefix(15)) != nil,
            fraction.utf8.dropFirst().allSatisfy(Self.digits.contains), let rest = Double(plain: last), rest < 60
        else { return nil }
        self.seconds = seconds * 60 + rest
    }

    private static let digits = UInt8(ascii: "0")...UInt8(ascii: "9")

    /// A number of nothing but digits.
    private static func number(_ text: Substring) -> Int? {
        text.utf8.allSatisfy(digits.contains) ? Int(text) : nil
    }

    /// Writes a moment, with as many digits after the point: `12.3` below a minute, then `1:02.5` and `1:34:07.2`.
    package static func text(_ seconds: Double, digits: Int) -> String {
        let fraction = Shown.number(max(seconds, 0), digits: digits).split(separator: ".")
        guard let whole = Int(fraction[0]), whole >= 60 else { return fraction.joined(separator: ".") }
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        let hours = whole < 3600 ? "" : "\(whole / 3600):"
        let minutes = whole < 3600 ? "\(whole / 60)" : two(whole / 60 % 60)
        return
            "\(hours)\(minutes):\(([two(whole % 60)] + fraction.dropFirst().map(String.init)).joined(separator: "."))"
    }
}

extension TimeSpan {
    /// Reads two moments with a hyphen or, as tables have it, a dash between them, such as `1:02-1:05.5`.
    ///
    /// - Returns: Nil if it is anything else, or ends before it begins.
    package init?(argument: String) {
        let parts = argument.split(omittingEmptySubsequences: false) { $0 == "-" || $0 == "–" }
        guard parts.count == 2, let start = SoundTime(String(parts[0])),
            let end = SoundTime(String(parts[1])),
            end.seconds > start.seconds
        else { return nil }
        self.init(start: start.seconds, end: end.seconds)
    }
}

extension Shown {
    /// A moment in a sound: `0.42 s` below a minute, else as on a clock, `1:34:07.20`.
    package static func moment(_ seconds: Double, digits: Int = 2) -> String {
        let text = SoundTime.text(seconds, digits: digits)
        return text.contains(":") ? text : text + " s"
    }

    /// A part of a sound: `0.42–1.50 s` within the first minute, else `59.20–1:01.50`.
    package static func span(_ start: Double, _ end: Double) -> String {
        "\(SoundTime.text(start, digits: 2))–\(moment(end))"
    }
}

extension Duration {
    /// Reads a duration of numbers with units, as in `250ms`, `1.5s` or `1h 30m`.
    ///
    /// The units are `ms`, `s`, `m` (or `min`), `h` and `d`. A number may have up to three decimals.
    ///
    /// - Returns: nil if the text is not such a duration; a number without a unit is none.
    package init?(text: String) {
        var rest = Substring(text)
        var milliseconds = 0.0
        repeat {
            let number = rest.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
            rest = rest.dropFirst(number.count)
            let unit = rest.prefix { $0.isASCII && $0.isLetter }
            rest = rest.dropFirst(unit.count).drop { $0 == " " }
            guard let count = Self.decimal(number), let size = Self.units[String(unit)] else { return nil }
            milliseconds += count * size
        } while !rest.isEmpty
        guard milliseconds < 1e12 else { return nil }
        self = .milliseconds(Int64(milliseconds.rounded()))
    }

    /// The milliseconds of each unit.
    private static let units: [String: Double] = [
        "ms": 1, "s": 1000, "m": 60_000, "min": 60_000, "h": 3_600_000, "d": 86_400_000,
    ]

    /// A number with at most three decimals, and digits on both sides of the point.
    private static func decimal(_ text: Substring) -> Double? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard (1...2).contains(parts.count), parts.allSatisfy({ !$0.isEmpty }),
            parts.last?.count ?? 0 < 4 || parts.count == 1
        else { return nil }
        return Double(text)
    }

    /// The duration as the configuration file has it, in the largest unit that divides it.
    package var text: String {
        let (seconds, attoseconds) = components
        let milliseconds = seconds * 1000 + attoseconds / 1_000_000_000_000_000
        for (unit, size) in [("d", 86_400_000), ("h", 3_600_000), ("m", 60_000), ("s", 1000)] as [(String, Int64)]
        where milliseconds >= size && milliseconds.isMultiple(of: size) {
            return "\(milliseconds / size)\(unit)"
        }
        return "\(milliseconds)ms"
    }
}

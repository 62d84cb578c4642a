#if canImport(Glibc)
    import Glibc
#endif

/// A moment in the past, as it is written on the command line: so long ago, `2d`, or a day, `2026-01-31`.
enum Since: Hashable {
    /// Seconds before now.
    case ago(Double)
    /// The beginning of a day, by the local clock.
    case day(year: Int, month: Int, day: Int)

    /// Reads `90s`, `45min`, `3h`, `2d`, `1w` or a date; nil if it is none of them.
    init?(_ text: String) {
        let parts = text.split(separator: "-", omittingEmptySubsequences: false)
        if parts.count == 3 {
            guard parts.map(\.utf8.count) == [4, 2, 2], let year = Self.number(parts[0]),
                let month = Self.number(parts[1]), let day = Self.number(parts[2]), (1...12).contains(month),
                (1...Self.days(in: month, year)).contains(day)
            else { return nil }
            self = .day(year: year, month: month, day: day)
            return
        }
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        let units = ["s": 1, "min": 60, "h": 3600, "d": 86_400, "w": 604_800]
        guard let number = Self.number(digits), let unit = units[String(text.dropFirst(digits.count))] else {
            return nil
        }
        self = .ago(Double(number) * Double(unit))
    }

    /// The moment, in seconds since 1970.
    func seconds(now: Double) -> Double {
        switch self {
        case .ago(let seconds): return now - seconds
        case .day(let year, let month, let day):
            var date = unsafe tm()
            unsafe date.tm_year = CInt(year - 1900)
            unsafe date.tm_mon = CInt(month - 1)
            unsafe date.tm_mday = CInt(day)
            unsafe date.tm_isdst = -1
            return unsafe Double(mktime(&date))
        }
    }

    private static func number(_ digits: Substring) -> Int? {
        digits.utf8.allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) } ? Int(digits) : nil
    }

    private static func days(in month: Int, _ year: Int) -> Int {
        let isLeap = year % 4 == 0 && year % 100 != 0 || year % 400 == 0
        return [31, isLeap ? 29 : 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31][month - 1]
    }
}

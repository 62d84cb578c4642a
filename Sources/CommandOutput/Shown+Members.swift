import Glibc

extension Shown {
    /// Names and values, a line each, with the values in one column.
    package static func members(_ lines: [(name: String, value: String)]) -> String {
        let width = lines.map(\.name.count).max() ?? 0
        return lines.map { line in
            line.name + String(repeating: " ", count: width + 2 - line.name.count) + line.value + "\n"
        }.joined()
    }

    /// A moment, by the local clock.
    package static func time(_ seconds: Double) -> String {
        var moment = time_t(seconds)
        var date = unsafe tm()
        unsafe localtime_r(&moment, &date)
        func two(_ number: CInt) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return unsafe "\(date.tm_year + 1900)-\(two(date.tm_mon + 1))-\(two(date.tm_mday)) "
            + "\(two(date.tm_hour)):\(two(date.tm_min)):\(two(date.tm_sec))"
    }
}

/// A stretch of time, and where on a line its moments are.
struct TimeAxis: Hashable, Sendable {
    /// In seconds.
    var start: Double
    /// In seconds, later than ``start``.
    var end: Double

    init(from start: Double, to end: Double) {
        self.start = start
        self.end = max(end, start + 0.001)
    }

    /// A moment's place, 0 at the start and 1 at the end.
    func place(of time: Double) -> Double { (time - start) / (end - start) }

    /// A moment that is named.
    struct Tick: Hashable, Sendable {
        var time: Double
        var words: String
    }

    /// Round moments, as many as there is room for.
    ///
    /// - Parameter most: How many at most, 2 at least.
    func ticks(most: Int) -> [Tick] {
        let steps: [Double] =
            [0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30]
            + [60, 120, 300, 600, 900, 1800, 3600, 7200, 14_400]
        let length = end - start
        let step = steps.first { length / $0 <= Double(max(most, 2)) - 0.99 } ?? 86_400
        let first = Int((start / step - 1e-9).rounded(.up))
        let last = Int((end / step + 1e-9).rounded(.down))
        guard first <= last else { return [] }
        return (first...last).map { Tick(time: Double($0) * step, words: words(for: Double($0) * step, step)) }
    }

    /// Seconds while there is less than a minute, else minutes and seconds, or hours.
    private func words(for time: Double, _ step: Double) -> String {
        let places = step < 0.01 ? 3 : step < 0.1 ? 2 : step < 1 ? 1 : 0
        guard end > 60 else { return Numbers.fixed(time, places) + " s" }
        let whole = Int(time + 1e-6)
        let seconds = Numbers.fixed(time - Double(whole / 60 * 60), places)
        let padded = (whole % 60 < 10 ? "0" : "") + seconds
        guard end > 3600 else { return "\(whole / 60):\(padded)" }
        let minutes = whole / 60 % 60
        return "\(whole / 3600):\(minutes < 10 ? "0" : "")\(minutes):\(padded)"
    }
}

/// Numbers as pictures have them.
enum Numbers {
    /// With a fixed number of digits behind the point.
    static func fixed(_ value: Double, _ places: Int) -> String {
        let scale = [1, 10, 100, 1000][places]
        let scaled = Int((abs(value) * Double(scale)).rounded())
        let (whole, rest) = scaled.quotientAndRemainder(dividingBy: scale)
        let digits = String(rest)
        let sign = value < 0 && scaled > 0 ? "−" : ""
        guard places > 0 else { return "\(sign)\(whole)" }
        return "\(sign)\(whole)." + String(repeating: "0", count: places - digits.count) + digits
    }
}

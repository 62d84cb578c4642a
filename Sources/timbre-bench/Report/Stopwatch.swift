/// Measures work by doing it several times.
struct Stopwatch {
    /// How often the work is done; once more before that, without being counted.
    let runs: Int

    /// The median of how long each of several works takes, in milliseconds.
    ///
    /// They take turns, so that what else the machine does falls on all of them.
    func medians(of works: [() -> Void]) -> [Double] {
        let clock = ContinuousClock()
        var times = works.map { _ in [Double]() }
        for run in 0...runs {
            for (place, work) in works.enumerated() {
                let time = clock.measure(work) / .milliseconds(1)
                if run > 0 { times[place].append(time) }
            }
        }
        return times.map(Self.median)
    }

    private static func median(_ values: [Double]) -> Double {
        let sorted = values.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

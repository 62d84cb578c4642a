import CLinux
import Glibc
import SystemPackage

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
        return times.map(\.median)
    }

    /// How much of the processor's time a work takes in this thread, in seconds.
    static func processorTime(_ work: () throws -> Void) rethrows -> Double {
        let start = processorTime
        try work()
        return processorTime - start
    }

    private static var processorTime: Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
    }

    /// Closes a file that was only read, where nothing can be lost.
    static func close(_ file: FileDescriptor) { _ = Glibc.close(file.rawValue) }
}

extension [Double] {
    /// The value in the middle.
    var median: Double {
        let sorted = self.sorted()
        return (sorted[(sorted.count - 1) / 2] + sorted[sorted.count / 2]) / 2
    }
}

import CLinux
import Glibc

/// Why a folder that says nothing is offline, for people.
package enum SilenceReason {
    /// Tells since when there was no answer, by the clock on the wall.
    package static func since(_ began: ContinuousClock.Instant) -> String {
        var time = timespec()
        unsafe clock_gettime(CLOCK_REALTIME, &time)
        var seconds = time.tv_sec - Int((.now - began) / .seconds(1))
        var local = unsafe tm()
        unsafe localtime_r(&seconds, &local)
        let (hour, minute) = unsafe (digits(local.tm_hour), digits(local.tm_min))
        return "does not answer since \(hour):\(minute)"
    }

    private static func digits(_ number: Int32) -> String { number < 10 ? "0\(number)" : "\(number)" }
}

import Glibc
import SystemPackage

extension Errno {
    /// What the last system call of this thread failed with.
    package static var last: Errno { Errno(rawValue: errno) }
}

/// Makes a system call, and makes it again whenever a signal interrupts it.
///
/// - Returns: What the call returns, which is not negative.
/// - Throws: What it fails with.
package func retryingOnInterrupt<Number: SignedInteger>(_ call: () -> Number) throws(Errno) -> Number {
    while true {
        let result = call()
        if result >= 0 { return result }
        let error = Errno.last
        if error != .interrupted { throw error }
    }
}

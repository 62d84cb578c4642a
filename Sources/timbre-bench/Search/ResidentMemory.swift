import Foundation

/// What this process holds in memory.
enum ResidentMemory {
    /// There is no such line in the kernel's account of the process.
    struct Unknown: Error {}

    /// The size of what is resident, in bytes.
    static func bytes() throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        for line in status.split(separator: "\n") where line.hasPrefix("VmRSS:") {
            if let kilobytes = line.split(separator: " ").dropFirst().first.flatMap({ Int($0) }) {
                return 1024 * kilobytes
            }
        }
        throw Unknown()
    }
}

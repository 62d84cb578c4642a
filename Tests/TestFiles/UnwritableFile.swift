import Glibc
import Platform
import SystemPackage

/// Lets all writing to a file fail that this process has open, as a disk would that has broken, while `body` runs.
@discardableResult
package func withUnwritable<Result>(_ path: FilePath, _ body: () throws -> Result) throws -> Result {
    let number = try openDescriptor(of: path)
    let (saved, other) = (dup(number), try FileDescriptor.open(path, .readOnly))
    guard saved >= 0, dup2(other.rawValue, number) >= 0 else { throw Errno.last }
    try other.close()
    defer {
        _ = dup2(saved, number)
        _ = close(saved)
    }
    return try body()
}

/// The descriptor of a file that is open.
private func openDescriptor(of path: FilePath) throws -> Int32 {
    for entry in try OpenDirectory.entries(of: "/proc/self/fd") {
        var target = [CChar](repeating: 0, count: Int(PATH_MAX))
        let link = FilePath("/proc/self/fd").appending(bytes: entry.name)
        let count = unsafe link.withPlatformString { unsafe readlink($0, &target, target.count) }
        if count > 0, target.prefix(count).map({ UInt8(bitPattern: $0) }) == path.bytes,
            let number = Int32(String(decoding: entry.name, as: UTF8.self))
        {
            return number
        }
    }
    throw Errno.noSuchFileOrDirectory
}

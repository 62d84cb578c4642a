import Glibc
import SystemPackage

/// An open file or directory, closed when its owner goes out of scope.
struct File: ~Copyable {
    let descriptor: FileDescriptor

    /// Opens a path (`open(2)`); the descriptor is not inherited.
    static func open(_ path: FilePath, _ flags: Int32, mode: mode_t = 0) throws(Errno) -> File {
        while true {
            let opened = unsafe path.withPlatformString { unsafe Glibc.open($0, flags | O_CLOEXEC, mode) }
            if opened >= 0 { return File(owning: FileDescriptor(rawValue: opened)) }
            guard errno == EINTR else { throw Errno(rawValue: errno) }
        }
    }

    init(owning descriptor: FileDescriptor) { self.descriptor = descriptor }

    deinit { _ = Glibc.close(descriptor.rawValue) }

    /// Gives the descriptor to the caller, who closes it.
    consuming func released() -> FileDescriptor {
        let descriptor = descriptor
        discard self
        return descriptor
    }

    /// Reads what one `read(2)` gives.
    borrowing func read(upTo count: Int) throws(Errno) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: count)
        let number = descriptor.rawValue
        let got = unsafe bytes.withUnsafeMutableBytes { unsafe Glibc.read(number, $0.baseAddress, $0.count) }
        guard got >= 0 else { throw Errno(rawValue: errno) }
        return Array(bytes[..<got])
    }
}

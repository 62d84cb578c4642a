import Glibc
import SystemPackage

/// Standard output, written in large pieces.
struct Output: ~Copyable {
    private var buffer: [UInt8] = []

    /// - Throws: `Errno` if nobody takes it.
    mutating func write(_ text: String) throws {
        buffer += Array(text.utf8)
        if buffer.count >= 64 * 1024 { try flush() }
    }

    mutating func flush() throws {
        try FileDescriptor.standardOutput.writeAll(buffer)
        buffer.removeAll(keepingCapacity: true)
    }
}

/// Our own standard error. Decoders think that it is theirs: libmpg123 comments there on every damaged file.
enum ErrorOutput {
    static let descriptor = FileDescriptor(rawValue: fcntlDuplicate())

    /// Moves standard error out of the reach of libraries.
    static func keepToOurselves() {
        guard descriptor.rawValue >= 0 else { return }
        let null = unsafe open("/dev/null", O_WRONLY | O_CLOEXEC)
        guard null >= 0 else { return }
        dup2(null, STDERR_FILENO)
        close(null)
    }

    private static func fcntlDuplicate() -> Int32 { fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3) }

    /// Writes one line, with the program's name before it.
    static func print(_ text: String) {
        let line = Array("timbre-extract: \(text)\n".utf8)
        // Where even this fails, there is nobody left to be told.
        _ = unsafe line.withUnsafeBytes { unsafe write(descriptor.rawValue, $0.baseAddress, $0.count) }
    }
}

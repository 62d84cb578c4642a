import CLinux
import Glibc
import Logging
import Platform
import SystemPackage

/// Writes log messages to the journal, with their metadata as fields, or as lines to standard error.
///
/// The journal is used if systemd has connected standard error to it. Paths in the metadata should be
/// `.stringConvertible(path)`: then they are kept byte for byte.
package struct JournalLogHandler: LogHandler {
    package var metadata: Logger.Metadata = [:]
    package var metadataProvider: Logger.MetadataProvider?
    package var logLevel: Logger.Level = .info
    private let program: String
    private let usesJournal: Bool

    /// Makes a handler for standard error as it is now.
    ///
    /// - Parameter program: The name that lines to standard error begin with; the journal knows it by itself.
    package init(of program: String) {
        self.program = program
        usesJournal = JournalStream.ofEnvironment()?.isStandardError ?? false
    }

    package subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    package func log(event: LogEvent) {
        var all = metadata
        if let provided = metadataProvider?.get() { all.merge(provided) { $1 } }
        if let own = event.metadata { all.merge(own) { $1 } }
        if let error = event.error, all["error"] == nil { all["error"] = "\(error)" }

        if usesJournal {
            do {
                try JournalEntry(level: event.level, message: "\(event.message)", metadata: all).send()
                return
            } catch {
                // The journal is gone: fall back to standard error.
            }
        }
        let line = Array(Self.line(of: program, message: "\(event.message)", metadata: all).utf8)
        // If standard error is closed, there is nowhere left to say so.
        _ = unsafe line.withUnsafeBytes { unsafe write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }

    /// The message as one readable line: `program: message (key=value key=value)`.
    static func line(of program: String, message: String, metadata: Logger.Metadata) -> String {
        let details = metadata.sorted { $0.key < $1.key }
            .filter { $0.key != "message_id" && $0.key != "event" }
            .map { "\($0.key)=\(String(escaping: $0.value.bytes, for: .line))" }
        let tail = details.isEmpty ? "" : " (\(details.joined(separator: " ")))"
        return "\(program): \(message.escaped(for: .line))\(tail)\n"
    }
}

/// The device and inode that systemd names in `JOURNAL_STREAM`: those of a stream to the journal.
struct JournalStream: Equatable {
    var device: UInt64
    var inode: UInt64

    /// Reads `DEVICE:INODE`.
    init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let device = UInt64(parts[0]), let inode = UInt64(parts[1]) else { return nil }
        self.device = device
        self.inode = inode
    }

    static func ofEnvironment() -> JournalStream? {
        guard let text = unsafe getenv("JOURNAL_STREAM") else { return nil }
        return unsafe JournalStream(String(cString: text))
    }

    /// Whether standard error is still that stream, and has not been redirected since.
    var isStandardError: Bool {
        do throws(Errno) {
            let status = try FileStatus(of: .standardError)
            return status.device == device && status.inode == inode
        } catch { return false }
    }
}

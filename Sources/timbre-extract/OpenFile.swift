import Glibc
import Platform
import SoundFeatures
import SystemPackage

/// What is said of a file that gives no report, and the code from sysexits.h to end with.
struct ReportedFailure: Error {
    var why: String
    var exitCode: Int32

    init(_ failure: ExtractionFailure) {
        why = failure.detail
        exitCode = 65
    }

    init(opening error: Errno) {
        why = "\(error)"
        exitCode =
            switch error {
            case .noSuchFileOrDirectory, .notDirectory: 66
            case .permissionDenied, .notPermitted: 77
            default: 65
            }
    }
}

/// A file that was named on the command line, open for reading.
struct OpenFile: ~Copyable {
    let path: FilePath
    let descriptor: FileDescriptor

    init(_ path: FilePath) throws(ReportedFailure) {
        self.path = path
        do {
            // Without waiting: a pipe that has no writer would keep us for ever, only to be refused.
            descriptor = try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
        } catch {
            throw ReportedFailure(opening: error as? Errno ?? .ioError)
        }
    }

    /// The extension of its name.
    var suffix: FileSuffix { FileSuffix(of: path) }

    deinit { _ = close(descriptor.rawValue) }

    /// The path as text, the bytes that are not UTF-8 as `\xNN`.
    var name: String { String(escaping: path.bytes, for: .message) }
}

import SystemPackage
import TimbreWire

extension [UInt8] {
    /// Reads a whole file; `-` is standard input.
    ///
    /// - Throws: ``Failure``, of code 66 if there is no such file.
    init(readingAll path: FilePath) throws(Failure) {
        let name = WirePath(path).shown
        do {
            let source = path == "-" ? .standardInput : try FileDescriptor.open(path, .readOnly, options: .closeOnExec)
            self = try source.closeAfter {
                var bytes: [UInt8] = []
                var piece = [UInt8](repeating: 0, count: 1 << 16)
                while true {
                    let count = try unsafe piece.withUnsafeMutableBytes { try unsafe source.read(into: $0) }
                    guard count > 0 else { return bytes }
                    bytes += piece.prefix(count)
                }
            }
        } catch Errno.noSuchFileOrDirectory {
            throw Failure(.noSuchFile, what: name, why: "no such file")
        } catch { throw Failure(error, what: name) }
    }
}

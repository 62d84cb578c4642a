import SystemPackage
import TimbreConfiguration

@testable import TimbreConfiguration

/// A configuration file: it is read, or there is an error on one line that names the line in the file.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let bytes = unsafe Array(UnsafeBufferPointer(start: start, count: count))
    // A text with a NUL, or that is not UTF-8, is refused before.
    guard !bytes.contains(0), let text = String(validating: bytes, as: UTF8.self) else { return 0 }
    do throws(ConfigurationError) {
        let reader = ConfigurationReader(text: text, file: FilePath("/c"), home: FilePath("/h"))
        for mistake in reader.readAll().mistakes { precondition(mistake.line != nil) }
        let configuration = try reader.read().configuration
        precondition(configuration.watch.allSatisfy(\.isAbsolute))
        precondition(configuration.settle >= .zero && configuration.settle <= .seconds(3600))
    } catch {
        let lines = bytes.count { $0 == UInt8(ascii: "\n") } + 1
        guard let line = error.line, (1...lines).contains(line) else {
            fatalError("line \(String(describing: error.line)) of \(lines): \(error)")
        }
        precondition(!error.description.contains("\n"))
    }
    return 0
}

import Glibc
import SystemPackage

/// The arguments of this process, for a parser that knows only text, and the way back from its text to the bytes.
///
/// Names of files are bytes and not always text. An argument that is no UTF-8 goes to the parser under a name that no
/// other argument has; ``path(_:)`` finds the bytes again.
package enum CommandArguments {
    private static let both: [(text: String, bytes: [UInt8])] = {
        var arguments: [(text: String, bytes: [UInt8])] = []
        for index in 1..<max(1, Int(CommandLine.argc)) {
            guard let argument = unsafe CommandLine.unsafeArgv[index] else { continue }
            let bytes = unsafe UnsafeBufferPointer(start: argument, count: strlen(argument)).map(
                UInt8.init(bitPattern:))
            let text =
                String(validating: bytes, as: UTF8.self) ?? String(decoding: bytes, as: UTF8.self) + "\u{F8FF}\(index)"
            arguments.append((text, bytes))
        }
        return arguments
    }()

    /// What to give to the parser.
    package static var texts: [String] { both.map(\.text) }

    /// The path that an argument, or the value of one of the form `--name=value`, stands for.
    package static func path(_ text: String) -> FilePath { FilePath(bytes: bytes(text)) }

    /// The bytes that an argument, or the value of one of the form `--name=value`, stands for.
    package static func bytes(_ text: String) -> [UInt8] {
        let wanted = Array(text.utf8)
        for (known, bytes) in both where String(validating: bytes, as: UTF8.self) == nil {
            if Array(known.utf8) == wanted { return bytes }
            let value = known.utf8.drop { $0 != UInt8(ascii: "=") }.dropFirst()
            if Array(value) == wanted { return Array(bytes.drop { $0 != UInt8(ascii: "=") }.dropFirst()) }
        }
        return wanted
    }
}

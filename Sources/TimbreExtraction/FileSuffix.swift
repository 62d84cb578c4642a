import SystemPackage

/// The extension of a file's name, where it is one that a format could have.
package struct FileSuffix: Hashable, Sendable {
    /// Bytes in it at the most.
    package static let longest = 8
    /// No extension, or none that says anything.
    package static let none = FileSuffix([])

    /// ASCII letters and digits, letters in lower case.
    package let text: String

    /// Takes an extension from its bytes; another one than letters and digits could make counts as none.
    package init(_ bytes: [UInt8]) {
        let text = String(decoding: bytes, as: UTF8.self)
        let isPlain = text.utf8.count <= Self.longest && text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        self.text = isPlain ? text.lowercased() : ""
    }

    /// Takes it from a path.
    package init(of path: FilePath) { self.init(Array((path.extension ?? "").utf8)) }
}

import Platform
import SystemPackage

// RFC 8089: the URL of a file is its absolute path, with what has a meaning in URLs, or is no letter there, as %NN.

extension FilePath {
    /// An absolute path as a URL.
    package var fileURL: String {
        let digits = Array("0123456789ABCDEF".utf8)
        let escaped = bytes.flatMap { byte in
            Self.plain.contains(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
        }
        return "file://" + String(decoding: escaped, as: UTF8.self)
    }

    /// Reads a URL of this machine, `file:///…`, `file://localhost/…` or `file:/…`; nil if it is none.
    package init?(fileURL: String) {
        var rest = Array(fileURL.utf8)[...]
        guard rest.starts(with: "file:".utf8) else { return nil }
        rest = rest.dropFirst(5)
        if rest.starts(with: "//".utf8) {
            rest = rest.dropFirst(2)
            let host = rest.prefix { $0 != UInt8(ascii: "/") }
            guard host.isEmpty || host.elementsEqual("localhost".utf8) else { return nil }
            rest = rest.dropFirst(host.count)
        }
        var bytes: [UInt8] = []
        while let byte = rest.popFirst() {
            guard byte == UInt8(ascii: "%") else {
                bytes.append(byte)
                continue
            }
            let digits = rest.prefix(2).compactMap { Character(UnicodeScalar($0)).hexDigitValue }
            guard digits.count == 2 else { return nil }
            bytes.append(UInt8(digits[0] << 4 | digits[1]))
            rest = rest.dropFirst(2)
        }
        guard bytes.first == UInt8(ascii: "/"), !bytes.contains(0) else { return nil }
        self.init(bytes: bytes)
    }

    private static let plain = Set("/-._~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
}

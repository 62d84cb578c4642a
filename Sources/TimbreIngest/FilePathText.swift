import SystemPackage
import TimbreStore

extension FilePath {
    /// The path as text: bytes that are no UTF-8 as `\xNN`, control characters too.
    package var forPeople: String {
        let bytes = rawBytes
        if let text = String(validating: bytes, as: UTF8.self), !bytes.contains(where: { $0 < 32 || $0 == 127 }) {
            return text
        }
        return bytes.map { byte in
            (32..<127).contains(byte)
                ? String(UnicodeScalar(byte)) : "\\x" + (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }
}

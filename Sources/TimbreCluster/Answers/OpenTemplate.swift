import Platform

/// A command for a shell by which a person has a sound that lies elsewhere. It is shown, and never run.
///
/// In the text, these stand for a file: `{host}`, `{path}`, quoted for one shell; `{path:remote}`, quoted for the shell that
/// ssh hands its words to as well; and `{path:uri}`, as it stands in a URI behind the host.
package struct OpenTemplate: Hashable, Sendable {
    private enum Part: Hashable, Sendable {
        case text(String)
        case host, path, remotePath, uriPath
    }

    private let parts: [Part]

    /// - Throws: ``OpenTemplateError``
    package init(_ text: String) throws(OpenTemplateError) {
        var parts: [Part] = []
        var rest = text[...]
        while let start = rest.firstIndex(of: "{") {
            guard let end = rest[start...].firstIndex(of: "}") else {
                throw OpenTemplateError(problem: "a brace is not closed")
            }
            parts.append(.text(String(rest[..<start])))
            let word = String(rest[rest.index(after: start)..<end])
            guard let part = Self.parts[word] else {
                throw OpenTemplateError(
                    problem: "{\(word)} stands for nothing; known are {host}, {path}, {path:remote} and {path:uri}")
            }
            parts.append(part)
            rest = rest[rest.index(after: end)...]
        }
        parts.append(.text(String(rest)))
        guard parts.contains(where: { [.path, .remotePath, .uriPath].contains($0) }) else {
            throw OpenTemplateError(problem: "there is no {path} in it")
        }
        guard !text.hasPrefix("ssh ") || !parts.contains(.path) else {
            throw OpenTemplateError(problem: "ssh hands its words to one more shell; write {path:remote}")
        }
        self.parts = parts
    }

    private static let parts: [String: Part] = [
        "host": .host, "path": .path, "path:remote": .remotePath, "path:uri": .uriPath,
    ]

    /// The command for a file.
    func command(host: String, path: [UInt8]) -> String {
        parts.map { part in
            switch part {
            case .text(let text): text
            case .host: Self.quoted(Array(host.utf8))
            case .path: Self.quoted(path)
            case .remotePath: Self.quoted(Array(Self.quoted(path).utf8))
            case .uriPath: Self.escaped(path)
            }
        }.joined()
    }

    /// One word of a shell (POSIX.1-2024, "Quoting"): as it is if no character of it means anything, else in quotes; with
    /// escapes where there are bytes that cannot be shown.
    private static func quoted(_ bytes: [UInt8]) -> String {
        if !bytes.isEmpty, bytes.allSatisfy({ plain.contains($0) }) { return String(decoding: bytes, as: UTF8.self) }
        let text = String(decoding: bytes, as: UTF8.self)
        if text == String(escaping: bytes, for: .terminal) {
            return "'" + text.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
        }
        return "$'"
            + bytes.map { byte in
                if plain.contains(byte) { return String(UnicodeScalar(byte)) }
                let digits = String(byte, radix: 8)
                return "\\" + String(repeating: "0", count: 3 - digits.count) + digits
            }.joined() + "'"
    }

    /// As RFC 3986 has it in a path.
    private static func escaped(_ bytes: [UInt8]) -> String {
        bytes.map { byte in
            if byte != UInt8(ascii: ":"), byte != UInt8(ascii: "@"), plain.contains(byte) {
                return String(UnicodeScalar(byte))
            }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count < 2 ? "0" : "") + digits
        }.joined()
    }

    /// What means nothing to a shell, wherever it stands.
    private static let plain = Set(
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789/._-:@".utf8)
}

/// A text that is no template.
package struct OpenTemplateError: Error, Hashable, CustomStringConvertible {
    package var problem: String

    package var description: String { problem }
}

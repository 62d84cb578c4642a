import Compression
import PageServer

/// The files of the page, which are part of the program and the same for everybody.
enum PageFiles {
    private struct File: Sendable {
        let type: String
        let bytes: [UInt8]
        /// The bytes as a zlib stream.
        let compressed: [UInt8]

        init(_ type: String, _ bytes: [UInt8]) {
            self.type = type
            self.bytes = bytes
            compressed = Zlib.stream(bytes, effort: .most)
        }
    }

    private static let files = [
        "/": File("text/html; charset=utf-8", PageSource.bytes("index.html")),
        "/style.css": File("text/css; charset=utf-8", PageSource.bytes("style.css")),
        "/page.js": File("text/javascript; charset=utf-8", PageScript.joined),
        "/icon.svg": File("image/svg+xml", PageSource.bytes("icon.svg")),
    ]

    /// The file of a path; nil if there is none.
    ///
    /// - Parameter encodings: What the browser says of itself in `Accept-Encoding`.
    static func response(_ path: String, accepting encodings: String? = nil) -> PageResponse? {
        guard let file = files[path] else { return nil }
        var fields = PageAnswer.fields + [PageField("Content-Type", file.type), PageField("Vary", "Accept-Encoding")]
        guard accepts(encodings ?? "") else { return PageResponse(200, fields: fields, body: .bytes(file.bytes)) }
        fields.append(PageField("Content-Encoding", "deflate"))
        return PageResponse(200, fields: fields, body: .bytes(file.compressed))
    }

    /// Whether `deflate` is among the encodings of a list, such as `gzip, deflate;q=0.5`, and not ruled out by a weight of 0.
    private static func accepts(_ encodings: String) -> Bool {
        encodings.split(separator: ",").contains { encoding in
            let parts = encoding.split(separator: ";").map { $0.filter { $0 != " " }.lowercased() }
            let weight = parts.dropFirst().first { $0.hasPrefix("q=") }.map { Double($0.dropFirst(2)) ?? 0 } ?? 1
            return parts.first == "deflate" && weight > 0
        }
    }
}

import TimbreWire

/// Results as a table of comma-separated values (RFC 4180), with a line that names the columns.
struct ResultTable {
    var results: [SimilarResult]

    /// The table; numbers are those of the JSON answer, and `path_bytes` is the path in base64 where it is not UTF-8.
    var text: String {
        let head = [
            "path", "start", "end", "score", "distance", "rank", "hamming", "duration", "inside", "path_bytes",
        ]
        let rows = results.map { result in
            [
                result.place.shown, "\(result.start)", "\(result.end)", "\(result.score)", "\(result.distance)",
                "\(result.rank)", "\(result.hamming)", "\(result.duration)", "\(result.inside)",
                result.place.isText ? "" : Base64(result.place.bytes).text,
            ]
        }
        return ([head] + rows).map { Self.line($0) + "\r\n" }.joined()
    }

    /// A line of a table, without its end.
    static func line(_ fields: [String]) -> String {
        fields.map { field in
            let isPlain = !field.unicodeScalars.contains { [",", "\"", "\r", "\n"].contains($0) }
            return isPlain ? field : "\"\(field.replacing("\"", with: "\"\""))\""
        }.joined(separator: ",")
    }
}

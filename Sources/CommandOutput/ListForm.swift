import TimbreWire
import Varlink

/// In which form a list is printed.
package enum ListForm: Hashable, Sendable {
    /// As people read it.
    case table
    /// One JSON object.
    case json
    /// One JSON object a line.
    case jsonLines
    /// Paths alone, exactly, each ended by a NUL byte.
    case paths

    /// Prints a list.
    ///
    /// - Parameters:
    ///   - whole: The list as one JSON object.
    ///   - rows: What has a line of its own in ``jsonLines``.
    ///   - path: The path of a row; rows without one are left out by ``paths``.
    package func show<Row: Encodable>(
        _ whole: some Encodable, rows: [Row], path: (Row) -> WirePath?, table: () -> String
    ) throws {
        var bytes: [UInt8] = []
        switch self {
        case .json: bytes = try JSON.encode(whole) + [UInt8(ascii: "\n")]
        case .jsonLines: for row in rows { bytes += try JSON.encode(row) + [UInt8(ascii: "\n")] }
        case .paths: for path in rows.compactMap(path) { bytes += path.bytes + [0] }
        case .table: bytes = Array(table().utf8)
        }
        try Output.write(bytes)
    }
}

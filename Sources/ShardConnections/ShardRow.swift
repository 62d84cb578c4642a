/// A row of an answer, in the binary form of each type; see `src/backend/utils/adt` of PostgreSQL, the functions `…send`.
///
/// Reading a column as another type than it is, or reading null, is a mistake of the program.
package struct ShardRow: Sendable {
    private let columns: [[UInt8]?]

    init(_ columns: [[UInt8]?]) { self.columns = columns }

    package func isNull(_ place: Int) -> Bool { columns[place] == nil }

    /// `bytea`; nothing for null.
    package func bytes(_ place: Int) -> [UInt8] { columns[place] ?? [] }

    /// `text`, and what is sent like it; empty for null.
    package func text(_ place: Int) -> String { String(decoding: bytes(place), as: UTF8.self) }

    /// `bool`.
    package func flag(_ place: Int) -> Bool { bytes(place) == [1] }

    /// `int2`, `int4` and `int8`: big-endian.
    package func integer(_ place: Int) -> Int {
        let bytes = bytes(place)
        precondition([2, 4, 8].contains(bytes.count), "column \(place) is no integer")
        let magnitude = bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        let unused = 64 - 8 * bytes.count
        return Int(Int64(bitPattern: magnitude << unused) >> unused)
    }

    /// `float8`.
    package func real(_ place: Int) -> Double { Double(bitPattern: UInt64(bitPattern: Int64(integer(place)))) }
}

/// Rows for `COPY … FROM STDIN (FORMAT binary)`, column by column.
///
/// Source: "Binary Format" under COPY in PostgreSQL's documentation; of the values, the functions `…recv` in
/// `src/backend/utils/adt` and `contrib/cube`. Numbers are big-endian.
package struct CopyRows: Sendable {
    private var bytes: [UInt8] = Array("PGCOPY\n".utf8) + [0xFF, 0x0D, 0x0A, 0x00] + [UInt8](repeating: 0, count: 8)
    /// How many rows were begun.
    package private(set) var count = 0

    package init() {}

    /// All rows, and what ends them.
    var finished: [UInt8] { bytes + [0xFF, 0xFF] }

    /// Begins a row of so many columns, which follow.
    package mutating func begin(columns: Int) {
        append(Int16(columns))
        count += 1
    }

    package mutating func addNull() { append(Int32(-1)) }

    /// `bytea`.
    package mutating func add(_ value: [UInt8]) {
        append(Int32(value.count))
        bytes += value
    }

    /// `bool`.
    package mutating func add(_ value: Bool) {
        append(Int32(1))
        bytes.append(value ? 1 : 0)
    }

    /// `int4`.
    package mutating func add(_ value: Int32) {
        append(Int32(4))
        append(value)
    }

    /// `int8`.
    package mutating func add(_ value: Int64) {
        append(Int32(8))
        append(value)
    }

    /// `float8`.
    package mutating func add(_ value: Double) {
        append(Int32(8))
        append(value.bitPattern)
    }

    /// `cube`, a point of so many components.
    package mutating func add(point: SIMD64<Int8>) {
        append(Int32(4 + 8 * point.scalarCount))
        // The highest bit says that it is a point.
        append(1 << 31 | UInt32(point.scalarCount))
        for place in 0..<point.scalarCount { append(Double(point[place]).bitPattern) }
    }

    private mutating func append(_ number: some FixedWidthInteger) {
        for shift in stride(from: type(of: number).bitWidth - 8, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: number >> shift))
        }
    }
}

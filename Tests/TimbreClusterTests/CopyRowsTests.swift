import Testing

@testable import ShardConnections

struct CopyRowsTests {
    /// The bytes that PostgreSQL 15 itself writes for `COPY (SELECT 258::int8, NULL::bytea, '\x00ff'::bytea, true, 7::int4,
    /// 0.5::float8) TO STDOUT (FORMAT binary)`.
    static let written: [UInt8] =
        [0x50, 0x47, 0x43, 0x4F, 0x50, 0x59, 0x0A, 0xFF, 0x0D, 0x0A, 0x00, 0, 0, 0, 0, 0, 0, 0, 0]
        + [0, 6, 0, 0, 0, 8, 0, 0, 0, 0, 0, 0, 1, 2, 255, 255, 255, 255, 0, 0, 0, 2, 0, 0xFF, 0, 0, 0, 1, 1]
        + [0, 0, 0, 4, 0, 0, 0, 7, 0, 0, 0, 8, 0x3F, 0xE0, 0, 0, 0, 0, 0, 0, 255, 255]

    @Test func rowsAreWrittenAsThatServerWritesThem() {
        var rows = CopyRows()
        rows.begin(columns: 6)
        rows.add(Int64(258))
        rows.addNull()
        rows.add([0x00, 0xFF])
        rows.add(true)
        rows.add(Int32(7))
        rows.add(0.5)
        #expect(rows.finished == Self.written && rows.count == 1)
    }

    @Test func negativeNumbersKeepTheirSign() throws {
        var rows = CopyRows()
        rows.begin(columns: 2)
        rows.add(Int64(-2))
        rows.add(-1.25)
        let row = try #require(CopiedTable(rows.finished)?.rows.first)
        #expect(CopiedTable.integer(row[0]) == -2 && CopiedTable.real(row[1] ?? []) == -1.25)
    }

    @Test func aPointHasAllComponents() throws {
        var point = SIMD64<Int8>()
        for place in 0..<64 { point[place] = Int8(2 * place - 64) }
        var rows = CopyRows()
        rows.begin(columns: 1)
        rows.add(point: point)
        let row = try #require(CopiedTable(rows.finished)?.rows.first)
        #expect(CopiedTable.point(row[0]) == (0..<64).map { Double(2 * $0 - 64) })
    }

    @Test func noRowsAreATableToo() {
        #expect(CopiedTable(CopyRows().finished)?.rows.isEmpty == true && CopiedTable([1, 2]) == nil)
    }
}

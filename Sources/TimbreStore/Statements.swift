import GRDB
import GRDBSQLite

/// A value for a statement.
enum Argument {
    case integer(Int64)
    case real(Double)
    case bytes([UInt8])
    case text(String)
    case null

    static func integer(_ value: Int64?) -> Argument { value.map { .integer($0) } ?? .null }
    static func unsigned(_ value: UInt64?) -> Argument { .integer(value.map { Int64(bitPattern: $0) }) }
    static func flag(_ value: Bool) -> Argument { .integer(value ? 1 : 0) }
    static func integer(_ value: Int?) -> Argument { value.map { .integer(Int64($0)) } ?? .null }
    static func bytes(_ value: [UInt8]?) -> Argument { value.map { .bytes($0) } ?? .null }
    static func real(_ value: Double?) -> Argument { value.map { .real($0) } ?? .null }
    static func text(_ value: String?) -> Argument { value.map { .text($0) } ?? .null }
}

/// Statements without conversions: a new file takes a dozen of them, and GRDB's rows would take several times as long as
/// SQLite itself.
extension Database {
    /// Runs a statement that gives no rows.
    func run(_ sql: String, _ arguments: Argument...) throws { try step(sql, arguments) { _ in } }

    /// The same, for arguments that have been put together.
    func run(_ sql: String, _ arguments: [Argument]) throws { try step(sql, arguments) { _ in } }

    /// Runs a statement, and reads its first row.
    ///
    /// - Returns: What `body` makes of the row; nil if there is none.
    func first<Result>(_ sql: String, _ arguments: Argument..., row body: (Columns) throws -> Result) throws -> Result?
    {
        var result: Result?
        try step(sql, arguments) { columns in if result == nil { result = try body(columns) } }
        return result
    }

    /// Runs a statement, and hands on its rows. Meanwhile the same statement cannot be run.
    func each(_ sql: String, _ arguments: Argument..., row body: (Columns) throws -> Void) throws {
        try step(sql, arguments, body)
    }

    /// The same, for arguments that have been put together.
    func each(_ sql: String, _ arguments: [Argument], row body: (Columns) throws -> Void) throws {
        try step(sql, arguments, body)
    }

    /// Runs a statement.
    ///
    /// - Returns: What `body` makes of each row.
    func all<Result>(_ sql: String, _ arguments: Argument..., row body: (Columns) throws -> Result) throws -> [Result] {
        try all(sql, arguments, row: body)
    }

    /// The same, for arguments that have been put together.
    func all<Result>(_ sql: String, _ arguments: [Argument], row body: (Columns) throws -> Result) throws -> [Result] {
        var results: [Result] = []
        try step(sql, arguments) { results.append(try body($0)) }
        return results
    }

    private func step(_ sql: String, _ arguments: [Argument], _ body: (Columns) throws -> Void) throws {
        let statement = try unsafe cachedStatement(sql: sql).sqliteStatement
        // GRDB, which may share the statement, resets it before it runs it, not after.
        unsafe sqlite3_reset(statement)
        defer {
            unsafe sqlite3_reset(statement)
            unsafe sqlite3_clear_bindings(statement)
        }
        for (place, argument) in arguments.enumerated() {
            let code = unsafe Self.bind(argument, to: statement, at: Int32(place + 1))
            guard code == SQLITE_OK else { throw failure(code, sql) }
        }
        while true {
            let code = unsafe sqlite3_step(statement)
            switch code {
            case SQLITE_ROW: try unsafe body(Columns(statement: statement))
            case SQLITE_DONE: return
            default: throw failure(code, sql)
            }
        }
    }

    /// Reads some bytes of a blob, without what comes before or behind them.
    ///
    /// - Returns: Fewer where it ends before, and none if there is no such row.
    /// - Throws: ``DatabaseError``.
    func bytes(_ wanted: Range<Int>, ofColumn column: String, row: Int64, of table: String) throws -> [UInt8] {
        var blob: OpaquePointer?
        let opened = unsafe sqlite3_blob_open(sqliteConnection, "main", table, column, row, 0, &blob)
        defer { unsafe sqlite3_blob_close(blob) }
        if opened == SQLITE_ERROR,
            try first("SELECT 1 FROM \(table) WHERE rowid = ?", .integer(row), row: { _ in () }) == nil
        {
            return []
        }
        guard opened == SQLITE_OK else { throw failure(opened, "SELECT \(column) FROM \(table)") }
        let part = wanted.clamped(to: 0..<Int(unsafe sqlite3_blob_bytes(blob)))
        var code = SQLITE_OK
        let bytes = unsafe [UInt8](unsafeUninitializedCapacity: part.count) { room, used in
            unsafe code = sqlite3_blob_read(blob, room.baseAddress, Int32(part.count), Int32(part.lowerBound))
            used = code == SQLITE_OK ? part.count : 0
        }
        guard code == SQLITE_OK else { throw failure(code, "SELECT \(column) FROM \(table)") }
        return bytes
    }

    private func failure(_ code: Int32, _ sql: String) -> DatabaseError {
        let message = unsafe sqlite3_errmsg(sqliteConnection).map { unsafe String(cString: $0) }
        return DatabaseError(resultCode: ResultCode(rawValue: code), message: message, sql: sql)
    }

    private static func bind(_ argument: Argument, to statement: OpaquePointer, at place: Int32) -> Int32 {
        // SQLite copies what it is given.
        let copied = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
        return switch argument {
        case .integer(let value): unsafe sqlite3_bind_int64(statement, place, value)
        case .real(let value): unsafe sqlite3_bind_double(statement, place, value)
        case .text(let value): unsafe sqlite3_bind_text(statement, place, value, -1, copied)
        case .null: unsafe sqlite3_bind_null(statement, place)
        case .bytes(let value):
            unsafe value.isEmpty
                ? sqlite3_bind_zeroblob(statement, place, 0)
                : sqlite3_bind_blob64(statement, place, value, UInt64(value.count), copied)
        }
    }
}

/// A row's columns, by their places; valid while the row is handed on.
@safe struct Columns {
    private let statement: OpaquePointer

    fileprivate init(statement: OpaquePointer) { unsafe self.statement = unsafe statement }

    func isNull(_ place: Int32) -> Bool { unsafe sqlite3_column_type(statement, place) == SQLITE_NULL }
    func integer(_ place: Int32) -> Int64 { unsafe sqlite3_column_int64(statement, place) }
    func unsigned(_ place: Int32) -> UInt64 { UInt64(bitPattern: integer(place)) }
    func flag(_ place: Int32) -> Bool { integer(place) != 0 }
    func int(_ place: Int32) -> Int { Int(integer(place)) }
    func real(_ place: Int32) -> Double { unsafe sqlite3_column_double(statement, place) }

    func text(_ place: Int32) -> String? {
        unsafe sqlite3_column_text(statement, place).map { unsafe String(cString: $0) }
    }

    func bytes(_ place: Int32) -> [UInt8] {
        guard let bytes = unsafe sqlite3_column_blob(statement, place) else { return [] }
        return unsafe Array(UnsafeRawBufferPointer(start: bytes, count: Int(sqlite3_column_bytes(statement, place))))
    }

    /// A value where there is one.
    func optional<Value>(_ place: Int32, _ read: (Int32) -> Value) -> Value? { isNull(place) ? nil : read(place) }
}

/// The directories at and below one, as a condition on their path: names are compared byte by byte.
struct Subtree {
    let condition = "(directory.path = ? OR (directory.path > ? AND directory.path < ?))"
    let arguments: [Argument]

    init(_ path: [UInt8]) {
        // Below "/" itself everything is; the root is the one name that ends with a slash.
        let stem = path == [UInt8(ascii: "/")] ? [] : path
        arguments = [
            .bytes(path), .bytes(stem + [UInt8(ascii: "/")]), .bytes(stem + [UInt8(ascii: "/") + 1]),
        ]
    }
}

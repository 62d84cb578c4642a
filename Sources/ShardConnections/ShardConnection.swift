import CPostgres
import Glibc

/// A connection to a shard, which never waits longer than it is told.
///
/// libpq's own calls that wait are not used: a server that stands still would hold them for minutes. Only the name of a host
/// is looked up without a limit; an address in numbers (`hostaddr`) needs no looking up. The value owns libpq's handle. It is
/// used by one thread at a time.
@safe package final class ShardConnection: @unchecked Sendable {
    package typealias Instant = ContinuousClock.Instant

    private let handle: OpaquePointer

    /// Connects.
    ///
    /// - Throws: ``ShardError`` if nobody answers by the deadline, or the server refuses.
    package init(to address: ShardAddress, by deadline: Instant) throws(ShardError) {
        // The address is the value of `dbname`, which libpq takes apart.
        let words = unsafe ["dbname", "fallback_application_name", "client_encoding"].map { unsafe Self.cString($0) }
        let values = unsafe [address.text, "timbre-cluster", "UTF8"].map { unsafe Self.cString($0) }
        defer {
            for place in 0..<3 {
                unsafe words[place].deallocate()
                unsafe values[place].deallocate()
            }
        }
        let opened = unsafe PQconnectStartParams(
            words.map { unsafe UnsafePointer($0) } + [nil], values.map { unsafe UnsafePointer($0) } + [nil], 1)
        guard let opened = unsafe opened else { throw ShardError(.away, "out of memory") }
        unsafe handle = opened
        unsafe PQsetNoticeReceiver(handle, cpostgres_ignore_remark, nil)
        try connect(by: deadline)
        guard unsafe PQsetnonblocking(handle, 1) == 0 else { throw broken }
    }

    deinit { unsafe PQfinish(handle) }

    private static func cString(_ text: String) -> UnsafeMutablePointer<CChar> {
        let bytes = text.utf8CString
        let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count)
        unsafe bytes.withUnsafeBufferPointer { unsafe copy.initialize(from: $0.baseAddress!, count: $0.count) }
        return unsafe copy
    }

    private func connect(by deadline: Instant) throws(ShardError) {
        // As "PQconnectStartParams" in the documentation has it: first as if it had said that it waits to write.
        var state = PGRES_POLLING_WRITING
        while state != PGRES_POLLING_OK {
            switch state {
            case PGRES_POLLING_READING: try wait(for: POLLIN, by: deadline)
            case PGRES_POLLING_WRITING: try wait(for: POLLOUT, by: deadline)
            default: throw broken
            }
            state = unsafe PQconnectPoll(handle)
        }
    }

    private func wait(for events: Int32, by deadline: Instant) throws(ShardError) {
        while true {
            let socket = unsafe PQsocket(handle)
            guard socket >= 0 else { throw broken }
            let left = deadline - .now
            guard left > .zero else { throw ShardError(.late, "no answer in time") }
            var waits = [pollfd(fd: socket, events: Int16(events), revents: 0)]
            let milliseconds = (left / .milliseconds(1)).rounded(.up)
            if unsafe poll(&waits, 1, CInt(min(milliseconds, 60_000))) > 0 { return }
        }
    }

    /// What libpq says of a connection that broke.
    private var broken: ShardError {
        let words = unsafe PQerrorMessage(handle).map { unsafe String(cString: $0).firstLine } ?? ""
        return ShardError(.away, words.isEmpty ? "the connection broke" : words)
    }

    /// Runs one statement, the text of which stands in the program, with the values of `$1`, `$2` and so on.
    ///
    /// - Throws: ``ShardError``. Unless the server refused, the connection is of no use any more.
    @discardableResult
    package func ask(
        _ statement: StaticString, _ values: [ShardValue] = [], by deadline: Instant
    ) throws(ShardError) -> [ShardRow] {
        let sent = values.map(\.sent)
        let pieces = unsafe sent.map { bytes -> UnsafeMutablePointer<CChar>? in
            guard let bytes else { return nil }
            let copy = UnsafeMutablePointer<CChar>.allocate(capacity: bytes.count + 1)
            for (place, byte) in bytes.enumerated() { unsafe copy[place] = CChar(bitPattern: byte) }
            unsafe copy[bytes.count] = 0
            return unsafe copy
        }
        defer { for place in sent.indices { unsafe pieces[place]?.deallocate() } }
        let isSent = statement.withUTF8Buffer { text in
            unsafe text.withMemoryRebound(to: CChar.self) { text in
                unsafe PQsendQueryParams(
                    handle, text.baseAddress, CInt(values.count), nil, pieces.map { unsafe UnsafePointer($0) },
                    sent.map { CInt($0?.count ?? 0) }, values.map { $0.isBinary ? 1 : 0 }, 1)
            }
        }
        guard isSent == 1 else { throw broken }
        return try receive(by: deadline)
    }

    /// Runs several statements that are a part of the program.
    package func run(script: String, by deadline: Instant) throws(ShardError) {
        guard unsafe PQsendQuery(handle, script) == 1 else { throw broken }
        _ = try receive(by: deadline)
    }

    /// Copies rows into a table.
    ///
    /// - Parameter statement: `COPY … FROM STDIN (FORMAT binary)`.
    /// - Throws: ``ShardError``, as of ``ask(_:_:by:)``.
    package func copy(_ statement: StaticString, _ rows: CopyRows, by deadline: Instant) throws(ShardError) {
        let isSent = statement.withUTF8Buffer { text in
            unsafe text.withMemoryRebound(to: CChar.self) { unsafe PQsendQuery(handle, $0.baseAddress!) }
        }
        guard isSent == 1 else { throw broken }
        try flush(by: deadline)
        guard let answer = try unsafe nextResult(by: deadline) else { throw broken }
        defer { unsafe PQclear(answer) }
        guard unsafe PQresultStatus(answer) == PGRES_COPY_IN else {
            while let rest = try unsafe nextResult(by: deadline) { unsafe PQclear(rest) }
            throw unsafe Self.refusal(in: answer)
        }
        try unsafe rows.finished.withUnsafeBufferPointer { bytes throws(ShardError) in
            try unsafe send(UnsafeRawBufferPointer(bytes), by: deadline)
        }
        while true {
            let taken = unsafe PQputCopyEnd(handle, nil)
            if taken == 1 { break }
            guard taken == 0 else { throw broken }
            try wait(for: POLLOUT, by: deadline)
        }
        _ = try receive(by: deadline)
    }

    /// Sends rows in pieces, as libpq keeps in memory what the server has not taken yet.
    private func send(_ bytes: UnsafeRawBufferPointer, by deadline: Instant) throws(ShardError) {
        var start = 0
        while start < bytes.count {
            let piece = unsafe UnsafeRawBufferPointer(rebasing: bytes[start..<min(start + 1 << 18, bytes.count)])
            let taken = unsafe PQputCopyData(
                handle, piece.assumingMemoryBound(to: CChar.self).baseAddress, CInt(piece.count))
            guard taken >= 0 else { throw broken }
            if taken == 1 { start += piece.count }
            try flush(by: deadline)
        }
    }

    /// Sends what is left to send.
    private func flush(by deadline: Instant) throws(ShardError) {
        while true {
            let left = unsafe PQflush(handle)
            if left == 0 { return }
            guard left > 0 else { throw broken }
            // The server may have to be listened to before it takes more.
            try wait(for: POLLIN | POLLOUT, by: deadline)
            guard unsafe PQconsumeInput(handle) == 1 else { throw broken }
        }
    }

    /// Sends what is left to send, and takes all results of a call.
    private func receive(by deadline: Instant) throws(ShardError) -> [ShardRow] {
        try flush(by: deadline)
        var rows: [ShardRow] = []
        var refusal: ShardError?
        while let result = try unsafe nextResult(by: deadline) {
            defer { unsafe PQclear(result) }
            switch unsafe PQresultStatus(result) {
            case PGRES_TUPLES_OK: rows += unsafe Self.rows(of: result)
            case PGRES_COMMAND_OK, PGRES_EMPTY_QUERY: break
            default: refusal = unsafe refusal ?? Self.refusal(in: result)
            }
        }
        if let refusal { throw refusal }
        return rows
    }

    /// The next result of a call, which the caller clears; nil behind the last one.
    private func nextResult(by deadline: Instant) throws(ShardError) -> OpaquePointer? {
        while unsafe PQisBusy(handle) == 1 {
            try wait(for: POLLIN, by: deadline)
            guard unsafe PQconsumeInput(handle) == 1 else { throw broken }
        }
        return unsafe PQgetResult(handle)
    }

    private static func rows(of result: OpaquePointer) -> [ShardRow] {
        let columns = unsafe PQnfields(result)
        return unsafe (0..<PQntuples(result)).map { row in
            ShardRow(
                (0..<columns).map { column in
                    guard unsafe PQgetisnull(result, row, column) == 0 else { return nil }
                    let bytes = unsafe UnsafeRawBufferPointer(
                        start: PQgetvalue(result, row, column), count: Int(PQgetlength(result, row, column)))
                    return unsafe Array(bytes)
                })
        }
    }

    private static func refusal(in result: OpaquePointer) -> ShardError {
        // PG_DIAG_SQLSTATE and PG_DIAG_MESSAGE_PRIMARY are characters, which Swift does not import.
        func field(_ letter: Character) -> String? {
            unsafe PQresultErrorField(result, CInt(letter.asciiValue ?? 0)).map { unsafe String(cString: $0) }
        }
        guard let state = field("C") else {
            let words = unsafe PQresultErrorMessage(result).map { unsafe String(cString: $0).firstLine } ?? ""
            return ShardError(.away, words.isEmpty ? "the connection broke" : words)
        }
        // Class 57P: the server is stopping, or has ended this connection.
        return ShardError(state.hasPrefix("57P") ? .away : .refused(state: state), field("M") ?? state)
    }
}

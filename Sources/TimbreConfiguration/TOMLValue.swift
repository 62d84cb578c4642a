/// A value of a TOML text.
struct TOMLValue: Hashable, Sendable {
    enum Content: Hashable, Sendable {
        case string(String)
        case integer(Int)
        case number(Double)
        case bool(Bool)
        case array([TOMLValue])
        case table(TOMLTable)
        /// A date, a time or both; not parsed any further.
        case time
    }

    var content: Content
    /// The line of its key, from 1.
    var line: Int

    var string: String? { if case .string(let string) = content { string } else { nil } }
    var int: Int? { if case .integer(let integer) = content { integer } else { nil } }
    var double: Double? { if case .number(let number) = content { number } else { nil } }
    var bool: Bool? { if case .bool(let bool) = content { bool } else { nil } }
    var array: [TOMLValue]? { if case .array(let array) = content { array } else { nil } }
    var table: TOMLTable? { if case .table(let table) = content { table } else { nil } }

    /// The type, as error messages name it.
    var type: String {
        switch content {
        case .string: "string"
        case .integer: "integer"
        case .number: "floating-point number"
        case .bool: "bool"
        case .array: "array"
        case .table: "table"
        case .time: "date or time"
        }
    }
}

/// The keys of a TOML table and their values, in the order of the text.
struct TOMLTable: Hashable, Sendable {
    struct Entry: Hashable, Sendable {
        var key: String
        var value: TOMLValue
    }

    /// How a table was opened, which decides what may add to it.
    enum Origin: Hashable, Sendable {
        /// A header of a table within it.
        case inner
        /// Its own header, or none: the table that the whole text is.
        case header
        /// Keys with dots.
        case dots
        /// Braces.
        case braces
    }

    private(set) var entries: [Entry] = []
    private var origin: Origin

    init(_ origin: Origin = .header) { self.origin = origin }

    /// Opens the table of a header.
    ///
    /// - Throws: ``TOMLError`` if the table exists already, or its name is that of something else.
    mutating func open(_ path: ArraySlice<String>, line: Int) throws(TOMLError) {
        try descend(path, line, creating: path.count == 1 ? .header : .inner) { table, isNew throws(TOMLError) in
            guard path.count == 1 else { return try table.open(path.dropFirst(), line: line) }
            guard isNew || table.origin == .inner else { throw TOMLError(line, "there is this table already") }
            table.origin = .header
        }
    }

    /// Adds a key under a header.
    ///
    /// - Throws: ``TOMLError`` if the key exists already.
    mutating func add(
        _ path: ArraySlice<String>, under header: ArraySlice<String>, _ value: TOMLValue
    ) throws(TOMLError) {
        if let name = header.first {
            return try descend([name], value.line, creating: .inner) { table, _ throws(TOMLError) in
                try table.add(path, under: header.dropFirst(), value)
            }
        }
        guard path.count > 1 else {
            let key = path.first ?? ""
            guard !entries.contains(where: { $0.key == key }) else {
                throw TOMLError(value.line, "there is the key \"\(key)\" already")
            }
            return entries.append(Entry(key: key, value: value))
        }
        try descend(path, value.line, creating: .dots) { table, isNew throws(TOMLError) in
            guard isNew || table.origin == .dots else {
                throw TOMLError(value.line, "the table \"\(path.first ?? "")\" is complete already")
            }
            try table.add(path.dropFirst(), under: [], value)
        }
    }

    /// Changes the table that the first name of a path stands for, which is created if need be.
    private mutating func descend(
        _ path: ArraySlice<String>, _ line: Int, creating origin: Origin,
        _ change: (inout TOMLTable, _ isNew: Bool) throws(TOMLError) -> Void
    ) throws(TOMLError) {
        let name = path.first ?? ""
        guard let place = entries.firstIndex(where: { $0.key == name }) else {
            var table = TOMLTable(origin)
            try change(&table, true)
            return entries.append(Entry(key: name, value: TOMLValue(content: .table(table), line: line)))
        }
        guard var table = entries[place].value.table, table.origin != .braces else {
            throw TOMLError(line, "\"\(name)\" is something else already")
        }
        try change(&table, false)
        entries[place].value.content = .table(table)
    }
}

/// What is wrong with a TOML text.
struct TOMLError: Error, Hashable {
    /// The line, from 1.
    var line: Int
    /// What is wrong, in words.
    var problem: String

    init(_ line: Int, _ problem: String) { (self.line, self.problem) = (line, problem) }
}

/// What a server makes of rows that are copied in the binary format, read plainly, as its documentation has it.
struct CopiedTable {
    private(set) var rows: [[[UInt8]?]] = []

    /// - Returns: nil if the bytes are anything else.
    init?(_ bytes: [UInt8]) {
        var rest = bytes[...]
        func take(_ count: Int) -> [UInt8]? {
            guard count >= 0, rest.count >= count else { return nil }
            defer { rest.removeFirst(count) }
            return Array(rest.prefix(count))
        }
        func number(_ bytes: [UInt8]?) -> Int? {
            guard let bytes else { return nil }
            let value = bytes.reduce(0) { $0 << 8 | Int($1) }
            return value >= 1 << (8 * bytes.count - 1) ? value - 1 << (8 * bytes.count) : value
        }
        guard take(11) == Array("PGCOPY\n".utf8) + [255, 13, 10, 0], number(take(4)) == 0, number(take(4)) == 0 else {
            return nil
        }
        while let columns = number(take(2)) {
            if columns == -1 { break }
            var row: [[UInt8]?] = []
            for _ in 0..<columns {
                guard let length = number(take(4)) else { return nil }
                if length == -1 {
                    row.append(nil)
                } else if let value = take(length) {
                    row.append(value)
                } else {
                    return nil
                }
            }
            rows.append(row)
        }
        guard rest.isEmpty else { return nil }
    }

    static func integer(_ bytes: [UInt8]?) -> Int? {
        bytes.map { Int(Int64(bitPattern: $0.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })) }
    }

    static func real(_ bytes: some Collection<UInt8>) -> Double {
        Double(bitPattern: bytes.reduce(UInt64(0)) { $0 << 8 | UInt64($1) })
    }

    /// A cube that is a point: how many components it has, behind a bit that says what it is, and these.
    static func point(_ bytes: [UInt8]?) -> [Double]? {
        guard let bytes, bytes.count >= 4, bytes[0] == 0x80, bytes.count == 4 + 8 * Int(bytes[3]) else { return nil }
        return stride(from: 4, to: bytes.count, by: 8).map { real(bytes[$0..<$0 + 8]) }
    }
}

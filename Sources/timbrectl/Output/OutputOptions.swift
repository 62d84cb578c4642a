import ArgumentParser
import TimbreWire
import Varlink

/// How an answer is printed.
struct JSONOptions: ParsableArguments {
    @Flag(help: "Print one JSON object.")
    var json = false
}

extension JSONOptions {
    /// Prints an answer as JSON, or as a text for people.
    func show(_ answer: some Encodable, text: () -> String) throws {
        try Self.show(answer, asJSON: json, text: text)
    }

    /// The same for who has the option elsewhere.
    static func show(_ answer: some Encodable, asJSON json: Bool, text: () -> String) throws {
        try Output.write(json ? JSON.encode(answer) + [UInt8(ascii: "\n")] : Array(text().utf8))
    }
}

/// How a list is printed.
struct ListOptions: ParsableArguments {
    @Flag(help: "Print one JSON object.")
    var json = false

    @Flag(help: "Print one JSON object a line.")
    var jsonl = false

    @Flag(
        name: [.customShort("0"), .customLong("null")], help: "Print paths alone, exactly, each ended by a NUL byte.")
    var null = false

    func validate() throws {
        guard [json, jsonl, null].count(where: { $0 }) <= 1 else {
            throw ValidationError("--json, --jsonl and -0 exclude each other.")
        }
    }
}

extension ListOptions {
    /// Prints a list.
    ///
    /// - Parameters:
    ///   - whole: What `--json` prints.
    ///   - rows: What `--jsonl` prints, a line each.
    ///   - path: The path of a row; rows without one are left out by `-0`.
    func show<Row: Encodable>(
        _ whole: some Encodable, rows: [Row], path: (Row) -> WirePath?, table: () -> String
    ) throws {
        var bytes: [UInt8] = []
        if json {
            bytes = try JSON.encode(whole) + [UInt8(ascii: "\n")]
        } else if jsonl {
            for row in rows { bytes += try JSON.encode(row) + [UInt8(ascii: "\n")] }
        } else if null {
            for path in rows.compactMap(path) { bytes += path.bytes + [0] }
        } else {
            bytes = Array(table().utf8)
        }
        try Output.write(bytes)
    }
}

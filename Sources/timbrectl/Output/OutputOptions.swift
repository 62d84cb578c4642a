import ArgumentParser
import CommandOutput
import TimbreWire

/// How an answer is printed.
struct JSONOptions: ParsableArguments {
    @Flag(help: "Print one JSON object.")
    var json = false
}

extension JSONOptions {
    /// Prints an answer as JSON, or as a text for people.
    func show(_ answer: some Encodable, text: () -> String) throws {
        try Output.show(answer, asJSON: json, text: text)
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
    /// What was asked for.
    var form: ListForm { json ? .json : jsonl ? .jsonLines : null ? .paths : .table }

    /// Prints a list; see ``ListForm/show(_:rows:path:table:)``.
    func show<Row: Encodable>(
        _ whole: some Encodable, rows: [Row], path: (Row) -> WirePath?, table: () -> String
    ) throws {
        try form.show(whole, rows: rows, path: path, table: table)
    }
}

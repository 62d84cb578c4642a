import Glibc
import TimbreWire

/// A list of files, as it is printed.
struct FileOutput {
    var files: [FileItem]
    /// Whether all that was asked for is known of all files.
    var isComplete = true

    /// Prints it.
    ///
    /// - Throws: ``Failure`` of code 1 if there are no files.
    func show(_ whole: some Encodable, options: ListOptions) throws {
        try options.show(whole, rows: files, path: \.place) { table.text(width: Output.width) }
        if !isComplete { Output.error("timbrectl: \(Self.incomplete)") }
        if files.isEmpty { throw Failure(.noMatch) }
    }

    /// What people are told where a filter asks for what is not known of all files yet.
    static let incomplete =
        "the tags of some files, or how long they are heard, are not known yet; ask again in a while"

    var table: Table {
        var table = Table([
            .init(heading: "state"), .init(heading: "length", alignment: .right),
            .init(heading: "rate", alignment: .right), .init(heading: "ch", alignment: .right),
            .init(heading: "size", alignment: .right), .init(heading: "file", isPath: true),
        ])
        for file in files {
            let error = file.error.map { " (\(Shown.escaped($0)))" } ?? ""
            table.add([
                file.state.rawValue, file.duration.map(Shown.duration) ?? "", file.sampleRate.map { "\($0)" } ?? "",
                file.channels.map { "\($0)" } ?? "", file.size.map(Shown.size) ?? "", Shown.path(file.place) + error,
            ])
        }
        return table
    }
}

/// All that is known of a file, as people read it.
struct InfoOutput {
    var reply: Info.Reply

    var text: String {
        let file = reply.file
        var lines = [("file", Shown.path(file.path)), ("state", file.state.rawValue)]
        func add(_ name: String, _ value: String?) { if let value { lines.append((name, value)) } }
        add("error", file.error.map(Shown.escaped))
        add("format", file.format.map(Shown.escaped))
        add("note", file.note.map(Shown.escaped))
        add("length", file.duration.map(Shown.duration))
        add("rate", file.sampleRate.map { "\($0) Hz" })
        add("channels", file.channels.map { "\($0)" })
        add("size", file.size.map(Shown.size))
        lines += file.figures?.lines ?? []
        lines += file.tags?.lines ?? []
        add("played", LoopWords(file).text)
        add("modified", reply.modified.map(Shown.time))
        add("added", reply.file.added.map(Shown.time))
        add("tries", "\(reply.attempts)")
        add("content", file.content)
        for copy in reply.copies { add("copy", Shown.path(copy)) }
        for model in reply.codes {
            add("model", model.model)
            for span in model.spans {
                add("code", "\(span.code.text)  \(Shown.span(span.start, span.end))")
            }
        }
        return Shown.members(lines)
    }
}

extension Shown {
    /// Names and values, a line each, with the values in one column.
    static func members(_ lines: [(name: String, value: String)]) -> String {
        let width = lines.map(\.name.count).max() ?? 0
        return lines.map { line in
            line.name + String(repeating: " ", count: width + 2 - line.name.count) + line.value + "\n"
        }.joined()
    }

    /// A moment, by the local clock.
    static func time(_ seconds: Double) -> String {
        var moment = time_t(seconds)
        var date = unsafe tm()
        unsafe localtime_r(&moment, &date)
        func two(_ number: CInt) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return unsafe "\(date.tm_year + 1900)-\(two(date.tm_mon + 1))-\(two(date.tm_mday)) "
            + "\(two(date.tm_hour)):\(two(date.tm_min)):\(two(date.tm_sec))"
    }
}

import CommandOutput
import TimbreWire

/// A list of files, as it is printed.
package struct FileOutput {
    var files: [FileItem]
    /// Whether all that was asked for is known of all files.
    var isComplete: Bool

    package init(files: [FileItem], isComplete: Bool = true) { (self.files, self.isComplete) = (files, isComplete) }

    /// Prints it.
    ///
    /// - Throws: ``Failure`` of code 1 if there are no files.
    package func show(_ whole: some Encodable, as form: ListForm) throws {
        try form.show(whole, rows: files, path: \.place) { table.text(width: Output.width) }
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
package struct InfoOutput {
    var reply: Info.Reply

    package init(reply: Info.Reply) { self.reply = reply }

    package var text: String {
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

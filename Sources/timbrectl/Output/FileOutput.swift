import TimbreWire

/// A list of files, as it is printed.
struct FileOutput {
    var files: [FileItem]

    /// Prints it.
    ///
    /// - Throws: ``Failure`` of code 1 if there are no files.
    func show(_ whole: some Encodable, options: ListOptions) throws {
        try options.show(whole, rows: files, path: \.path) { table.text(width: Output.width) }
        if files.isEmpty { throw Failure(.noMatch) }
    }

    var table: Table {
        var table = Table([
            .init(heading: "state"), .init(heading: "length", alignment: .right),
            .init(heading: "rate", alignment: .right), .init(heading: "ch", alignment: .right),
            .init(heading: "size", alignment: .right), .init(heading: "file"),
        ])
        for file in files {
            let error = file.error.map { " (\(Shown.escaped($0)))" } ?? ""
            table.add([
                file.state.rawValue, file.duration.map(Shown.duration) ?? "", file.sampleRate.map { "\($0)" } ?? "",
                file.channels.map { "\($0)" } ?? "", file.size.map(Shown.size) ?? "", Shown.path(file.path) + error,
            ])
        }
        return table
    }
}

import ArgumentParser
import CommandOutput
import TimbreWire

/// Lists the files that could not be read.
struct ErrorsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "errors", abstract: "List the files that could not be read, with the reason.")

    @Flag(help: "Count the files by what was wrong with them.")
    var group = false

    @OptionGroup(title: "Output") var output: ListOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !group || !output.null else { throw ValidationError("--group counts files; -0 is for lists of them.") }
    }

    func run() throws {
        var files: [FailedFile] = []
        files += try connection.call(Errors.self, Nothing(), what: "errors") { files += $0.files }.files
        if group { return try show(Self.groups(files)) }
        try output.show(Errors.Reply(files: files), rows: files, path: \.path) {
            var table = Table([
                .init(heading: "reason"), .init(heading: "tries", alignment: .right),
                .init(heading: "file", isPath: true), .init(heading: "what is wrong"),
            ])
            for file in files {
                table.add([
                    file.reason, "\(file.attempts)", Shown.path(file.path), Shown.escaped(file.error),
                ])
            }
            return table.text(width: Output.width)
        }
    }

    /// How many files each reason has, the most frequent first.
    private static func groups(_ files: [FailedFile]) -> [ErrorGroup] {
        var counts: [[String]: Int] = [:]
        for file in files { counts[[file.reason, file.error], default: 0] += 1 }
        let sorted = counts.sorted { ($1.value, $0.key[0], $0.key[1]) < ($0.value, $1.key[0], $1.key[1]) }
        return sorted.map { words, count in ErrorGroup(files: count, reason: words[0], error: words[1]) }
    }

    private func show(_ groups: [ErrorGroup]) throws {
        func table() -> String {
            var table = Table([
                .init(heading: "files", alignment: .right), .init(heading: "reason"), .init(heading: "error"),
            ])
            for group in groups { table.add(["\(group.files)", group.reason, Shown.escaped(group.error)]) }
            return table.text(width: Output.width)
        }
        try output.show(ErrorGroups(groups: groups), rows: groups, path: { _ in nil }, table: table)
    }
}

/// All reasons for which files could not be read.
private struct ErrorGroups: Encodable {
    var groups: [ErrorGroup]
}

/// How many files could not be read for one reason.
private struct ErrorGroup: Encodable {
    var files: Int
    /// For a program, as in ``FailedFile``.
    var reason: String
    /// In one line to show.
    var error: String
}

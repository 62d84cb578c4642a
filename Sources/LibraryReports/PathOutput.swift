import CommandOutput
import TimbreWire
import Varlink

/// A way from one sound to another, as it is printed.
package struct PathOutput {
    package enum Format: String, CaseIterable, Sendable {
        case table, paths, m3u, json
    }

    var reply: FindPath.Reply

    package init(reply: FindPath.Reply) { self.reply = reply }

    /// Prints it.
    ///
    /// - Parameter format: Nil if `form` says how.
    package func show(format: Format?, as form: ListForm) throws {
        switch format {
        case .paths:
            try Output.write(reply.steps.compactMap(\.path).flatMap { $0.bytes + [UInt8(ascii: "\n")] })
        case .m3u: try playlist.show(what: "path")
        case .json: try Output.write(JSON.encode(reply) + [UInt8(ascii: "\n")])
        case .table, nil:
            try form.show(reply, rows: reply.steps, path: \.path) { table.text(width: Output.width) }
        }
        if !reply.complete {
            Output.error("timbrectl: path: some files are not read yet; wait for them with --sync")
        }
    }

    /// The way as a playlist: a player goes from one sound to the other.
    var playlist: Playlist {
        let results = reply.steps.enumerated().compactMap { number, step in
            step.path.map { path in
                SimilarResult(
                    rank: number + 1, path: path, distance: step.distance, score: step.score, hamming: 0, start: 0,
                    end: step.duration, duration: step.duration)
            }
        }
        return Playlist(results: results, segments: false)
    }

    var table: Table {
        var table = Table([
            .init(heading: "score", alignment: .right), .init(heading: "step", alignment: .right),
            .init(heading: "length", alignment: .right), .init(heading: "file", isPath: true),
        ])
        for (number, step) in reply.steps.enumerated() {
            // Nothing comes before the first.
            let isFirst = number == 0
            table.add([
                isFirst ? "" : Shown.number(step.score, digits: 3),
                isFirst ? "" : Shown.number(step.distance, digits: 3), Shown.duration(step.duration),
                step.path.map(Shown.path) ?? "",
            ])
        }
        return table
    }
}

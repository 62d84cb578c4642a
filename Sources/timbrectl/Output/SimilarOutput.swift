import TimbreWire
import Varlink

/// The answer to a search, as it is printed.
struct SimilarOutput {
    var reply: Similar.Reply
    /// Whether rows are spans, and not files.
    var segments: Bool
    /// Pictures of the results, if they are wanted.
    var strips: ResultStrips?

    /// Prints it.
    ///
    /// - Throws: ``Failure`` of code 1 if there are no results.
    func show(format: SimilarCommand.Format?, options: ListOptions) throws {
        switch format {
        case .paths:
            try Output.write(reply.results.flatMap { $0.path.bytes + [UInt8(ascii: "\n")] })
        case .m3u: try Output.write(m3u)
        case .json: try Output.write(JSON.encode(reply) + [UInt8(ascii: "\n")])
        case .table, nil:
            let text = table.text(width: Output.width)
            let whole = try strips?.text(text.split(separator: "\n"), of: reply.results, width: Output.width) ?? text
            try options.show(reply, rows: reply.results, path: \.path) { whole }
        }
        if !reply.complete {
            Output.error("timbrectl: similar: some files are not read yet; wait for them with --sync")
        }
        if reply.results.isEmpty { throw Failure(.noMatch) }
        if saysNothingNear {
            Output.error(
                "timbrectl: similar: nothing near: even the best match is probably another kind of sound"
            )
        }
    }

    /// Whether people are told that nothing is near: never beside a score that says otherwise, whatever version of the
    /// daemon answers.
    var saysNothingNear: Bool { !reply.near && reply.results.allSatisfy { $0.score < 0.5 } }

    /// A playlist: of each file the seconds and the name, then the path, or a URL if the path would take two lines.
    var m3u: [UInt8] {
        var bytes = Array("#EXTM3U\n".utf8)
        for result in reply.results {
            let name = WirePath(result.path.bytes.split(separator: UInt8(ascii: "/")).last ?? [])
            bytes += Array("#EXTINF:\(Shown.number(result.duration.rounded(.up), digits: 0)),".utf8)
            bytes += Array("\(Shown.path(name))\n".utf8)
            bytes += result.path.onOneLine + [UInt8(ascii: "\n")]
        }
        return bytes
    }

    var table: Table {
        var table = Table([
            .init(heading: "#", alignment: .right), .init(heading: "distance", alignment: .right),
            .init(heading: "score", alignment: .right), .init(heading: "bits", alignment: .right),
            .init(heading: segments ? "span" : "length", alignment: .right), .init(heading: "file"),
        ])
        for result in reply.results {
            let span = Shown.number(result.start, digits: 2) + "–" + Shown.number(result.end, digits: 2) + " s"
            table.add([
                "\(result.rank)", Shown.number(result.distance, digits: 3), Shown.number(result.score, digits: 3),
                "\(result.hamming)", segments ? span : Shown.duration(result.duration), Shown.path(result.path),
            ])
        }
        return table
    }
}

extension WirePath {
    /// The path as it is, or, if line breaks are in it, as a URL: RFC 8089.
    fileprivate var onOneLine: [UInt8] {
        guard bytes.contains(where: { $0 == 0x0A || $0 == 0x0D }) else { return bytes }
        let plain = Set("/-._~ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789".utf8)
        let digits = Array("0123456789ABCDEF".utf8)
        return Array("file://".utf8)
            + bytes.flatMap { byte in
                plain.contains(byte) ? [byte] : [UInt8(ascii: "%"), digits[Int(byte >> 4)], digits[Int(byte & 15)]]
            }
    }
}

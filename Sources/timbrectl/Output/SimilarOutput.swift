import TimbreWire
import Varlink

/// The answer to a search, as it is printed.
struct SimilarOutput {
    var reply: Similar.Reply
    /// Whether rows are places, and not files.
    var segments: Bool
    /// Whether only likely results were asked for.
    var likely = false

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
            try options.show(reply, rows: reply.results, path: \.path) { table.text(width: Output.width) }
        }
        if !reply.complete {
            Output.error("timbrectl: similar: some files are not read yet; wait for them with --sync")
        }
        let isTable = format == .table || format == nil && !options.json && !options.jsonl && !options.null
        if let remark = remark(isTable: isTable) { Output.error("timbrectl: similar: \(remark)") }
        if reply.results.isEmpty { throw Failure(.noMatch) }
    }

    /// What people are told on standard error beside the results; nil if nothing.
    ///
    /// - Parameter isTable: Whether it is people who read the results.
    func remark(isTable: Bool) -> String? {
        if let places = reply.likelyPlaces {
            guard isTable || places == 0 else { return nil }
            let shown = reply.results.count { $0.score >= 0.5 }
            let rest = shown > 0 && shown < places ? "; the best \(shown) are listed" : ""
            return places == 0
                ? "no place is likely" : (places == 1 ? "1 place is" : "\(places) places are") + " likely" + rest
        }
        if reply.results.isEmpty { return likely ? "nothing is likely" : nil }
        return saysNothingNear ? "nothing near: even the best match is probably another kind of sound" : nil
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
        var table = Table(
            [
                .init(heading: "#", alignment: .right), .init(heading: "distance", alignment: .right),
                .init(heading: "score", alignment: .right), .init(heading: "bits", alignment: .right),
                .init(heading: segments ? "place" : "length", alignment: .right),
            ] + (hasInside ? [.init(heading: "place", alignment: .right)] : []) + [.init(heading: "file")])
        for result in reply.results {
            let place = result.inside ? "at \(SoundTime.text(result.start, digits: 1))" : ""
            table.add(
                [
                    "\(result.rank)", Shown.number(result.distance, digits: 3),
                    Shown.number(result.score, digits: 3), "\(result.hamming)",
                    segments ? Shown.span(result.start, result.end) : Shown.duration(result.duration),
                ] + (hasInside ? [place] : []) + [Shown.path(result.path)])
        }
        return table
    }

    /// Whether a whole file is in the answer for what was found inside it.
    private var hasInside: Bool { !segments && reply.results.contains { $0.inside } }
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

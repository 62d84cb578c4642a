import CommandOutput
import Glibc
import TimbreWire
import Varlink

/// The answer to a search, as it is printed.
package struct SimilarOutput {
    package enum Format: String, CaseIterable, Sendable {
        case table, paths, m3u, csv, json, audacity, reaper, elan
    }

    var reply: Similar.Reply
    /// Whether rows are places, and not files.
    var segments: Bool
    /// What was asked for.
    var filter: FileFilter?
    var maxDistance: Double?
    /// Whether only likely results were asked for.
    var likely: Bool
    /// Whether results had to be away from a sound.
    var hasAway: Bool
    /// Whether each sound was to be there once.
    package var isDistinct = false
    /// Whether the query's own files are left out.
    package var leavesOutQuery = true
    /// Why nothing can be beyond the query as contrasts want it.
    package var obstacle: String?
    /// By how much results differ, if a contrast was asked for.
    package var contrast: ContrastWords?
    /// Draws pictures of the results below the lines of the table, for a terminal so wide; nil if none are wanted.
    package var draw: (([Substring], _ width: Int?) throws -> String)?

    package init(
        reply: Similar.Reply, segments: Bool, filter: FileFilter? = nil, maxDistance: Double? = nil,
        likely: Bool = false, hasAway: Bool = false
    ) {
        (self.reply, self.segments, self.filter, self.maxDistance) = (reply, segments, filter, maxDistance)
        (self.likely, self.hasAway) = (likely, hasAway)
    }

    /// Prints it.
    ///
    /// - Parameter format: Nil if `form` says how.
    /// - Throws: ``Failure`` of code 1 if there are no results.
    package func show(format: Format?, as form: ListForm) throws {
        switch format {
        case .paths:
            try Output.write(reply.results.flatMap { $0.place.bytes + [UInt8(ascii: "\n")] })
        case .m3u: try Playlist(results: reply.results, segments: segments).show(what: "similar")
        case .csv: try Output.write(Array(ResultTable(results: reply.results).text.utf8))
        case .audacity: try write { $0.audacity }
        case .reaper: try write { $0.reaper }
        case .elan: try write { ElanDocument(places: $0, date: time(nil)).text }
        case .json: try Output.write(JSON.encode(reply) + [UInt8(ascii: "\n")])
        case .table, nil:
            let text = table.text(width: Output.width)
            let whole = try draw?(text.split(separator: "\n"), Output.width) ?? text
            try form.show(reply, rows: reply.results, path: \.place) { whole + commands }
        }
        if !reply.complete, reply.missing == nil {
            let why =
                contrast == nil && !asksForTags
                ? "some files are not read yet; wait for them with --sync"
                : "some files are not read yet, or their tags, or how bright or long they are; ask again in a while"
            Output.error("timbrectl: similar: \(why)")
        }
        let isTable = format == .table || format == nil && form == .table
        if let remark = remark(isTable: isTable) { Output.error("timbrectl: similar: \(remark)") }
        if reply.results.isEmpty { throw Failure(.noMatch) }
    }

    /// Whether the filter asks for what an earlier version's library may not know of all files.
    private var asksForTags: Bool {
        guard let filter else { return false }
        return [filter.tags == nil, filter.key == nil, filter.loop == nil].contains(false)
            || [filter.minBPM, filter.maxBPM, filter.minLength, filter.maxLength].contains { $0 != nil }
    }

    /// Prints places as labels; nothing if there are none.
    private func write(_ text: (PlaceLabels) -> String) throws {
        guard !reply.results.isEmpty else { return }
        try Output.write(Array(text(try PlaceLabels(reply)).utf8))
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
                ? "no place is likely" : "\(Shown.count(places, "place")) \(places == 1 ? "is" : "are") likely" + rest
        }
        guard !reply.results.isEmpty else {
            let remark = reply.nothing.map {
                EmptyRemark(
                    nothing: $0, filter: filter, maxDistance: maxDistance, likely: likely, hasAway: hasAway,
                    isDistinct: isDistinct, areOthers: leavesOutQuery, obstacle: obstacle
                ).text
            }
            return remark ?? reply.why.map(Shown.escaped) ?? (likely ? "nothing is likely" : "nothing is found")
        }
        guard saysNothingNear, let best = reply.results.map(\.score).max() else { return nil }
        return
            "nothing near: the best score is \(Shown.number(best, digits: 3)), so even that is probably another kind of sound"
    }

    /// Whether people are told that nothing is near: never beside a score that says otherwise, whatever version of the
    /// daemon answers.
    var saysNothingNear: Bool { !reply.near && reply.results.allSatisfy { $0.score < 0.5 } }

    var table: Table {
        let hasBits = reply.metric == .codes
        var table = Table(
            [.init(heading: "score", alignment: .right), .init(heading: "distance", alignment: .right)]
                + (hasBits ? [.init(heading: "bits", alignment: .right)] : [])
                + [.init(heading: segments ? "place" : "length", alignment: .right)]
                + (hasInside ? [.init(heading: "place", alignment: .right)] : [])
                + (contrast == nil ? [] : [.init(heading: "differs")])
                + [.init(heading: "file", isPath: true, home: home)])
        for result in reply.results {
            let place = result.inside ? "at \(Shown.moment(result.start, digits: 1))" : ""
            table.add(
                [Shown.number(result.score, digits: 3), Shown.number(result.distance, digits: 3)]
                    + (hasBits ? ["\(result.hamming)"] : [])
                    + [segments ? Shown.span(result.start, result.end) : Shown.duration(result.duration)]
                    + (hasInside ? [place] : [])
                    + (contrast.map { words in [result.figures.map(words.words(for:)) ?? ""] } ?? [])
                    + [Shown.path(result.place)])
        }
        return table
    }

    /// How the sounds are had that lie on other machines, in the order of the rows; empty if nobody said.
    var commands: String {
        let commands = reply.results.compactMap(\.open)
        return commands.isEmpty ? "" : "\n" + commands.map { Shown.escaped($0) + "\n" }.joined()
    }

    /// The folder of what was searched by, if that is in the library.
    private var home: String? {
        guard let query = reply.query.first, query.inLibrary, let path = query.path else { return nil }
        return query.sounds == nil ? Shown.folder(of: path) : Shown.path(path)
    }

    /// Whether a whole file is in the answer for what was found inside it.
    private var hasInside: Bool { !segments && reply.results.contains { $0.inside } }
}

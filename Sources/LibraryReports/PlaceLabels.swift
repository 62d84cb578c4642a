import CommandOutput
import TimbreWire

/// Places in one recording, as labels for programs that show its sound.
struct PlaceLabels {
    /// A place and what is written on it.
    struct Label: Hashable {
        var start: Double
        var end: Double
        var text: String
    }

    let recording: WirePath
    /// What was looked for, in words.
    let query: String
    /// In the order of their starts.
    let labels: [Label]

    /// - Precondition: There is at least one place.
    /// - Throws: ``Failure`` of code 64 if they are in several recordings.
    init(_ reply: Similar.Reply) throws(Failure) {
        let recordings = Set(reply.results.map(\.path))
        guard let recording = recordings.first else { preconditionFailure("there are places") }
        guard recordings.count == 1 else {
            throw Failure(
                .usage, what: "similar",
                why: "the places are in \(recordings.count) recordings, and such labels belong to one",
                next: "name it by --under FILE, or take --format csv")
        }
        let query = reply.query.map { $0.path.map { Shown.path($0.name) } ?? "code" }.joined(separator: " + ")
        self.recording = recording
        self.query = query
        labels = reply.results.sorted { ($0.start, $0.end) < ($1.start, $1.end) }.map { result in
            Label(
                start: result.start, end: result.end, text: "\(Shown.number(result.score, digits: 2)) \(query)")
        }
    }

    /// A label track of Audacity: start, end and text with tabs between them. Source: the Audacity manual, "Importing and
    /// Exporting Labels".
    var audacity: String {
        labels.map { label in
            "\(Shown.number(label.start, digits: 6))\t\(Shown.number(label.end, digits: 6))\t\(label.text)\n"
        }.joined()
    }

    /// Regions as REAPER's Region/Marker Manager imports them.
    var reaper: String {
        let rows = labels.enumerated().map { index, label in
            ["R\(index + 1)", label.text] + [label.start, label.end, label.end - label.start].map(Self.clock)
        }
        return ([["#", "Name", "Start", "End", "Length"]] + rows).map { ResultTable.line($0) + "\n" }.joined()
    }

    /// Hours, minutes and seconds: what has fewer parts could be beats to REAPER.
    private static func clock(_ seconds: Double) -> String {
        let text = SoundTime.text(seconds + 3600, digits: 3)
        let hours = text.prefix { $0 != ":" }
        return "\((Int(hours) ?? 1) - 1)\(text.dropFirst(hours.count))"
    }
}

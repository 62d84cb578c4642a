import CommandOutput
import TimbreWire

extension Tags {
    /// All tags on lines of their own, as `info` has them.
    var lines: [(name: String, value: String)] {
        var lines: [(name: String, value: String)] = []
        func add(_ name: String, _ value: String?) { if let value { lines.append((name, value)) } }
        for (name, text) in [("title", title), ("artist", artist), ("album", album), ("comment", comment)] {
            add(name, text.map(Shown.escaped))
        }
        add("tempo", bpm.map { "\(Shown.number($0, digits: $0 == $0.rounded() ? 0 : 2)) BPM" })
        add("key", key.map(Shown.escaped))
        add("beats", beats.map { "\($0)" })
        add("root note", rootNote.map(Self.note))
        for loop in loops ?? [] { add("repeated", Shown.span(loop.start, loop.end)) }
        return lines
    }

    private static let notes = ["C", "C#", "D", "D#", "E", "F", "F#", "G", "G#", "A", "A#", "B"]

    /// A note by its number: 60 is C4.
    private static func note(_ number: Int) -> String { "\(notes[number % 12])\(number / 12 - 1)" }
}

/// Says whether a file is a loop or a one-shot, and how that is known.
struct LoopWords {
    private let stated: Bool?
    private let likelihood: Double?

    init(_ file: FileItem) {
        // A part that a sampler repeats makes a loop of it if it is nearly the whole.
        let isRepeated = (file.tags?.loops ?? []).contains {
            10 * ($0.end - $0.start) >= 9 * (file.duration ?? .infinity)
        }
        stated = file.tags?.oneShot.map { !$0 } ?? (isRepeated ? true : nil)
        likelihood = file.figures?.loop
    }

    /// Nil if nothing is known of it.
    var text: String? {
        if let stated { return "\(stated ? "as a loop" : "once"), as the file says" }
        guard let likelihood else { return nil }
        let certainty = Shown.number(100 * max(likelihood, 1 - likelihood), digits: 0)
        return "\(likelihood >= 0.5 ? "as a loop" : "once"), it seems (\(certainty) %)"
    }
}

extension TagFilter {
    /// As it is written.
    var text: String { (field.map { "\($0.rawValue)=" } ?? "") + word }
}

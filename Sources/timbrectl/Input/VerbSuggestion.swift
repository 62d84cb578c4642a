import ArgumentParser
import CommandOutput

/// Finds the verb that somebody meant who wrote another word.
struct VerbSuggestion {
    /// What was written, and what was probably meant.
    struct Meant: Hashable {
        var written: String
        /// With the verb that it belongs to, if there is one: `model list`.
        var verb: String
    }

    private let root: any ParsableCommand.Type

    init(_ root: any ParsableCommand.Type) { self.root = root }

    /// The verb that is meant by arguments whose first word, or the next, is no verb; nil if all are, or nothing is like it.
    func verb(meantBy arguments: [String]) -> Meant? {
        var (command, before) = (root, "")
        for word in arguments {
            let verbs = Self.verbs(of: command)
            guard !verbs.isEmpty, !word.hasPrefix("-"), word != "help" else { return nil }
            if let next = verbs.first(where: { $0._commandName == word }) {
                (command, before) = (next, "\(before)\(word) ")
                continue
            }
            return Self.nearest(to: word, among: verbs.map { $0._commandName }).map {
                Meant(written: word, verb: before + $0)
            }
        }
        return nil
    }

    private static func verbs(of command: any ParsableCommand.Type) -> [any ParsableCommand.Type] {
        command.configuration.subcommands + command.configuration.groupedSubcommands.flatMap(\.subcommands)
    }

    /// The word that is written with the fewest mistakes, if these are few: a third of its letters, or it begins so.
    static func nearest(to word: String, among words: [String]) -> String? {
        let best = words.map { (mistakes: mistakes(from: word, to: $0), word: $0) }.min { $0.mistakes < $1.mistakes }
        if let best, best.mistakes <= max(1, best.word.count / 3) { return best.word }
        return word.count >= 2 ? words.first { $0.hasPrefix(word) } : nil
    }

    /// How many letters are wrong, missing, too many or swapped with the next: the optimal string alignment distance.
    ///
    /// Source: F. Damerau, "A technique for computer detection and correction of spelling errors", *CACM* 7 (1964).
    static func mistakes(from a: String, to b: String) -> Int {
        let (a, b) = (Array(a.utf8), Array(b.utf8))
        var rows = [Array(0...b.count)]
        for (i, letter) in a.enumerated() {
            var row = [i + 1]
            for (j, other) in b.enumerated() {
                var least = min(rows[i][j + 1] + 1, row[j] + 1, rows[i][j] + (letter == other ? 0 : 1))
                if i > 0, j > 0, letter == b[j - 1], a[i - 1] == other { least = min(least, rows[i - 1][j - 1] + 1) }
                row.append(least)
            }
            rows.append(row)
        }
        return rows[a.count][b.count]
    }
}

extension Failure {
    /// What the argument parser complains about: its first line, and where to read on.
    ///
    /// - Parameter meant: The verb that is probably meant; nil if the verb is right, or like no other.
    init(usage message: String, meant: VerbSuggestion.Meant? = nil) {
        let lines = message.split(separator: "\n").map { $0.drop { $0 == " " } }
        var complaint = String(lines.first.map { $0.hasPrefix("Error: ") ? $0.dropFirst(7) : $0 } ?? "wrong arguments")
        // Of many allowed values each has a line of its own.
        let choices = lines.dropFirst().prefix { $0.hasPrefix("- ") }.map { $0.dropFirst(2) }
        if complaint.hasSuffix(":"), !choices.isEmpty { complaint += " " + choices.joined(separator: ", ") }
        let help = lines.last { $0.hasPrefix("See '") }.map { $0.dropFirst(5).prefix { $0 != "'" } }
        if let meant {
            self.init(
                .usage, what: "usage", why: "there is no verb '\(meant.written)'", next: "did you mean '\(meant.verb)'?"
            )
            return
        }
        self.init(
            .usage, what: "usage", why: complaint.hasSuffix(".") ? String(complaint.dropLast()) : complaint,
            next: help.map { "see `\($0)`" })
    }
}

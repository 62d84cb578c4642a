import CommandOutput
import Platform
import SystemPackage
import TimbreWire

/// A file's name that begins with a dash, and that the parser has taken for options.
///
/// To the parser `-dash.ogg` is short options in one word: it shows help because of the h, or does not know the d.
struct DashedName: Hashable {
    /// As it was written.
    var path: FilePath

    /// The name in arguments that were answered by help that nobody asked for; nil if somebody did.
    init?(takenForHelp arguments: [String]) {
        let words = arguments.prefix { $0 != "--" }
        guard !words.contains(where: { ["-h", "--help", "help"].contains($0) }) else { return nil }
        guard let word = words.first(where: { Self.isDashed($0) && $0.contains("h") }) else { return nil }
        path = CommandArguments.path(word)
    }

    /// The name in arguments that the parser does not know; nil if none of them is a file's.
    init?(refused arguments: [String], exists: (FilePath) -> Bool) {
        let paths = arguments.prefix { $0 != "--" }.filter(Self.isDashed).map { CommandArguments.path($0) }
        guard let path = paths.first(where: exists) else { return nil }
        self.path = path
    }

    /// Whether a word begins with one dash, and has more than one letter behind it.
    private static func isDashed(_ word: String) -> Bool {
        word.hasPrefix("-") && !word.hasPrefix("--") && word.utf8.count > 2
    }
}

extension Failure {
    init(_ name: DashedName) {
        let shown = WirePath(name.path).shown
        self.init(
            .usage, what: shown, why: "no such option", next: "if it is a file, write ./\(shown), or -- before it")
    }
}

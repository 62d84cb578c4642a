import ArgumentParser
import CommandOutput
import SoundFeatures
import TimbreWire

/// Tempos from one to another, as people write them: `118-124`, or `120` for what is that when it is rounded.
struct TempoRange: Hashable {
    let least: Double
    let greatest: Double

    /// - Throws: `ValidationError` for what are no tempos.
    static func argument(_ text: String) throws -> TempoRange {
        let ends = text.split(separator: "-", omittingEmptySubsequences: false).map { Double(plain: $0) }
        switch (ends.first ?? nil, ends.last ?? nil, ends.count) {
        case (let tempo?, _, 1) where tempo > 0: return TempoRange(least: tempo - 0.5, greatest: tempo + 0.5)
        case (let least?, let greatest?, 2) where least > 0 && least <= greatest:
            return TempoRange(least: least, greatest: greatest)
        default: throw ValidationError("'\(text)' is neither like 120 nor like 118-124.")
        }
    }
}

extension TagFilter {
    /// Reads `word` or `artist=word`.
    ///
    /// - Throws: `ValidationError` if there is no word, or no such text.
    static func argument(_ text: String) throws -> TagFilter {
        let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.count == 2 else {
            guard !text.isEmpty else { throw ValidationError("--tag wants a word.") }
            return TagFilter(text)
        }
        guard let field = Field(rawValue: parts[0].lowercased()) else {
            let names = Field.allCases.map(\.rawValue).joined(separator: ", ")
            throw ValidationError("'\(parts[0])' is no text of tags: name one of \(names).")
        }
        guard !parts[1].isEmpty else { throw ValidationError("--tag \(parts[0])= wants a word.") }
        return TagFilter(parts[1], in: field)
    }
}

/// A key as somebody writes it.
struct KeyArgument: Hashable {
    let text: String

    /// - Throws: `ValidationError` for what is no key.
    static func argument(_ text: String) throws -> KeyArgument {
        guard MusicalKey(text) != nil else {
            throw ValidationError("'\(text)' is no key; write it like C#m, Db, F minor or 12A.")
        }
        return KeyArgument(text: text)
    }
}

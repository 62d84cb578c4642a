import CommandOutput
import TimbreWire

/// Says why a search found nothing: which condition left no file, and how many there were.
package struct EmptyRemark {
    var nothing: EmptyAnswer
    /// What was asked for.
    var filter: FileFilter?
    var maxDistance: Double?
    /// Whether only likely results were wanted.
    var likely = false
    /// Whether results had to be away from a sound.
    var hasAway = false
    /// Whether each sound was to be there once, and none of the query.
    var isDistinct = false
    /// Whether the files that are counted are all but the query's own.
    var areOthers = false
    /// Why nothing can be beyond the query as the contrasts want it, in a clause; nil if something could.
    var obstacle: String?

    /// One line, without an end.
    package var text: String {
        if nothing.files == 0 {
            return "no \(areOthers ? "other " : "")file is searchable" + (elsewhere ?? "; see `timbrectl status`")
        }
        if nothing.left == 0 { return filtered + (elsewhere ?? "") }
        let left = "of \(Shown.count(nothing.left, "file"))"
        if let maxDistance, let distance = nothing.distance, distance > maxDistance {
            return "nothing is within \(Shown.number(maxDistance, digits: 3)): the nearest \(left) "
                + "is at \(Shown.number(distance, digits: 3))"
        }
        if likely, let score = nothing.score, score < 0.5 {
            return "nothing is likely: the best score \(left) is \(Shown.number(score, digits: 3))"
        }
        if isDistinct, nothing.distance == nil {
            return nothing.left == 1
                ? "the only file holds the same sound" : "each \(left) holds the same sound as what is searched by"
        }
        if hasAway {
            return nothing.left == 1
                ? "the only file is as near to what --not names" : "each \(left) is as near to what --not names"
        }
        return "nothing \(left) can be compared"
    }

    /// What files of folders that are not there now would add.
    private var elsewhere: String? {
        guard let offline = nothing.offline, offline > 0 else { return nil }
        let files = Shown.count(offline, "file")
        return "; \(files) in folders that are not there now \(offline == 1 ? "is" : "are") found with --offline"
    }

    /// Which condition leaves no file or, if none does alone, what each leaves.
    private var filtered: String {
        let all = areOthers ? Shown.count(nothing.files, "other file") : Shown.count(nothing.files)
        let culprits = nothing.filters.filter { $0.files == 0 }
        if !culprits.isEmpty {
            return culprits.map { none($0.condition) + hint($0) }.joined(separator: ", and ") + "; 0 of \(all)"
        }
        let counts = nothing.filters.map { "\(Shown.count($0.files)) \(some($0.condition))" }
        return "no file meets all conditions: of \(all), " + counts.joined(separator: ", ")
    }

    /// What would help against a condition that leaves no file.
    private func hint(_ count: FilterCount) -> String {
        if count.condition == .contrasts, let obstacle { return ": \(obstacle)" }
        if let paths = count.paths, paths > 0 {
            return ": that is for names; for whole paths it takes a slash, '/\(filter?.glob.map(Shown.path) ?? "")', "
                + "which matches \(Shown.count(paths))"
        }
        return count.ignoringCase.map { $0 > 0 ? ": case matters, or \(Shown.count($0)) would" : "" } ?? ""
    }

    private func none(_ condition: FilterCount.Condition) -> String {
        switch condition {
        case .under: "no searchable file lies below \(under)"
        case .notUnder: "every file lies below \(notUnder)"
        case .glob: "no file matches \(glob)"
        case .minDuration: "no file is as long as \(length(filter?.minDuration))"
        case .maxDuration: "no file is as short as \(length(filter?.maxDuration))"
        case .channels: "no file has \(channels)"
        case .since: "no file is so new"
        case .tags: "no file's tags have \(tags)"
        case .minBPM, .maxBPM: "no file names \(tempo(condition))"
        case .key: "no file names the key \(key)"
        case .minLength: "no file is heard for \(length(filter?.minLength))"
        case .maxLength: "no file is heard for only \(length(filter?.maxLength))"
        case .loop: "no file is \(loop.one)"
        case .contrasts: "no file differs so from what is searched by"
        }
    }

    private func some(_ condition: FilterCount.Condition) -> String {
        switch condition {
        case .under: "lie below \(under)"
        case .notUnder: "lie elsewhere than below \(notUnder)"
        case .glob: "match \(glob)"
        case .minDuration: "are at least \(length(filter?.minDuration)) long"
        case .maxDuration: "are at most \(length(filter?.maxDuration)) long"
        case .channels: "have \(channels)"
        case .since: "are so new"
        case .tags: "have \(tags) in their tags"
        case .minBPM, .maxBPM: "name \(tempo(condition))"
        case .key: "name the key \(key)"
        case .minLength: "are heard for at least \(length(filter?.minLength))"
        case .maxLength: "are heard for at most \(length(filter?.maxLength))"
        case .loop: "are \(loop.many)"
        case .contrasts: "differ so from what is searched by"
        }
    }

    private var under: String { filter?.under.map(Shown.path) ?? "the folder" }
    private var notUnder: String {
        (filter?.notUnder ?? []).map(Shown.path).joined(separator: " or ")
    }
    private var glob: String { "'\(filter?.glob.map(Shown.path) ?? "")'" }
    private var channels: String { Shown.count(filter?.channels ?? 0, "channel") }
    private var tags: String {
        (filter?.tags ?? []).map { "'\(Shown.escaped($0.text))'" }.joined(separator: " and ")
    }
    private func tempo(_ condition: FilterCount.Condition) -> String {
        let isLeast = condition == .minBPM
        let tempo = Shown.number((isLeast ? filter?.minBPM : filter?.maxBPM) ?? 0, digits: 1)
        return "a tempo of \(tempo) or \(isLeast ? "more" : "less")"
    }
    private var key: String { Shown.escaped(filter?.key ?? "") }
    private var loop: (one: String, many: String) {
        filter?.loop ?? true ? ("a loop", "loops") : ("a one-shot", "one-shots")
    }
    private func length(_ seconds: Double?) -> String { Shown.duration(seconds ?? 0) }
}

extension EmptyRemark {
    /// - Parameter filter: What files had to be.
    package init(nothing: EmptyAnswer, filter: FileFilter?) {
        self.init(nothing: nothing, filter: filter, maxDistance: nil)
    }
}

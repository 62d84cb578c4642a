import CommandOutput
import TimbreWire

/// Groups of duplicates, as they are printed: those first that have most beside the largest file.
package struct DuplicatesOutput {
    let groups: [DuplicateGroup]
    let missing: [MissingShard]?
    let why: String?

    /// What `--json` prints.
    struct Whole: Encodable {
        var groups: [DuplicateGroup]
        /// Bytes that all files but the largest of each group take.
        var wasted: Int
        /// Shards of a cluster that did not answer.
        var missing: [MissingShard]?
        /// Of a cluster: why there are no groups.
        var why: String?
    }

    package init(_ groups: [DuplicateGroup], missing: [MissingShard]? = nil, why: String? = nil) {
        (self.missing, self.why) = (missing, why)
        self.groups = groups.sorted { a, b in
            if a.wasted != b.wasted { return a.wasted > b.wasted }
            return a.files[0].place.bytes.lexicographicallyPrecedes(b.files[0].place.bytes)
        }
    }

    private var wasted: Int { groups.reduce(0) { $0 + $1.wasted } }

    /// Prints them.
    ///
    /// - Throws: ``Failure`` of code 1 if there are none.
    package func show(as form: ListForm) throws {
        if form == .paths {
            try Output.write(groups.flatMap { $0.files.flatMap { $0.place.bytes + [0] } })
        } else {
            try form.show(
                Whole(groups: groups, wasted: wasted, missing: missing, why: why), rows: groups, path: Self.noPath
            ) {
                text
            }
        }
        if groups.isEmpty { throw Failure(.noMatch) }
    }

    /// Why there are none, in one line without an end.
    package static func remark(on nothing: EmptyAnswer, areNear: Bool, under: WirePath?) -> String {
        guard nothing.left > 0 else {
            return EmptyRemark(nothing: nothing, filter: FileFilter(under: under)).text
        }
        let place = under.map { " below \(Shown.path($0))" } ?? ""
        guard nothing.left > 1 else { return "there is only 1 file\(place): nothing to compare it with" }
        let what = areNear ? "the same sound" : "the same bytes; --near compares how they sound"
        return "no two of \(Shown.count(nothing.left, "file"))\(place) hold \(what)"
    }

    /// A group has no path of its own.
    private static func noPath(_: DuplicateGroup) -> WirePath? { nil }

    /// The groups as people read them.
    var text: String {
        guard !groups.isEmpty else { return "" }
        let files = groups.reduce(0) { $0 + $1.files.count }
        return groups.map { text($0) + "\n" }.joined()
            + "\(Shown.count(groups.count, "group")), \(Shown.count(files, "file")), "
            + "\(Shown.size(wasted)) beside the largest of each; --spares tells what of it can go\n"
    }

    private func text(_ group: DuplicateGroup) -> String {
        let what = group.kind == .exact ? "of the same bytes" : "of the same sound"
        return "\(Shown.count(group.files.count, "file")) \(what), \(Shown.size(group.wasted)) beside the largest:\n"
            + group.files.map { "  " + Shown.path($0.place) + remarks($0) + "\n" }.joined()
    }

    /// How a file differs from the first of its group.
    private func remarks(_ file: DuplicateFile) -> String {
        guard let difference = file.difference, let level = file.level else { return "" }
        let rounded = Shown.number(level, digits: 1)
        let louder = rounded == "0.0" ? "" : ", \(level > 0 ? "+" : "")\(rounded) dB"
        return " (\(file.format ?? "unknown format")\(louder), differs by \(Shown.number(difference, digits: 2)) dB)"
    }
}

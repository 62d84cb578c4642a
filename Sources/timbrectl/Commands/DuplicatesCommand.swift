import ArgumentParser
import Platform
import SystemPackage
import TimbreWire

/// Lists the files that are duplicates of each other.
struct DuplicatesCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "duplicates", abstract: "List the files that are duplicates of each other.")

    @Flag(help: "Also the same sound at another level, in another format or with other silence around it.")
    var near = false

    @Option(
        help: ArgumentHelp("Only files below this folder.", valueName: "dir"), completion: .directory,
        transform: { CommandArguments.path($0) })
    var under: FilePath?

    @Flag(help: "Print what can go: never all of a group, and only what wins space. Nothing is deleted.")
    var spares = false

    @Option(
        help: ArgumentHelp(
            "With --spares, which file of a group is kept: largest (default), oldest, newest or path=GLOB, which keeps all that match. Several: the first that is about a file of the group decides.",
            valueName: "rule"), transform: { try KeepRule.argument($0) })
    var keep: [KeepRule] = []

    @Flag(
        help:
            "With --spares: let go, too, what may be a velocity layer: the same sound at another level, or under a name that differs in a number or in how loud it is."
    )
    var layers = false

    @OptionGroup var everywhere: EverywhereOptions
    @OptionGroup(title: "Output") var output: ListOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !everywhere.everywhere || !spares else {
            throw ValidationError("--everywhere excludes --spares: what can go is decided on the machine that has it.")
        }
        guard spares || !layers else { throw ValidationError("--layers says what --spares lets go; add --spares.") }
        guard spares || keep.isEmpty else { throw ValidationError("--keep says what --spares keeps; add --spares.") }
    }

    func run() throws {
        let below = try under.map { try everywhere.everywhere ? WirePath($0) : WirePath(resolving: $0) }
        let parameters = Duplicates.Parameters(near: near, under: below)
        let line = ProgressLine(isShown: !output.json && !output.jsonl)
        defer { line.clear() }
        var groups: [DuplicateGroup] = []
        let last = try everywhere.call(connection, Duplicates.self, parameters, what: "duplicates") { news in
            groups += news.groups
            line.show(stage: "comparing", news.progress)
        }
        groups += last.groups
        line.clear()
        if spares {
            let rules = keep.isEmpty ? [.largest] : keep
            return try SparesOutput(groups.map { SparePlan($0, keeping: rules, lettingLayersGo: layers) })
                .show(options: output)
        }
        if let why = last.why { Output.error(Shown.escaped("timbrectl: duplicates: \(why)")) }
        try everywhere.show(missing: last.missing, what: "duplicates") {
            try DuplicatesOutput(groups, missing: last.missing, why: last.why).show(options: output)
        }
    }
}

/// Groups of duplicates, as they are printed: those first that have most beside the largest file.
struct DuplicatesOutput {
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

    init(_ groups: [DuplicateGroup], missing: [MissingShard]? = nil, why: String? = nil) {
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
    func show(options: ListOptions) throws {
        if options.null {
            try Output.write(groups.flatMap { $0.files.flatMap { $0.place.bytes + [0] } })
        } else {
            try options.show(
                Whole(groups: groups, wasted: wasted, missing: missing, why: why), rows: groups, path: Self.noPath
            ) {
                text
            }
        }
        if groups.isEmpty { throw Failure(.noMatch) }
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

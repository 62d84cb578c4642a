import ArgumentParser
import CommandOutput
import LibraryReports
import LocalFiles
import Platform
import SoundPlots
import SystemPackage
import TimbreWire

/// Asks for the neighbours of sounds.
struct SimilarCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "similar", abstract: "List the files that sound most like given ones.",
        discussion: """
            The score is the probability, from 0 to 1, that a person would call the two the same kind of sound: from 0.5 on \
            that is more likely than not. It means the same for every query. The distance is what the list is in the order \
            of, unless with --rerank or a contrast such as --darker; 0 is the same sound, and 1.4 is far.
            """)

    typealias Format = SimilarOutput.Format

    @Argument(
        help: """
            Sounds, in the library or not; - is standard input. Several: near to all of them. A folder of the library: near to \
            what its sounds have in common.
            """,
        completion: .file(), transform: { CommandArguments.path($0) })
    var files: [FilePath] = []

    @Option(
        help: ArgumentHelp("A sound to be away from.", valueName: "file"), completion: .file(),
        transform: { CommandArguments.path($0) })
    var not: [FilePath] = []

    @Option(help: ArgumentHelp("Search by a timbre code: 16 bytes in base64.", valueName: "base64"))
    var code: [String] = []

    @Option(
        help: ArgumentHelp(
            "Search by this part of the sounds, such as 1.2-2.0 or 1:02-1:05.5.", valueName: "from-to"),
        transform: { try TimeSpan.argument($0) })
    var at: TimeSpan?

    @Option(name: [.customShort("n"), .long], help: "How many results at most.")
    var count = 10

    @Option(help: "How distance is measured: by timbre vectors, or by timbre codes as --code has it.")
    var metric: Metric?

    @Flag(help: "One row for each place in a recording, so that a file can come more than once.")
    var segments = false

    @Flag(help: "Near to the sounds as they are when they sound at once, and not to each of them.")
    var blend = false

    @Option(help: ArgumentHelp("At most so many files of one folder.", valueName: "n"))
    var perFolder: Int?

    @Flag(help: "Each sound once: of copies only one, and none of the sounds that are named.")
    var distinct = false

    @Flag(help: "Of the nearest fifty those first that share most of their neighbours with the sound.")
    var rerank = false

    @Flag(help: "Only what is more likely right than wrong: a score of at least 0.5.")
    var likely = false

    @Option(
        help: ArgumentHelp("Only what is at least so near.", valueName: "distance"),
        transform: { try Double.argument($0) })
    var maxDistance: Double?

    @Flag(name: .customLong("self"), help: "Do not leave the files themselves out.")
    var includeSelf = false

    @Flag(help: "Also files of folders that are not there now.")
    var offline = false

    @Flag(help: "Wait until all that is on disk now is searchable.")
    var sync = false

    @Option(help: "How the answer is printed: \(Format.allCases.map(\.rawValue).joined(separator: ", ")).")
    var format: Format?

    @Flag(help: "Draw a small picture of each result below its row.")
    var plot = false

    @OptionGroup var everywhere: EverywhereOptions
    @OptionGroup(title: "Near in all else, and") var contrast: ContrastOptions
    @OptionGroup(title: "Filters") var filters: FilterOptions
    @OptionGroup(title: "Output") var output: ListOptions
    @OptionGroup var use: UseOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !files.isEmpty || !code.isEmpty else { throw ValidationError("Name a FILE, or a --code.") }
        try Self.check(count: count, of: "--count")
        guard maxDistance ?? 0 >= 0 else { throw ValidationError("--max-distance cannot be less than 0.") }
        guard code.allSatisfy({ Base64(text: $0)?.bytes.count == 16 }) else {
            throw ValidationError("--code must be 16 bytes in base64.")
        }
        guard code.isEmpty || metric != .timbre else { throw ValidationError("--code excludes --metric timbre.") }
        guard !blend || code.isEmpty && ParameterLimits.blended.contains(files.count) else {
            throw ValidationError(
                "--blend mixes \(ParameterLimits.blended.lowerBound) to \(ParameterLimits.blended.upperBound) files.")
        }
        guard !blend || metric != .codes else { throw ValidationError("--blend excludes --metric codes.") }
        guard !rerank || !segments && !blend && code.isEmpty && metric != .codes else {
            throw ValidationError("--rerank excludes --segments, --blend, --code and --metric codes.")
        }
        guard perFolder ?? 1 >= 1 else { throw ValidationError("--per-folder must be at least 1.") }
        guard perFolder == nil || !segments else { throw ValidationError("--per-folder excludes --segments.") }
        guard contrast.contrasts == nil || !segments && code.isEmpty else {
            throw ValidationError("A contrast such as --darker excludes --segments and --code.")
        }
        guard (files + not).count(where: { $0 == "-" }) <= 1 else { throw ValidationError("- can be named once.") }
        if let format, [.audacity, .reaper, .elan].contains(format), !segments {
            throw ValidationError("--format \(format.rawValue) shows places: it wants --segments.")
        }
        guard format == nil || !(output.json || output.jsonl || output.null) else {
            throw ValidationError("--format excludes --json, --jsonl and -0.")
        }
        guard !everywhere.everywhere || !plot && !use.open && format != .m3u else {
            throw ValidationError("--everywhere excludes --plot, --open and --format m3u: the sounds are elsewhere.")
        }
        guard !plot || (format ?? .table) == .table && !(output.json || output.jsonl || output.null) else {
            throw ValidationError("--plot is for tables.")
        }
    }

    func run() throws {
        if at != nil, let folder = files.first(where: { OutsideSound.isFolder($0) }) {
            throw Failure(.usage, what: WirePath(folder).shown, why: "a folder has no part that --at could name")
        }
        var sounds = QuerySounds(wanted: files, unwanted: not)
        let codes = code.compactMap { Base64(text: $0).map { QuerySound(.code($0.bytes)) } }
        let filter = try filters.filter(everywhere: everywhere.everywhere, mayBeAway: offline)
        let reply = try sounds.search { wanted, unwanted in
            try everywhere.ask(
                connection, Similar.self,
                Similar.Parameters(
                    queries: wanted + codes, not: unwanted.isEmpty ? nil : unwanted, at: at, count: count,
                    metric: metric, segments: segments, contrasts: contrast.contrasts, rerank: rerank, likely: likely,
                    blend: blend, perFolder: perFolder, distinct: distinct, filter: filter, maxDistance: maxDistance,
                    includeSelf: includeSelf, offline: offline, sync: sync))
        }
        var shown = SimilarOutput(
            reply: reply, segments: segments, filter: filter, maxDistance: maxDistance, likely: likely,
            hasAway: !not.isEmpty)
        (shown.isDistinct, shown.leavesOutQuery) = (distinct, !includeSelf)
        shown.obstacle = ContrastReach.obstacle(contrast.contrasts ?? [], beyond: reply.query.compactMap(\.figures))
        shown.contrast = ContrastWords(contrast.contrasts, reply)
        if plot {
            let strips = ResultStrips(connection, segments: segments)
            shown.draw = { try strips.text($0, of: reply.results, width: $1) }
        }
        try everywhere.show(missing: reply.missing, what: "similar") {
            try shown.show(format: format, as: output.form)
            try use.use(reply.results.map(\.place), what: "similar")
        }
    }
}

extension Metric: ExpressibleByArgument {}

extension SimilarOutput.Format: ExpressibleByArgument {}

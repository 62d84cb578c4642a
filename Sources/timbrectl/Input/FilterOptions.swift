import ArgumentParser
import CommandOutput
import Glibc
import LocalFiles
import Platform
import SystemPackage
import TimbreWire

/// Which files may be in an answer.
struct FilterOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp("Only files below this folder, or this file.", valueName: "path"), completion: .file(),
        transform: { CommandArguments.path($0) })
    var under: FilePath?

    @Option(
        help: ArgumentHelp("No files below this folder, and not this file; may be repeated.", valueName: "path"),
        completion: .file(), transform: { CommandArguments.path($0) })
    var notUnder: [FilePath] = []

    @Option(
        help: ArgumentHelp("Only names, or, with a slash, whole paths like this.", valueName: "pattern"),
        transform: { WirePath(CommandArguments.bytes($0)) })
    var glob: WirePath?

    @Option(
        help: ArgumentHelp("Only sounds at least so long, such as 0.5 or 1:30.", valueName: "time"),
        transform: { try SoundTime.argument($0) })
    var minDuration: SoundTime?

    @Option(
        help: ArgumentHelp("Only sounds at most so long.", valueName: "time"),
        transform: { try SoundTime.argument($0) })
    var maxDuration: SoundTime?

    @Option(help: ArgumentHelp("Only files with so many channels.", valueName: "n"))
    var channels: Int?

    @Option(
        help: ArgumentHelp("Only files that are new since: 3h, 2d, 1w or 2026-01-31.", valueName: "when"),
        transform: {
            guard let since = Since($0) else {
                throw ValidationError("'\($0)' is neither like 2d nor like 2026-01-31.")
            }
            return since
        })
    var since: Since?

    @Option(
        help: ArgumentHelp(
            "Only files with this word in their tags, or in one text of them, such as artist=tom; may be repeated.",
            valueName: "word"),
        transform: { try TagFilter.argument($0) })
    var tag: [TagFilter] = []

    @Option(
        help: ArgumentHelp("Only files that name such a tempo, such as 118-124 or 120.", valueName: "tempos"),
        transform: { try TempoRange.argument($0) })
    var bpm: TempoRange?

    @Option(
        help: ArgumentHelp("Only files that name this key, such as C#m; Db minor is the same.", valueName: "key"),
        transform: { try KeyArgument.argument($0) })
    var key: KeyArgument?

    @Option(
        help: ArgumentHelp("Only sounds that are heard for at least so long, down to -60 dB.", valueName: "time"),
        transform: { try SoundTime.argument($0) })
    var minLength: SoundTime?

    @Option(
        help: ArgumentHelp("Only sounds that are heard for at most so long.", valueName: "time"),
        transform: { try SoundTime.argument($0) })
    var maxLength: SoundTime?

    @Flag(help: "Only loops, as files say or, where they do not, as sounds seem to be.")
    var loops = false

    @Flag(help: "Only one-shots, likewise.")
    var oneShots = false

    func validate() throws {
        guard channels ?? 1 >= 1 else { throw ValidationError("--channels must be at least 1.") }
        guard !loops || !oneShots else { throw ValidationError("--loops excludes --one-shots.") }
    }
}

extension FilterOptions {
    /// The conditions as the daemon takes them; nil if there is none.
    ///
    /// - Parameters:
    ///   - everywhere: Whether paths are those of other machines, with their names in front.
    ///   - mayBeAway: Whether the folder below which files are to lie need not be there.
    func filter(everywhere: Bool = false, mayBeAway: Bool = false) throws -> FileFilter? {
        var filter = FileFilter(
            under: try under.map { folder in
                if everywhere { return WirePath(folder) }
                return try mayBeAway ? WirePath(naming: folder) : WirePath(resolvingFileOrFolder: folder)
            },
            notUnder: notUnder.isEmpty ? nil : try notUnder.map { try WirePath(resolvingFileOrFolder: $0) },
            glob: glob,
            minDuration: minDuration?.seconds, maxDuration: maxDuration?.seconds, channels: channels,
            since: since?.seconds(now: Double(time(nil))))
        filter.tags = tag.isEmpty ? nil : tag
        (filter.minBPM, filter.maxBPM, filter.key) = (bpm?.least, bpm?.greatest, key?.text)
        (filter.minLength, filter.maxLength) = (minLength?.seconds, maxLength?.seconds)
        filter.loop = loops ? true : oneShots ? false : nil
        return filter == FileFilter() ? nil : filter
    }
}

extension ParsableCommand {
    /// Makes sure that a number of results or searches, if it is given, is one that the daemon takes.
    static func check(count: Int?, of option: String) throws(ValidationError) {
        let counts = ParameterLimits.counts
        guard let count, !counts.contains(count) else { return }
        throw ValidationError("\(option) must lie between \(counts.lowerBound) and \(counts.upperBound).")
    }
}

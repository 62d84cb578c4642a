import ArgumentParser
import CommandOutput
import LocalFiles
import Platform
import SoundPlots
import SystemPackage
import TimbrePictures
import TimbreWire

/// Draws what sounds look like.
struct PlotCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "plot",
        abstract: "Draw a sound, or two beside each other: waveform, Bark bands, cepstra and codes.")

    @Argument(
        help: "Sounds, in the library or not; - is standard input. Of two, what they share is marked.",
        completion: .file(), transform: { CommandArguments.path($0) })
    var files: [FilePath]

    @Option(
        help: ArgumentHelp("Only this part of the sounds, such as 1.2-2.0 or 1:02-1:05.5.", valueName: "from-to"),
        transform: { try TimeSpan.argument($0) })
    var at: TimeSpan?

    @Option(
        help: ArgumentHelp(
            "Only some of \(PictureLane.allCases.map(\.rawValue).joined(separator: ",")).", valueName: "lanes"),
        transform: { text in
            try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
                guard let lane = PictureLane(rawValue: String(name)) else {
                    let names = PictureLane.allCases.map(\.rawValue).joined(separator: ", ")
                    throw ValidationError("'\(name)' is none of \(names).")
                }
                return lane
            }
        })
    var only: [PictureLane]?

    @Option(
        name: [.customShort("o"), .long],
        help: ArgumentHelp("Write the picture to this file, which ends in .svg or .png.", valueName: "file"),
        completion: .file(extensions: ["svg", "png"]), transform: { try PictureFile($0) })
    var output: PictureFile?

    @Flag(help: "Replace a file that is there.")
    var force = false

    @Option(help: "How wide it is: in columns of a terminal or, in a file, in pixels.")
    var width: Int?

    @Option(help: "What it is looked at on: \(PictureTheme.allCases.map(\.rawValue).joined(separator: ", ")).")
    var theme = PictureTheme.dark

    @OptionGroup(title: "Output") var json: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    /// Columns that a terminal can have.
    private static let columnCounts = 40...1000
    /// How many sounds go into one picture.
    private static let mostFiles = 20

    func validate() throws {
        guard (1...Self.mostFiles).contains(files.count) else {
            throw ValidationError("Name 1 to \(Self.mostFiles) files.")
        }
        guard files.count(where: { $0 == "-" }) <= 1 else { throw ValidationError("- can be named once.") }
        let widths = output == nil ? Self.columnCounts : SoundPicture.widths
        guard widths.contains(width ?? widths.lowerBound) else {
            throw ValidationError("--width must lie between \(widths.lowerBound) and \(widths.upperBound).")
        }
        guard output == nil || !json.json else { throw ValidationError("--json excludes --output.") }
        guard output != nil || !force else { throw ValidationError("--force is about the file of --output.") }
    }

    /// Pixels of a file's width, if nobody says, for one sound and for two.
    private static let usualWidths = (one: 1000, two: 1600)

    /// How wide the picture is: in columns of the terminal or, in a file, in pixels.
    private var shownWidth: Int {
        if let width { return width }
        guard output != nil else { return Output.width ?? 80 }
        return files.count == 2 ? Self.usualWidths.two : Self.usualWidths.one
    }

    /// How many columns of a sound are asked for: two for each of a terminal, one for each pixel of a file.
    var askedColumns: Int { min(output == nil ? 2 * shownWidth : shownWidth, Look.usualCount) }

    func run() throws {
        if let output { return try draw(to: output) }
        let plot = try plot()
        if json.json { return try json.show(plot) { "" } }
        let columns = max(shownWidth, Self.columnCounts.lowerBound)
        try Output.write(Array(picture(of: plot).text(columns: columns, TerminalColours.ofOutput).utf8))
    }

    private func draw(to output: PictureFile) throws {
        // Whether it may be written is known before anybody is asked.
        let file = try NewFile(output.path, replacesOthers: force)
        let picture = picture(of: try plot())
        let bytes =
            switch output.kind {
            case .svg: Array(picture.svg(width: shownWidth).utf8)
            case .png: picture.png(width: shownWidth)
            }
        do { _ = try file.descriptor.writeAll(bytes) } catch {
            throw Failure(error, what: WirePath(output.path).shown)
        }
        try file.finish()
    }

    private func plot() throws -> Plot {
        try Plot(
            files, at: at, columns: askedColumns, wantsWave: json.json || only?.contains(.wave) ?? true, connection)
    }

    private func picture(of plot: Plot) -> SoundPicture {
        plot.picture(lanes: only ?? PictureLane.allCases, theme: theme)
    }
}

extension PictureTheme: ExpressibleByArgument {}

/// A file that a picture is written to; its name says how.
struct PictureFile {
    enum Kind: String { case svg, png }

    let path: FilePath
    let kind: Kind

    /// - Throws: `ValidationError` if the name ends in anything else.
    init(_ argument: String) throws {
        path = CommandArguments.path(argument)
        guard let kind = path.extension.map({ $0.lowercased() }).flatMap(Kind.init) else {
            throw ValidationError("'\(argument)' ends neither in .svg nor in .png.")
        }
        self.kind = kind
    }
}

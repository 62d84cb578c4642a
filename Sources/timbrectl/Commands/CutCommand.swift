import ArgumentParser
import CommandOutput
import Glibc
import LocalFiles
import Platform
import SystemPackage
import TimbreWire
import Varlink

/// Writes parts of recordings to files of their own.
struct CutCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cut", abstract: "Write parts of recordings to WAV files of their own.",
        discussion: "Places come as arguments, or from `timbrectl similar --segments --jsonl` by standard input.")

    @Argument(
        help: "A recording; - takes places from standard input, an object a line.", completion: .file(),
        transform: { CommandArguments.path($0) })
    var file: FilePath

    @Argument(
        help: ArgumentHelp("What to cut out, such as 12.3-15 or 1:02-1:05.5.", valueName: "from-to"),
        transform: { try TimeSpan.argument($0) })
    var parts: [TimeSpan] = []

    @Option(
        name: .shortAndLong, help: ArgumentHelp("The file to write; - is standard output.", valueName: "out.wav"),
        completion: .file(), transform: { CommandArguments.path($0) })
    var output: FilePath?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The folder for files that are named after recording and time.", valueName: "dir"),
        completion: .directory, transform: { CommandArguments.path($0) })
    var directory: FilePath?

    @Option(
        help: ArgumentHelp("So much more before and behind each part.", valueName: "time"),
        transform: { try SoundTime.argument($0) })
    var margin: SoundTime?

    @Flag(help: "Replace files that are there.")
    var force = false

    @OptionGroup(title: "Output") var shown: JSONOptions

    func validate() throws {
        guard (output == nil) != (directory == nil) else {
            throw ValidationError("Name a file by -o, or a folder by -d.")
        }
        if file == "-" {
            guard parts.isEmpty, directory != nil else {
                throw ValidationError("Places from standard input want a folder, -d, and no others beside them.")
            }
        } else {
            guard !parts.isEmpty else { throw ValidationError("Say what to cut out, such as 1:02-1:05.5.") }
            guard output == nil || parts.count == 1 else { throw ValidationError("Several parts want a folder, -d.") }
        }
        guard output != "-" || !shown.json else { throw ValidationError("-o - excludes --json.") }
    }

    func run() throws {
        if let directory { try Self.make(directory) }
        var names = CutNames()
        var files: [WrittenPart] = []
        func write(_ place: CutPlace) throws {
            let target = output ?? directory?.appending(names.name(for: place)) ?? "-"
            let written = try cut(place, to: target)
            files.append(written)
            // What is named here is told, as soon as it is there.
            if directory != nil, !shown.json { try Output.write(path: written.path) }
        }
        if file == "-" {
            try writeEach(write)
        } else {
            for part in parts { try write(CutPlace(recording: WirePath(file), part: part)) }
        }
        if shown.json { try Output.write(JSON.encode(Written(files: files)) + [UInt8(ascii: "\n")]) }
    }

    /// Goes through the lines of standard input. What fails is told, and does not keep the others back.
    ///
    /// - Throws: ``Failure`` with the code of the first that failed, or of code 1 if there is no line.
    private func writeEach(_ write: (CutPlace) throws -> Void) throws {
        var (number, first) = (0, Failure?.none)
        while let line = readLine() {
            number += 1
            do { try write(try CutPlace(line: line, number: number)) } catch let failure as Failure {
                if let line = failure.line { Output.error(line) }
                first = first ?? failure
            }
        }
        if let first { throw Failure(first.code) }
        if number == 0 { throw Failure(.noMatch) }
    }

    private func cut(_ place: CutPlace, to target: FilePath) throws -> WrittenPart {
        let part = place.part(withMargin: margin?.seconds ?? 0)
        let new = try NewFile(target, replacesOthers: force, ifFolder: "-d takes one")
        let path = FilePath(bytes: place.recording.bytes)
        let sound =
            OutsideSound.isPipe(path)
            ? try OutsideSound(copyingPipe: path) : try OutsideSound(opening: place.recording, for: "cut")
        let end = try sound.write(part, named: place.recording, to: new.descriptor)
        try new.finish()
        if let remark = Self.remark(on: place, endingAt: end) { Output.error("timbrectl: cut: \(remark)") }
        return WrittenPart(
            path: WirePath(target), recording: place.recording, part: TimeSpan(start: part.start, end: end))
    }

    /// What is said of a recording that ends within a part, whatever margin was wanted behind it; nil if it does not.
    static func remark(on place: CutPlace, endingAt end: Double) -> String? {
        // A part ends with a frame, and none is longer than this.
        guard end < place.part.end - 0.001 else { return nil }
        return "\(Shown.path(place.recording)) ends at \(Shown.moment(end)), before \(Shown.moment(place.part.end)): "
            + "what was written is shorter"
    }

    private static func make(_ directory: FilePath) throws(Failure) {
        let result = unsafe directory.withPlatformString { unsafe mkdir($0, 0o777) }
        let error = Errno.last
        guard result != 0, error != .fileExists else { return }
        throw Failure(
            error == .permissionDenied ? .notPermitted : .noSuchFile, what: WirePath(directory).shown, why: "\(error)")
    }
}

/// All files that were written.
private struct Written: Encodable {
    var files: [WrittenPart]
}

/// A file that was written, and what of which recording is in it.
private struct WrittenPart: Encodable {
    var path: WirePath
    var recording: WirePath
    var part: TimeSpan

    private enum CodingKeys: String, CodingKey { case recording, start, end }

    func encode(to encoder: any Encoder) throws {
        try path.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(recording, forKey: .recording)
        try members.encode(part.start, forKey: .start)
        try members.encode(part.end, forKey: .end)
    }
}

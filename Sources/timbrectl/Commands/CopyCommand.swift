import ArgumentParser
import CommandOutput
import LocalFiles
import Platform
import SystemPackage
import TimbreWire
import Varlink

/// Copies sounds to a folder: out of archives, or from where they lie on disk.
struct CopyCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "copy", abstract: "Copy sounds to a folder, out of archives as well.",
        discussion: "timbrectl copy 'pack.zip/Kicks/kick 1.wav' ~/Project")

    @Argument(
        help: ArgumentHelp(
            "Files, or paths that go on inside of archives, and last the folder.", valueName: "files… dir"),
        completion: .file(), transform: { CommandArguments.path($0) })
    var paths: [FilePath]

    @Flag(help: "Replace files that are there.")
    var force = false

    @OptionGroup(title: "Output") var shown: JSONOptions

    func validate() throws {
        guard paths.count > 1 else { throw ValidationError("Name one file or more, and then a folder.") }
    }

    func run() throws {
        let folder = paths[paths.count - 1]
        guard OutsideSound.isFolder(folder) else {
            throw Failure(.noSuchFile, what: WirePath(folder).shown, why: "not a folder", next: "make it first")
        }
        var (copies, first) = ([Copy](), Failure?.none)
        // What fails is told, and does not keep the others back.
        for path in paths.dropLast() {
            do {
                let copy = try copy(path, to: folder)
                copies.append(copy)
                if !shown.json { try Output.write(path: copy.path) }
            } catch let failure as Failure {
                if let line = failure.line { Output.error(line) }
                first = first ?? failure
            }
        }
        if shown.json { try Output.write(JSON.encode(Copies(files: copies)) + [UInt8(ascii: "\n")]) }
        if let first { throw Failure(first.code) }
    }

    private func copy(_ path: FilePath, to folder: FilePath) throws -> Copy {
        let (name, source) = (path.lexicallyNormalized().nameBytes, WirePath(path))
        let target = folder.appending(bytes: name)
        let new = try NewFile(target, replacesOthers: force, ifFolder: nil)
        try OutsideSound(opening: source, for: "copy").copy(to: new.descriptor, named: source)
        try new.finish()
        return Copy(path: WirePath(target), source: source)
    }
}

/// All files that were made.
private struct Copies: Encodable {
    var files: [Copy]
}

/// A file that was made, and what of.
private struct Copy: Encodable {
    var path: WirePath
    var source: WirePath

    private enum CodingKeys: String, CodingKey { case source }

    func encode(to encoder: any Encoder) throws {
        try path.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(source, forKey: .source)
    }
}

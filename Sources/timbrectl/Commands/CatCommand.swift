import ArgumentParser
import CommandOutput
import LocalFiles
import Platform
import SystemPackage
import TimbreWire

/// Writes the bytes of a sound to standard output: out of an archive, or as they lie on disk.
struct CatCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "cat", abstract: "Write a sound to standard output, out of an archive as well.",
        discussion: "timbrectl cat 'pack.zip/Kicks/kick 1.wav' >kick.wav")

    @Argument(
        help: "A file, or a path that goes on inside of an archive.", completion: .file(),
        transform: { CommandArguments.path($0) })
    var file: FilePath

    func run() throws {
        guard !Output.isTerminal else {
            throw Failure(
                .usage, what: "cat", why: "a terminal cannot show sounds", next: "redirect the output, as in >sound.wav"
            )
        }
        try OutsideSound(opening: WirePath(file), for: "cat").copy(to: .standardOutput, named: WirePath(file))
    }
}

import ArgumentParser
import CommandOutput
import LocalFiles
import Platform
import SystemPackage
import TimbreWire

/// Writes the whole library to one file.
struct BackupCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup", abstract: "Write the whole library to one file, while the daemon goes on.",
        discussion: "The file is a tar archive; `timbrectl restore` puts it back. No sounds are in it.")

    @Argument(
        help: "The file to write; - is standard output.", completion: .file(),
        transform: { CommandArguments.path($0) })
    var file: FilePath

    @Flag(help: "Replace a file that is there.")
    var force = false

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard file != "-" || !output.json else { throw ValidationError("--json excludes standard output.") }
    }

    func run() throws {
        guard file != "-" else { return try writeOutput() }
        let outcome = try writeFile()
        try output.show(outcome) {
            let files = Shown.count(outcome.files, "file")
            return "\(files) and \(Shown.count(outcome.contents, "sound")) are in \(Shown.path(WirePath(file)))\n"
        }
    }

    private func writeOutput() throws {
        guard !Output.isTerminal else {
            throw Failure(
                .usage, what: "backup", why: "a terminal cannot show it", next: "redirect the output, or name a file")
        }
        do { _ = try write(to: .standardOutput) } catch {
            // It is the daemon that has written.
            throw Output.isUnread ? Output.endUnread() : error
        }
    }

    private func writeFile() throws -> Backup.Outcome {
        // Of a link, what it leads to is replaced.
        let target = file.realPath ?? file
        if let device = try openDevice(target) { return try device.closeAfter { try write(to: device) } }
        let new = try NewFile(target, replacesOthers: force, isPrivate: true)
        let outcome = try write(to: new.descriptor)
        try new.finish(onDisk: true)
        return outcome
    }

    /// Opens a pipe or a device, such as a tape; nil if it is anything else.
    private func openDevice(_ path: FilePath) throws(Failure) -> FileDescriptor? {
        do {
            guard try FileStatus(of: path, following: true).kind == .other else { return nil }
            return try FileDescriptor.open(path, .writeOnly, options: .closeOnExec)
        } catch Errno.noSuchFileOrDirectory {
            return nil
        } catch { throw Failure(error, what: WirePath(file).shown) }
    }

    private func write(to target: FileDescriptor) throws -> Backup.Outcome {
        let line = ProgressLine(isShown: !output.json)
        defer { line.clear() }
        let reply = try connection.call(
            Backup.self, Backup.Parameters(), what: WirePath(file).shown, passing: target
        ) { news in line.show(stage: "bytes", news.progress) }
        guard let outcome = reply.outcome else { throw ConnectionOptions.nonsense("backup") }
        return outcome
    }
}

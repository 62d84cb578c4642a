import ArgumentParser
import CommandOutput
import LocalFiles
import Platform

#if canImport(Glibc)
    import Glibc
#endif

/// Asks timbred which sounds are alike, and how it is.
@main
struct Timbrectl: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timbrectl",
        abstract: "Find sounds by how they sound, and look after the daemon that knows them.",
        discussion: "The daemon, timbred, watches folders of sounds. See timbrectl(1).",
        version: version,
        groupedSubcommands: [
            CommandGroup(
                name: "Searching",
                subcommands: [
                    SimilarCommand.self, ExplainCommand.self, PlotCommand.self, RandomCommand.self,
                    PathCommand.self, CompareCommand.self, OddCommand.self, MapCommand.self,
                    DuplicatesCommand.self, CutCommand.self, CatCommand.self, CopyCommand.self, BrowseCommand.self,
                    FavouriteCommand.self,
                ]),
            CommandGroup(
                name: "The library",
                subcommands: [
                    ListCommand.self, InfoCommand.self, StatusCommand.self, ErrorsCommand.self, RetryCommand.self,
                    WatchCommand.self, FollowCommand.self, ScanCommand.self, SyncCommand.self, PauseCommand.self,
                    ResumeCommand.self,
                ]),
            CommandGroup(
                name: "The daemon",
                subcommands: [
                    ReloadCommand.self, RetrainCommand.self, ModelCommand.self, EvaluateCommand.self,
                    VerifyCommand.self, PruneCommand.self, BackupCommand.self, RestoreCommand.self,
                    RebaseCommand.self,
                ]),
        ])

    static let version = Release.version

    /// The arguments; a socket that is named before the verb goes behind it, where each verb reads it.
    private static func arguments() -> [String] {
        let texts = ContrastOptions.joined(CommandArguments.texts)
        guard let first = texts.first, first == "--socket" || first.hasPrefix("--socket=") else { return texts }
        let socket = texts.prefix(first == "--socket" ? 2 : 1)
        let verb = texts.dropFirst(socket.count)
        return verb.prefix { $0 != "--" } + socket + verb.drop { $0 != "--" }
    }

    static func main() {
        // The reader of standard error may have gone; what was asked for is done all the same.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot(Self.arguments())
            try command.run()
        } catch let failure as Failure {
            failure.exit()
        } catch let code as ExitCode {
            exit(withError: code)
        } catch {
            // What the parser throws: help, a version, a script, or a complaint about the arguments.
            let arguments = Self.arguments()
            guard exitCode(for: error) == .success else {
                if let name = DashedName(refused: arguments, exists: OutsideSound.isThere) { Failure(name).exit() }
                Failure(
                    usage: fullMessage(for: error), meant: VerbSuggestion(Self.self).verb(meantBy: arguments)
                ).exit()
            }
            if let name = DashedName(takenForHelp: arguments) { Failure(name).exit() }
            exit(withError: error)
        }
    }
}

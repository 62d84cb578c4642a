import ArgumentParser
import Glibc
import Platform

/// Makes one library of those of many machines, on PostgreSQL servers.
@main
struct TimbreClusterProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timbre-cluster",
        abstract: "Publish this machine's library to a cluster of PostgreSQL servers, and search all that is there.",
        discussion: "The servers are the shards in timbred.toml. See timbre-cluster(1).", version: Release.version,
        subcommands: [
            InitCommand.self, ResizeCommand.self, ModelCommand.self, PublishCommand.self, ServeCommand.self,
        ])

    static func main() {
        // A server, a client or the reader of standard error may hang up at any time.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot(CommandArguments.texts)
            try command.run()
        } catch let complaint as Complaint {
            complaint.end("timbre-cluster")
        } catch { exit(withError: error) }
    }
}

import ArgumentParser
import Glibc
import Platform
import SystemPackage

/// Makes one library of those of many machines, on PostgreSQL servers.
@main
struct TimbreClusterProgram: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timbre-cluster",
        abstract: "Publish this machine's library to a cluster of PostgreSQL servers, and search all that is there.",
        discussion: "The servers are the shards in timbred.toml. See timbre-cluster(1).", version: Release.version,
        subcommands: [InitCommand.self, PublishCommand.self, ServeCommand.self])

    static func main() {
        // A server, a client or the reader of standard error may hang up at any time.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot(CommandArguments.texts)
            try command.run()
        } catch let complaint as Complaint {
            complaint.print()
            Glibc.exit(complaint.code)
        } catch { exit(withError: error) }
    }
}

/// Why the program ends: a line for people, and a number for scripts (sysexits.h).
struct Complaint: Error, CustomStringConvertible {
    var code: Int32
    var description: String

    init(_ code: Int32, _ text: String) {
        self.code = code
        description = text
    }

    func print() {
        // If standard error is closed, there is nothing to be done about it.
        do {
            _ = try FileDescriptor.standardError.writeAll(
                Array("timbre-cluster: \(description.escaped(for: .terminal))\n".utf8))
        } catch {}
    }
}

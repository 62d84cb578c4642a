import ArgumentParser
import CommandOutput
import LibraryReports
import ServiceHealth
import TimbreWire
import Varlink

/// Shows how the daemon is doing.
struct StatusCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract: "Tell how the daemon is; exit code 3 if none runs, 1 if the library cannot be written.")

    /// In which form it is told.
    enum Format: String, ExpressibleByArgument, CaseIterable { case table, json, prometheus }

    @Flag(
        help:
            "Print one line for monitoring; exit code 0 if all is well, 1 for a warning, 2 if it is critical, 3 if unknown."
    )
    var check = false

    @Option(help: ArgumentHelp("With --check: warn if more files than this cannot be read.", valueName: "n"))
    var maxFailed: Int?

    @Option(help: "table, json or prometheus, the text that its node exporter collects.")
    var format: Format?

    @OptionGroup var everywhere: EverywhereOptions
    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard [check, format != nil, output.json].count(where: { $0 }) <= 1 else {
            throw ValidationError("--check, --format and --json exclude each other.")
        }
        guard !everywhere.everywhere || !check && format == nil else {
            throw ValidationError("--everywhere excludes --check and --format.")
        }
        guard maxFailed == nil || check else { throw ValidationError("--max-failed belongs to --check.") }
        guard maxFailed ?? 0 >= 0 else { throw ValidationError("--max-failed cannot be less than 0.") }
    }

    func run() throws {
        if everywhere.everywhere { return try showCluster() }
        if check { try runCheck() }
        if format == .prometheus { return try runPrometheus() }
        var output = output
        output.json = output.json || format == .json
        do {
            let reply = try ask()
            try output.show(RunningStatus(reply: reply)) { StatusOutput(reply: reply).text }
            // The table says why; scripts that look at nothing else are told, too.
            if reply.troubleKind == .storage || reply.troubleKind == .damage { throw Failure(.noMatch) }
        } catch let failure as Failure where failure.code == .noDaemon {
            if output.json { try Output.write(JSON.encode(["running": false]) + [UInt8(ascii: "\n")]) }
            throw Failure(.notRunning, output.json ? nil : failure.line)
        }
    }

    private func ask() throws -> Status.Reply { try connection.call(Status.self, Nothing(), what: "status") }

    private func runCheck() throws -> Never {
        let found: HealthCheck
        do {
            found = HealthCheck(try ask(), mostFailed: maxFailed)
        } catch { found = HealthCheck(Failure(error, what: "status")) }
        try Output.line(found.line)
        throw ExitCode(found.level.rawValue)
    }

    private func runPrometheus() throws {
        do {
            try Output.write(Array(PrometheusText(try ask()).text.utf8))
        } catch let failure as Failure where failure.code == .noDaemon {
            try Output.write(Array(PrometheusText().text.utf8))
            throw Failure(.notRunning, failure.line)
        }
    }
}

extension StatusCommand {
    /// Tells how the shards of the cluster are.
    private func showCluster() throws {
        let reply = try everywhere.call(connection, Shards.self, Nothing(), what: "status")
        try output.show(reply) { ClusterOutput(reply: reply).text }
        let missing = reply.shards.compactMap { shard in shard.why.map { MissingShard(shard: shard.shard, why: $0) } }
        try everywhere.report(missing, what: "status")
    }
}

/// The daemon's answer, with the fact that it runs.
private struct RunningStatus: Encodable {
    var reply: Status.Reply

    private enum CodingKeys: String, CodingKey { case running }

    func encode(to encoder: any Encoder) throws {
        try reply.encode(to: encoder)
        var members = encoder.container(keyedBy: CodingKeys.self)
        try members.encode(true, forKey: .running)
    }
}

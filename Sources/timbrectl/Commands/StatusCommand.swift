import ArgumentParser
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

/// How the daemon is doing, for people to read.
struct StatusOutput {
    var reply: Status.Reply

    var text: String {
        let files = reply.files
        var lines = [
            ("timbred", "\(reply.version), process \(reply.pid), up \(Shown.duration(reply.uptime))"),
            ("state", reply.state.rawValue),
            ("trouble", reply.trouble.map { Shown.escaped($0) } ?? ""),
            (
                "files",
                "\(files.indexed) indexed, \(files.pending) pending, \(files.failed) failed, "
                    + "\(files.skipped) skipped, \(files.offline) offline"
            ),
            ("left out", Self.leftOut(reply.leftOut ?? 0)),
            ("sounds", "\(Shown.count(reply.contents)) different, \(Shown.count(reply.spans, "span"))"),
        ].filter { !$0.1.isEmpty }
        if let progress = reply.progress {
            let left = progress.secondsLeft.map { ", \(Shown.duration($0)) left" } ?? ""
            lines.append(("progress", "\(progress.done) of \(progress.total)\(left)"))
        }
        lines.append(("queue", "\(reply.queue)"))
        if let model = reply.model {
            lines.append(("model", "\(model.id), \(Shown.hash(model.hash)), \(model.origin)"))
        }
        if let drift = reply.drift { lines.append(("fit", Self.fit(drift))) }
        for folder in reply.folders { lines.append(("folder", FolderOutput.line(folder))) }
        lines.append(("watches", "\(reply.watches.used) of \(reply.watches.allowed)"))
        lines.append(("overflows", "\(reply.overflows)"))
        let size = Shown.size(reply.database.size)
        lines.append(("database", "\(Shown.path(reply.database.path)), \(size)"))
        for error in reply.lastErrors {
            lines.append(("error", "\(Shown.path(error.path)): \(Shown.escaped(error.error))"))
        }
        return Shown.members(lines)
    }

    private static func leftOut(_ count: Int) -> String {
        count == 0 ? "" : "\(count), for their names or as links; timbrectl list --all says why"
    }

    /// How well the model fits the newest sounds.
    static func fit(_ drift: Drift) -> String {
        let training = drift.training.map { ", \(Shown.number($0, digits: 3)) in training" } ?? ""
        let advice = drift.retrainAdvised ? ": `timbrectl retrain` would pay" : ""
        return
            "error \(Shown.number(drift.newest, digits: 3)) in the newest \(Shown.count(drift.files, "sound"))\(training)\(advice)"
    }
}

/// Watched folders, as people read them.
enum FolderOutput {
    static func line(_ folder: Folder) -> String {
        let reason = folder.reason.map { ": \(Shown.escaped($0))" } ?? ""
        let vanished =
            folder.vanished.map {
                "; \(Shown.count($0, "known file")) \($0 == 1 ? "was" : "were") gone when it was last looked through"
            } ?? ""
        return
            "\(Shown.path(folder.path)), \(folder.mode.rawValue), \(Shown.count(folder.files, "file"))\(reason)\(vanished)"
    }

    static func table(_ folders: [Folder]) -> Table {
        var table = Table([
            .init(heading: "mode"), .init(heading: "from"), .init(heading: "files", alignment: .right),
            .init(heading: "folder", isPath: true), .init(heading: ""),
        ])
        for folder in folders {
            table.add([
                folder.mode.rawValue, folder.origin.rawValue, Shown.count(folder.files), Shown.path(folder.path),
                folder.reason.map(Shown.escaped) ?? "",
            ])
        }
        return table
    }
}

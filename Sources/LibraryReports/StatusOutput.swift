import CommandOutput
import TimbreWire

/// How the daemon is doing, for people to read.
package struct StatusOutput {
    var reply: Status.Reply

    package init(reply: Status.Reply) { self.reply = reply }

    package var text: String {
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
package enum FolderOutput {
    package static func line(_ folder: Folder) -> String {
        let reason = folder.reason.map { ": \(Shown.escaped($0))" } ?? ""
        let vanished =
            folder.vanished.map {
                "; \(Shown.count($0, "known file")) \($0 == 1 ? "was" : "were") gone when it was last looked through"
            } ?? ""
        return
            "\(Shown.path(folder.path)), \(folder.mode.rawValue), \(Shown.count(folder.files, "file"))\(reason)\(vanished)"
    }

    package static func table(_ folders: [Folder]) -> Table {
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

import TimbreWire

/// The status in the text format of Prometheus, version 0.0.4, for the textfile collector of its node exporter.
///
/// Sources: "Exposition formats" and "Metric and label naming", prometheus.io/docs.
package struct PrometheusText {
    private enum Kind: String { case gauge, counter }

    package private(set) var text = ""

    /// What is said if no daemon answers.
    package init() { add("up", .gauge, "Whether a daemon answers.", 0) }

    package init(_ status: Status.Reply) {
        add("up", .gauge, "Whether a daemon answers.", 1)
        add("build_info", .gauge, "Which version the daemon is of.", [(["version": status.version], 1)])
        add("uptime_seconds", .gauge, "How long the daemon has been running.", status.uptime)
        add(
            "state", .gauge, "What the daemon is doing: 1 for that, 0 for all else.",
            [DaemonState.starting, .indexing, .idle, .paused].map {
                (["state": $0.rawValue], $0 == status.state ? 1 : 0)
            })
        add(
            "trouble", .gauge, "Whether something keeps the daemon from working, by kind.",
            TroubleKind.allCases.map { (["kind": $0.rawValue], $0 == status.troubleKind ? 1 : 0) })
        addFiles(status)
        addFolders(status)
        addDisk(status)
    }

    private mutating func addFiles(_ status: Status.Reply) {
        let files = status.files
        let counts = [
            ("indexed", files.indexed), ("pending", files.pending), ("failed", files.failed),
            ("skipped", files.skipped), ("offline", files.offline),
        ]
        add(
            "files", .gauge, "Files of the library, by state.", counts.map { (["state": $0.0], Double($0.1)) })
        add("queue_files", .gauge, "Files that wait to be read.", Double(status.queue))
        add("sounds", .gauge, "Different sounds of the library.", Double(status.contents))
        add("spans", .gauge, "Spans of sounds that have a code.", Double(status.spans))
        if let leftOut = status.leftOut {
            add("left_out_entries", .gauge, "Entries left out for their names or as links.", Double(leftOut))
        }
        add("decoded_files_total", .counter, "Files that were decoded.", Double(status.decoded))
        add(
            "recognized_files_total", .counter, "Files whose content was known, so that nothing was decoded.",
            Double(status.recognized))
        add("worker_processes", .gauge, "Processes that decode.", Double(status.workers.count))
    }

    private mutating func addFolders(_ status: Status.Reply) {
        let folders = status.folders.map { (["folder": $0.path.shown], $0) }
        add(
            "folder_files", .gauge, "Known files of a watched folder.", folders.map { ($0.0, Double($0.1.files)) })
        add(
            "folder_online", .gauge, "Whether a watched folder is there.",
            folders.map { ($0.0, $0.1.mode == .offline ? 0 : 1) })
        add(
            "folder_polled", .gauge, "Whether a watched folder is looked through from time to time, not told of.",
            folders.map { ($0.0, $0.1.mode == .polling ? 1 : 0) })
        add("inotify_watches", .gauge, "Inotify watches in use.", Double(status.watches.used))
        add("inotify_watches_limit", .gauge, "Inotify watches that are allowed.", Double(status.watches.allowed))
        add(
            "watch_overflows_total", .counter, "How often the kernel lost events; folders were scanned again then.",
            Double(status.overflows))
    }

    private mutating func addDisk(_ status: Status.Reply) {
        add("database_size_bytes", .gauge, "The database with its log.", Double(status.database.size))
        if let free = status.database.free {
            add("state_free_bytes", .gauge, "Room on the disk of the state directory.", Double(free))
        }
        if let model = status.model {
            add(
                "model_info", .gauge, "The model in use.", [(["hash": model.hash, "origin": "\(model.origin)"], 1)])
        }
    }

    private mutating func add(_ name: String, _ kind: Kind, _ help: String, _ value: Double) {
        add(name, kind, help, [([:], value)])
    }

    private mutating func add(
        _ name: String, _ kind: Kind, _ help: String, _ samples: [(labels: [String: String], value: Double)]
    ) {
        guard !samples.isEmpty else { return }
        text += "# HELP timbred_\(name) \(help)\n# TYPE timbred_\(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\"\(Self.escaped($0.value))\"" }
            text += "timbred_\(name)" + (labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}")
            text += " \(Self.number(sample.value))\n"
        }
    }

    private static func number(_ value: Double) -> String { Int(exactly: value).map(String.init) ?? "\(value)" }

    private static func escaped(_ value: String) -> String {
        value.reduce(into: "") { text, letter in
            switch letter {
            case "\\": text += #"\\"#
            case "\"": text += #"\""#
            case "\n": text += #"\n"#
            default: text.append(letter)
            }
        }
    }
}

import CommandOutput
import TimbreWire

/// Whether all is well, in the form of monitoring plugins: a level, which is the exit code, and one line.
///
/// Source of the form: "Monitoring Plugins Development Guidelines", monitoring-plugins.org.
package struct HealthCheck: Hashable {
    /// The exit codes of monitoring plugins.
    package enum Level: Int32, Comparable {
        case ok, warning, critical
        /// It could not be found out.
        case unknown

        /// How bad it is.
        package static func < (a: Level, b: Level) -> Bool { a.rawValue < b.rawValue }

        fileprivate var word: String {
            switch self {
            case .ok: "OK"
            case .warning: "WARNING"
            case .critical: "CRITICAL"
            case .unknown: "UNKNOWN"
            }
        }
    }

    package let level: Level
    private let text: String
    private let figures: String

    /// From how many bytes on the disk of the state directory has room enough.
    static let leastFree = 256 << 20
    /// From what share of the watches that are allowed on a new folder may get none.
    static let mostWatches = 0.9

    /// Judges a daemon that answers.
    ///
    /// - Parameter mostFailed: How many files that cannot be read are all right; any number if nil.
    package init(_ status: Status.Reply, mostFailed: Int? = nil) {
        var findings: [(level: Level, text: String)] = []
        if let trouble = status.trouble, status.troubleKind != .battery { findings.append((.critical, trouble)) }
        findings += Self.findings(of: status.folders)
        if status.state == .paused { findings.append((.warning, "paused; timbrectl resume goes on")) }
        if let free = status.database.free, free < Self.leastFree {
            findings.append((.warning, "\(Shown.size(free)) free on the disk of \(status.database.path.shown)"))
        }
        let watches = status.watches
        if watches.allowed > 0, Double(watches.used) >= Self.mostWatches * Double(watches.allowed) {
            findings.append((.warning, "\(watches.used) of \(watches.allowed) inotify watches are used"))
        }
        if let mostFailed, status.files.failed > mostFailed {
            findings.append(
                (.warning, "\(Shown.count(status.files.failed, "file")) cannot be read; see timbrectl errors"))
        }
        let level = findings.map(\.level).max() ?? .ok
        // The worst first.
        let sorted = [Level.critical, .warning].flatMap { level in findings.filter { $0.level == level } }
        self.init(
            level, sorted.isEmpty ? Self.summary(status) : sorted.map(\.text).joined(separator: "; "),
            figures: Self.figures(status))
    }

    /// What is to be said if no status came.
    package init(_ failure: Failure) {
        let isCritical = failure.code == .noDaemon || failure.code == .notRunning
        self.init(isCritical ? .critical : .unknown, failure.line ?? "no daemon answers", figures: "")
    }

    private init(_ level: Level, _ text: String, figures: String) {
        (self.level, self.text, self.figures) = (level, text, figures)
    }

    /// The line. What is behind the bar is for programs.
    package var line: String {
        // A bar in a name would end the text.
        let shown = Shown.escaped(text).map { $0 == "|" ? "¦" : $0 }
        return "TIMBRED \(level.word) - " + String(shown) + (figures.isEmpty ? "" : " | \(figures)")
    }

    private static func findings(of folders: [Folder]) -> [(level: Level, text: String)] {
        let offline = folders.filter { $0.mode == .offline }
        let level: Level = offline.count == folders.count ? .critical : .warning
        let away = offline.map { (level, "\($0.path.shown) is offline: \($0.reason ?? "it is not there")") }
        // File systems of networks are polled as a matter of course; where watches ran out, something is to be done.
        let short = folders.filter { $0.mode == .polling && $0.reason?.contains("max_user_watches") == true }
        return away + short.map { (.warning, "\($0.path.shown) is polled: \($0.reason ?? "")") }
    }

    private static func summary(_ status: Status.Reply) -> String {
        let battery = status.troubleKind == .battery ? ", on battery" : ""
        return
            "\(Shown.count(status.files.indexed, "file")) indexed, \(status.queue) waiting, \(status.files.failed) failed, "
            + "\(status.folders.count) folder\(status.folders.count == 1 ? "" : "s")\(battery)"
    }

    private static func figures(_ status: Status.Reply) -> String {
        let files = status.files
        let free = status.database.free.map { ["free=\($0)B;\(leastFree):"] } ?? []
        let most = Int(mostWatches * Double(status.watches.allowed))
        return
            ([
                "indexed=\(files.indexed)", "pending=\(files.pending)", "failed=\(files.failed)",
                "skipped=\(files.skipped)", "offline=\(files.offline)", "queue=\(status.queue)",
                "watches=\(status.watches.used);\(most);;0;\(status.watches.allowed)",
                "overflows=\(status.overflows)c", "database=\(status.database.size)B",
            ] + free).joined(separator: " ")
    }
}

import CommandOutput
import Testing
import TimbreWire

@testable import ServiceHealth

struct HealthCheckTests {
    static func status(
        _ change: (inout Status.Reply) -> Void = { _ in }
    ) -> Status.Reply {
        var reply = Status.Reply(
            version: "1", pid: 1, state: .idle, uptime: 1.5, files: FileCounts(indexed: 5, failed: 2), spans: 9,
            contents: 4, queue: 0, progress: nil, model: nil,
            folders: [Folder(path: WirePath("/s".utf8), mode: .inotify, files: 7, origin: .config)],
            watches: WatchCounts(used: 10, allowed: 100), overflows: 3, lastErrors: [],
            database: DatabaseFile(path: WirePath("/d".utf8), size: 17, free: 1 << 40))
        change(&reply)
        return reply
    }

    @Test func allIsWell() {
        let found = HealthCheck(Self.status())
        #expect(found.level == .ok)
        #expect(
            found.line == "TIMBRED OK - 5 files indexed, 0 waiting, 2 failed, 1 folder | indexed=5 pending=0 failed=2 "
                + "skipped=0 offline=0 queue=0 watches=10;90;;0;100 overflows=3c database=17B free=1099511627776B;268435456:"
        )
    }

    struct Case: Sendable {
        var name: String
        var level: HealthCheck.Level
        var change: @Sendable (inout Status.Reply) -> Void
    }

    static let cases = [
        Case(name: "a full disk", level: .critical) { ($0.trouble, $0.troubleKind) = ("the disk is full", .storage) },
        Case(name: "damage", level: .critical) { ($0.trouble, $0.troubleKind) = ("damaged", .damage) },
        Case(name: "no workers", level: .critical) { ($0.trouble, $0.troubleKind) = ("cannot start", .workers) },
        Case(name: "what an earlier daemon says", level: .critical) { $0.trouble = "the disk is full" },
        Case(name: "the battery", level: .ok) { ($0.trouble, $0.troubleKind) = ("on battery", .battery) },
        Case(name: "pause", level: .warning) { $0.state = .paused },
        Case(name: "little room", level: .warning) { $0.database.free = HealthCheck.leastFree - 1 },
        Case(name: "just enough room", level: .ok) { $0.database.free = HealthCheck.leastFree },
        Case(name: "many watches", level: .warning) { $0.watches.used = 90 },
        Case(name: "not so many watches", level: .ok) { $0.watches.used = 89 },
        Case(name: "no folder that is there", level: .critical) { $0.folders[0].mode = .offline },
        Case(name: "one folder of two away", level: .warning) {
            $0.folders.append($0.folders[0])
            $0.folders[1].mode = .offline
        },
        Case(name: "no folder at all", level: .ok) { $0.folders = [] },
        Case(name: "too few watches", level: .warning) {
            ($0.folders[0].mode, $0.folders[0].reason) = (
                .polling, "allow more by: sysctl fs.inotify.max_user_watches=9"
            )
        },
        Case(name: "a network's folder", level: .ok) { ($0.folders[0].mode, $0.folders[0].reason) = (.polling, "NFS") },
    ]

    @Test("Knows what is how bad", arguments: cases.indices)
    func level(number: Int) {
        let found = HealthCheck(Self.status(Self.cases[number].change))
        #expect(found.level == Self.cases[number].level, "\(Self.cases[number].name)")
    }

    @Test func filesThatCannotBeReadCountIfSomebodySaysSo() {
        #expect(HealthCheck(Self.status(), mostFailed: 1).level == .warning)
        #expect(HealthCheck(Self.status(), mostFailed: 2).level == .ok)
    }

    @Test func theWorstComesFirstAndAllIsOnOneLine() {
        let found = HealthCheck(
            Self.status {
                ($0.state, $0.trouble, $0.troubleKind) = (.paused, "a|b\nc", .storage)
            })
        #expect(found.line.hasPrefix("TIMBRED CRITICAL - a¦b") && found.line.contains("; paused"))
        #expect(found.line.split(separator: "\n").count == 1 && found.line.count { $0 == "|" } == 1)
    }

    @Test func withoutAnAnswer() {
        #expect(HealthCheck(Failure(.noDaemon, "no daemon answers")).line == "TIMBRED CRITICAL - no daemon answers")
        #expect(HealthCheck(Failure(.notPermitted, "not permitted")).level == .unknown)
    }
}

struct PrometheusTextTests {
    @Test func everyMetricHasItsKindAndItsHelp() {
        let text = PrometheusText(HealthCheckTests.status()).text
        let names = Set(
            text.split(separator: "\n").filter { !$0.hasPrefix("#") }.map { $0.prefix { $0 != "{" && $0 != " " } })
        #expect(names.count > 15)
        for name in names {
            #expect(text.contains("# HELP \(name) ") && text.contains("# TYPE \(name) "), "\(name)")
            #expect(name.hasPrefix("timbred_"))
            #expect(name.hasSuffix("_total") == text.contains("# TYPE \(name) counter"), "\(name)")
        }
        #expect(text.contains("timbred_files{state=\"indexed\"} 5\n") && text.contains("timbred_uptime_seconds 1.5\n"))
        #expect(text.contains("timbred_trouble{kind=\"storage\"} 0\n"))
    }

    @Test func namesOfFoldersAreEscaped() {
        let status = HealthCheckTests.status {
            $0.folders = [Folder(path: WirePath("/a\"b\\c\nd".utf8), mode: .offline, files: 1, origin: .config)]
        }
        #expect(PrometheusText(status).text.contains(#"timbred_folder_online{folder="/a\"b\\c\nd"} 0"#))
    }

    @Test func withoutADaemonThereIsThatAlone() {
        #expect(PrometheusText().text.hasSuffix("timbred_up 0\n"))
    }
}

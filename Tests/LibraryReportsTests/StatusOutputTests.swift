import Testing
import TimbreWire

@testable import LibraryReports

struct StatusOutputTests {
    @Test func whatKeepsTheDaemonFromGoingOnIsAmongTheFirstThingsSaid() {
        var reply = Status.Reply(
            version: "1", pid: 1, state: .idle, uptime: 1, files: FileCounts(), spans: 0, contents: 0, queue: 0,
            progress: nil, model: nil, folders: [], watches: WatchCounts(used: 1, allowed: 2), overflows: 0,
            lastErrors: [], database: DatabaseFile(path: WirePath("/d".utf8), size: 1))
        #expect(!StatusOutput(reply: reply).text.contains("trouble"))
        reply.trouble = "the disk is full"
        let lines = StatusOutput(reply: reply).text.split(separator: "\n")
        #expect(lines[2].hasPrefix("trouble") && lines[2].hasSuffix("the disk is full"))
    }
}

import Platform
import SystemPackage
import TestIngest
import Testing
import TimbreIngest
import TimbreStore
import TimbreWire

@testable import TimbreDaemon

struct PrunePlanTests {
    private func prune(_ test: StoredLibrary, offline folder: FilePath?) throws {
        let running = try BackgroundIngest(test)
        defer { running.stop() }
        try running.ingest.prune(offline: folder) {}
    }

    @Test func tellsWhatNoFileHolds() throws {
        let test = try StoredLibrary(of: ["kept": "4", "copied": "1 2", "copy": "1 2", "gone": "3", "other": "5"])
        for name in ["copied", "gone", "other"] { try test.remove(name) }
        let reply = try test.catalog.read { try PrunePlan(offline: nil, $0) }.reply(pruned: false)
        #expect((reply.files, reply.contents) == (2, 2))
        #expect(reply.examples.map(\.bytes) == ["gone", "other"].map { test.path($0).bytes })
        try prune(test, offline: nil)
        #expect(try test.catalog.read { try PrunePlan(offline: nil, $0) }.reply(pruned: true).contents == 0)
        #expect(try test.catalog.read { try $0.contentCount() } == 2)
    }

    @Test func tellsWhatAFolderThatIsAwayAloneHolds() throws {
        let test = try StoredLibrary(of: ["kit/a": "1", "kit/b": "2 2"])
        try test.goOffline()
        try test.add("2 2", to: "c")
        let reply = try test.catalog.read { try PrunePlan(offline: test.root, $0) }.reply(pruned: true)
        #expect((reply.files, reply.contents) == (2, 1))
        try prune(test, offline: test.root)
        #expect(try test.catalog.read { try $0.fileCounts() }.total == 1)
        #expect(try test.catalog.read { try $0.contentCount() } == 1)
    }
}

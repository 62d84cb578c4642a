import Foundation
import SystemPackage
import TestFiles
import TestModels
import Testing
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore

@testable import TimbreDaemon

/// What cannot be made beside the database stands for a full disk here: a folder has the name of the log's index.
struct StorageTroubleTests {
    private func withLoop(_ body: (IngestLoop, _ clear: () throws -> Void) throws -> Void) throws {
        let folder = try TemporaryFolder()
        let path = folder.path.appending("library.sqlite")
        let model = try smallModel()
        let first = try Catalog(opening: path)
        try first.write { try $0.setLiveModel($0.addModel(model.identifier, data: model.json(), origin: "", at: 1)) }
        try first.close()
        let obstacle = folder.path.appending("library.sqlite-shm")
        try FileManager.default.createDirectory(atPath: obstacle.string, withIntermediateDirectories: false)
        let library = LiveLibrary(
            LibrarySnapshot(index: TimbreIndex(), generation: Generation(id: 1, model: model)))
        let catalog = try Catalog(opening: path)
        let loop = RunningIngest.makeLoop(catalog, library, extractor: "/nowhere/timbre-extract")
        try body(loop) { try FileManager.default.removeItem(atPath: obstacle.string) }
        try catalog.close()
    }

    @Test func whatAStartHasToDoWaitsForTheDisk() throws {
        try withLoop { loop, clear in
            var openings = 0
            loop.opening = { _, turn in
                try turn.writer.set("opened", to: 1)
                openings += 1
            }
            let start = ContinuousClock.now
            #expect(throws: (any Error).self) { try loop.transact(at: start) { _ in } }
            #expect(loop.storage.reason != nil && loop.opening != nil)
            try clear()
            loop.turnIfDue(at: start + .milliseconds(999))
            #expect(openings == 0)
            loop.turnIfDue(at: start + .seconds(1))
            #expect(openings == 1 && loop.storage.reason == nil && loop.opening == nil)
            #expect(try loop.catalog.read { try $0.setting("opened") } == 1)
        }
    }

    @Test func troubleEndsThoughNothingWaitsToBeStored() throws {
        try withLoop { loop, clear in
            let start = ContinuousClock.now
            #expect(throws: (any Error).self) { try loop.transact(at: start) { try $0.writer.set("paused", to: 1) } }
            loop.publish(at: start)
            #expect(loop.status.status.trouble != nil)
            // Nobody else wakes the loop.
            #expect(loop.timeout(at: start) == .seconds(1))
            loop.turnIfDue(at: start + .seconds(1))
            #expect(loop.storage.reason != nil)
            try clear()
            loop.turnIfDue(at: start + .seconds(3))
            loop.publish(at: start)
            #expect(loop.status.status.trouble == nil)
            #expect(loop.timeout(at: start) == nil)
        }
    }
}

import Platform
import SystemPackage
import TestFiles
import TestIngest
import TestModels
import Testing
import TimbreCoding
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

@testable import TimbreAnswers

/// What is changed at run time is on disk, or has not happened.
@Suite(.timeLimit(.minutes(10)))
struct DurableSettingsTests {
    private func expectRefused(_ body: () throws -> Void) {
        let error = #expect(throws: LibraryError.self, performing: body)
        guard case .storageFull = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func aFolderThatCannotBeRemovedStaysWatched() throws {
        let disk = try FullDiskLibrary(added: ["kept", "left"])
        let test = try TestResponder(disk, added: ["kept", "left"])
        let name = WirePath(disk.path("left").bytes)
        expectRefused { _ = try test.responder.removeFolder(name, from: .owner) }
        #expect(test.watched.all == [disk.path("kept"), disk.path("left")])
        try disk.giveDiskBack()
        _ = try test.responder.removeFolder(name, from: .owner)
        #expect(test.watched.all == [disk.path("kept")])
        #expect(try disk.catalog.read { try $0.folders().map(\.path) } == [disk.path("kept")])
    }

    @Test func aFolderThatCannotBeKeptIsNotAdded() throws {
        let disk = try FullDiskLibrary()
        let test = try TestResponder(disk)
        try disk.folder.makeFolder("new")
        let name = WirePath(disk.path("new").bytes)
        expectRefused { _ = try test.responder.addFolder(name, from: .owner) }
        #expect(test.watched.all == [])
    }

    @Test func aPauseThatCannotBeKeptIsNone() throws {
        let disk = try FullDiskLibrary()
        let test = try TestResponder(disk)
        expectRefused { _ = try test.responder.pause(from: .owner) }
        #expect(!test.ingest.status.isPaused)
        try disk.giveDiskBack()
        #expect(try test.responder.pause(from: .owner).state == .paused)
        #expect(try disk.catalog.read { try $0.setting("paused") } == 1)
    }

    @Test func aModelThatCannotBeKeptIsNotPutToUse() throws {
        let disk = try FullDiskLibrary()
        let test = try TestResponder(disk)
        let other = try smallModelWithVectors()
        expectRefused {
            _ = try test.responder.importModel(
                ImportModel.Parameters(document: String(decoding: other.json(), as: UTF8.self)), from: .owner)
        }
        #expect(try disk.catalog.read { try $0.models().count } == 1)
        let generation = Generation(id: 7, model: other)
        #expect(throws: (any Error).self) { try ModelStorage(ingest: test.ingest).activate(generation) }
        #expect(disk.library.snapshot.generation.id == 1)
    }
}

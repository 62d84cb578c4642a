import FolderWatch
import Platform
import SystemPackage
import TestFiles
import TestIngest
import TestModels
import Testing
import TimbreCoding
import TimbreConfiguration
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

@testable import TimbreDaemon

/// What is changed at run time is on disk, or has not happened.
@Suite(.timeLimit(.minutes(2)))
struct DurableSettingsTests {
    private let owner = Peer(user: 0, groups: [0], process: 1)

    private func expectRefused(_ body: () throws -> Void) {
        let error = #expect(throws: LibraryError.self, performing: body)
        guard case .storageFull = error else {
            Issue.record("\(String(describing: error))")
            return
        }
    }

    @Test func aFolderThatCannotBeRemovedStaysWatched() throws {
        let test = try TestResponder(added: ["kept", "left"])
        let name = WirePath(test.path("left").bytes)
        expectRefused { _ = try test.responder.removeFolder(name, from: owner) }
        #expect(test.responder.folders.all == [test.path("kept"), test.path("left")])
        try test.giveDiskBack()
        _ = try test.responder.removeFolder(name, from: owner)
        #expect(test.responder.folders.all == [test.path("kept")])
        #expect(try test.catalog.read { try $0.folders().map(\.path) } == [test.path("kept")])
    }

    @Test func aFolderThatCannotBeKeptIsNotAdded() throws {
        let test = try TestResponder(added: [])
        try test.folder.makeFolder("new")
        let name = WirePath(test.path("new").bytes)
        expectRefused { _ = try test.responder.addFolder(name, from: owner) }
        #expect(test.responder.folders.all == [])
    }

    @Test func aPauseThatCannotBeKeptIsNone() throws {
        let test = try TestResponder(added: [])
        expectRefused { _ = try test.responder.pause(from: owner) }
        #expect(!test.responder.ingest.status.isPaused)
        try test.giveDiskBack()
        #expect(try test.responder.pause(from: owner).state == .paused)
        #expect(try test.catalog.read { try $0.setting("paused") } == 1)
    }

    @Test func aConfigurationThatCannotBeTakenInChangesNothing() throws {
        let test = try TestResponder(added: [], configured: ["old"])
        var new = Configuration()
        new.watch = []
        new.settle = .seconds(3)
        expectRefused { try test.responder.apply(new, changed: ["watch", "settle"], for: owner) }
        #expect(test.responder.folders.all == [test.path("old")])
        #expect(test.responder.ingest.status.settings?.settle == .milliseconds(250))
        try test.giveDiskBack()
        try test.responder.apply(new, changed: ["watch", "settle"], for: owner)
        #expect(test.responder.folders.all == [])
        #expect(test.responder.ingest.status.settings?.settle == .seconds(3))
        #expect(try test.catalog.read { try $0.folders() }.isEmpty)
    }

    @Test func aModelThatCannotBeKeptIsNotPutToUse() throws {
        let test = try TestResponder(added: [])
        let other = try smallModelWithVectors()
        expectRefused {
            _ = try test.responder.importModel(
                ImportModel.Parameters(document: String(decoding: other.json(), as: UTF8.self)), from: owner)
        }
        #expect(try test.catalog.read { try $0.models().count } == 1)
        let generation = Generation(id: 7, model: other)
        #expect(throws: (any Error).self) { try test.responder.retrainer.generationSwitch.activate(generation) }
        #expect(test.responder.library.snapshot.generation.id == 1)
    }
}

import ContentHash
import Foundation
import SystemPackage
import TestFiles
import TestModels
import Testing
import TimbreCoding
import TimbreStore

@testable import TimbreLibrary

struct OpenedLibraryTests {
    private struct Unexpected: Error {}

    /// A closed library of two generations, the second of them live.
    private func withLibrary(_ body: (FilePath, TimbreModel) throws -> Void) throws {
        let folder = try TemporaryFolder()
        let path = folder.path.appending("library.sqlite")
        let catalog = try Catalog(opening: path)
        let live = try smallModel(9)
        try catalog.write { writer in
            let first = try smallModel()
            _ = try writer.addModel(first.identifier, data: first.json(), origin: "default", at: 1)
            try writer.setLiveModel(try writer.addModel(live.identifier, data: live.json(), origin: "retrain", at: 2))
            try writer.set("paused", to: 1)
        }
        try catalog.close()
        try body(path, live)
    }

    private func change(_ path: FilePath, _ body: (inout Data) throws -> Void) throws {
        let url = URL(filePath: path.string)
        var data = try Data(contentsOf: url)
        try body(&data)
        try data.write(to: url)
    }

    @Test func whatIsWholeIsOpenedAsItIs() throws {
        try withLibrary { path, live in
            let library = try OpenedLibrary(database: path, at: 0) { throw Unexpected() }
            #expect(library.damage == nil)
            #expect(library.snapshot.generation.model == live)
        }
    }

    @Test func aLiveModelThatIsNotWhatItWasIsTakenFromTheCopy() throws {
        try withLibrary { path, live in
            try change(path) { data in
                let text = try #require(data.range(of: Data(live.identifier.description.utf8)))
                data[text.lowerBound + 10] ^= 1
            }
            let library = try OpenedLibrary(database: path, at: 0) { throw Unexpected() }
            #expect(library.damage?.reason.contains("generation 2") == true)
            #expect(library.snapshot.generation.model == live)
            try library.catalog.close()
        }
    }

    @Test func aLiveModelThatIsNotWhatItWasWithoutACopyMakesRoomForTheDefault() throws {
        try withLibrary { path, live in
            try FileManager.default.removeItem(atPath: path.string + ".keepsakes")
            try change(path) { data in
                let text = try #require(data.range(of: Data(live.identifier.description.utf8)))
                data[text.lowerBound + 10] ^= 1
            }
            let library = try OpenedLibrary(database: path, at: 0) { try smallModel(8) }
            #expect(
                library.damage?.path
                    == path.removingLastComponent().appending("library.sqlite.damaged-19700101T000000Z"))
            #expect(library.damage?.reason.contains("generation 2") == true)
            #expect(library.snapshot.generation.model == (try smallModel(8)))
            // What was whole is kept.
            #expect(try library.catalog.read { try $0.models().map(\.id) } == [1, 2])
            #expect(try library.catalog.read { try $0.setting("paused") } == 1)
            try library.catalog.close()
        }
    }

    @Test func aLiveModelSurvivesADamagedDatabase() throws {
        try withLibrary { path, live in
            // The size in pages, of which there are not that many: sqlite.org/fileformat2.html#in_header_database_size.
            try change(path) { $0[31] &+= 100 }
            let library = try OpenedLibrary(database: path, at: 0) { throw Unexpected() }
            #expect(library.damage != nil)
            #expect(library.snapshot.generation.model == live && library.snapshot.generation.id == 2)
            try library.catalog.close()
        }
    }

    @Test func whatIsNotDamagedIsNotMovedAside() throws {
        try withLibrary { path, _ in
            #expect(throws: Unexpected.self) {
                try OpenedLibrary(database: path.removingLastComponent().appending("new.sqlite"), at: 0) {
                    throw Unexpected()
                }
            }
            let names = try FileManager.default.contentsOfDirectory(atPath: path.removingLastComponent().string)
            #expect(names.filter { $0.contains("damaged") }.isEmpty)
        }
    }
}

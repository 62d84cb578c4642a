import Testing
import TimbreCoding
import TimbreIndex
import TimbreStore

@testable import TimbreDaemon

struct LibraryOpeningTests {
    private struct Unexpected: Error {}

    private func library(_ model: TimbreModel) throws -> TestLibrary {
        let test = try TestLibrary(model)
        try test.add("1 2 3", to: "a.wav")
        try test.add("4 5 - 6", to: "b.wav")
        return test
    }

    @Test func aDefaultModelWithoutVectorsGivesWayToOneThatMakesThem() throws {
        let test = try library(smallModel())
        let newer = try smallModelWithVectors()
        let opened = try LibraryOpening(catalog: test.catalog) { newer }.open()
        #expect(opened.generation.model == newer && opened.generation.id != 1)
        #expect(try test.catalog.read { try $0.liveModel() } == opened.generation.id)
        #expect(opened.index.ids.allSatisfy { opened.index.file($0)?.vector != nil })
        #expect(opened.index.ids == test.index.ids)
        #expect(opened.generation.calibration?.timbreFiles != nil)
        // The next start finds it in force.
        let again = try LibraryOpening(catalog: test.catalog) { throw Unexpected() }.open()
        #expect(again.generation.id == opened.generation.id)
    }

    @Test func aModelThatSomebodyChoseStays() throws {
        let test = try library(smallModel())
        let chosen = try smallModel(9)
        try test.catalog.write { writer in
            let id = try writer.addModel(chosen.identifier, data: chosen.json(), origin: "retrain", at: 2)
            try writer.setLiveModel(id)
        }
        let opened = try LibraryOpening(catalog: test.catalog) { throw Unexpected() }.open()
        #expect(opened.generation.model == chosen)
        #expect(opened.index.ids.count == 2)
    }

    @Test func aDefaultThatMakesNoVectorsEitherChangesNothing() throws {
        let test = try library(smallModel())
        let opened = try LibraryOpening(catalog: test.catalog) { try smallModel(8) }.open()
        #expect(opened.generation.id == 1)
        #expect(try test.catalog.read { try $0.models() }.count == 1)
    }

    @Test func whatHasCodesButNoVectorsIsGivenThem() throws {
        let test = try library(smallModelWithVectors())
        let full = test.index
        let contents = try test.catalog.read { try $0.liveContents() }
        try test.catalog.write { writer in
            for content in contents {
                var code = try #require(try writer.reader.code(of: content.id, model: 1))
                code.vectors = []
                try writer.setCode(code, of: content.id, model: 1)
            }
        }
        #expect(try test.freshIndex().ids.allSatisfy { try test.freshIndex().file($0)?.vector == nil })
        let opened = try LibraryOpening(catalog: test.catalog) { throw Unexpected() }.open()
        #expect(opened.index.ids.map { opened.index.file($0) } == full.ids.map { full.file($0) })
    }
}

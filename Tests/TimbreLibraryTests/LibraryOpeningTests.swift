import TestIngest
import TestModels
import Testing
import TimbreCoding
import TimbreIndex
import TimbreStore

@testable import TimbreLibrary

struct LibraryOpeningTests {
    private struct Unexpected: Error {}

    private func library(_ model: TimbreModel) throws -> StoredLibrary {
        let test = try StoredLibrary(model)
        try test.add("1 2 3", to: "a.wav")
        try test.add("4 5 - 6", to: "b.wav")
        return test
    }

    private func newer(_ test: StoredLibrary, _ model: TimbreModel? = nil) throws -> TimbreModel? {
        try LibraryOpening(catalog: test.catalog) {
            guard let model else { throw Unexpected() }
            return model
        }.newerDefault(than: LibraryOpening(catalog: test.catalog).open().generation)
    }

    @Test("A default model without a network is to give way to one that has one", arguments: [false, true])
    func isToGiveWay(hasVectors: Bool) throws {
        let test = try library(hasVectors ? smallModelWithVectors() : smallModel())
        let model = try smallModelWithNetwork()
        // Nothing waits for it: the library opens with what it has.
        let opened = try LibraryOpening(catalog: test.catalog) { throw Unexpected() }.open()
        #expect(opened.generation.id == 1)
        #expect(try newer(test, model) == model)
    }

    @Test func aModelThatSomebodyChoseStays() throws {
        let test = try library(smallModel())
        try test.catalog.write { try $0.set(LibraryOpening.chosen, to: 1) }
        #expect(try newer(test) == nil)
        let learnt = try library(smallModel())
        let chosen = try smallModel(9)
        try learnt.catalog.write { writer in
            let id = try writer.addModel(chosen.identifier, data: chosen.json(), origin: "retrain", at: 2)
            try writer.setLiveModel(id)
        }
        #expect(try newer(learnt) == nil)
    }

    @Test func aDefaultWithoutANetworkChangesNothing() throws {
        let test = try library(smallModel())
        for model in [try smallModel(8), try smallModelWithVectors()] { #expect(try newer(test, model) == nil) }
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

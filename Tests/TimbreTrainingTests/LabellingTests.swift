import Platform
import SystemPackage
import TestIngest
import Testing
import TimbreIndex
import TimbreStore
import TimbreWire

@testable import TimbreTraining

struct LabellingTests {
    private func library() throws -> StoredLibrary {
        let test = try StoredLibrary()
        for (number, name) in ["a/kick/1.wav", "b/kick/2.wav", "b/tom/3.wav", "4.wav"].enumerated() {
            try test.add("\(number) \(number + 1)", to: name)
        }
        return test
    }

    private func path(_ name: String, _ test: StoredLibrary) -> WirePath { WirePath(test.path(name).bytes) }

    /// Labels by their files' names.
    private func labels(_ labelling: Labelling, _ test: StoredLibrary) -> [String: String] {
        Dictionary(
            uniqueKeysWithValues: labelling.files.map { file in
                (String(decoding: test.index.file(file.id)?.name ?? [], as: UTF8.self), file.label)
            })
    }

    @Test func aFilesLabelIsTheNameOfItsFolder() throws {
        let test = try library()
        let all = Labelling.byFolder(test.index, under: nil, shared: [.group, .folder])
        #expect(
            labels(all, test) == ["1.wav": "kick", "2.wav": "kick", "3.wav": "tom", "4.wav": "samples"])
        #expect(all.unknown.isEmpty)
        let folder = test.path("a/kick").bytes
        #expect(all.files.first { $0.label == "kick" }?.traits == [folder, folder])
        let some = Labelling.byFolder(test.index, under: test.path("b"), shared: [])
        #expect(labels(some, test) == ["2.wav": "kick", "3.wav": "tom"])
        #expect(some.files.allSatisfy { $0.traits.isEmpty })
    }

    @Test func whatIsOfflineDoesNotCount() throws {
        let test = try library()
        for name in ["a/kick/1.wav", "b/kick/2.wav", "b/tom/3.wav", "4.wav"] { try test.takeAway(name) }
        #expect(Labelling.byFolder(test.index, under: nil, shared: []).files.isEmpty)
        let named = [FileLabel(path: path("4.wav", test), label: "x")]
        let labelling = try test.catalog.read { try Labelling.by(named, test.index, under: nil, shared: [], $0) }
        #expect(labelling.files.isEmpty && labelling.unknown == [path("4.wav", test)])
    }

    @Test func labelsOfARequestAreFoundByTheirPaths() throws {
        let test = try library()
        let named = [
            FileLabel(path: path("a/kick/1.wav", test), label: "x", group: "g", pitch: "C4"),
            FileLabel(path: path("b/none.wav", test), label: "y"), FileLabel(path: path("4.wav", test), label: "z"),
        ]
        let labelling = try test.catalog.read {
            try Labelling.by(named, test.index, under: nil, shared: [.folder, .group, .pitch], $0)
        }
        #expect(labels(labelling, test) == ["1.wav": "x", "4.wav": "z"])
        #expect(labelling.unknown == [path("b/none.wav", test)])
        #expect(
            labelling.files.map(\.traits) == [
                [test.path("a/kick").bytes, Array("g".utf8), Array("C4".utf8)], [test.root.bytes, [], []],
            ])
        // What lies elsewhere is not missed.
        let some = try test.catalog.read {
            try Labelling.by(named, test.index, under: test.path("a"), shared: [], $0)
        }
        #expect(labels(some, test) == ["1.wav": "x"] && some.unknown.isEmpty)
    }

    @Test func aFileHasOneLabel() throws {
        let test = try library()
        let named = ["x", "y"].map { FileLabel(path: path("4.wav", test), label: $0) }
        #expect(throws: LibraryError.invalidParameter("labels[1].path")) {
            _ = try test.catalog.read { try Labelling.by(named, test.index, under: nil, shared: [], $0) }
        }
    }
}

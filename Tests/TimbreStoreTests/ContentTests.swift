import ContentHash
import Platform
import SoundFeatures
import SystemPackage
import Testing

@testable import TimbreStore

struct ContentTests {
    private let hash = ContentHash(of: [1, 2, 3])

    @Test("Features come back byte for byte", arguments: [0, 1, 4095, 4096, 4097, 9000])
    func featuresComeBack(count: Int) throws {
        let test = try TemporaryCatalog()
        let features = frames(count)
        let id = try test.catalog.write { writer in
            // Neighbours on either side, whose blocks must not be mixed in.
            _ = try writer.add(content: "before")
            let id = try writer.addContent(
                hash, size: 3, sound: sound, features: features, soundingCount: count / 2, path: [47], at: 1.5
            ).id
            _ = try writer.add(content: "after")
            return id
        }
        try test.catalog.read { (reader) throws in
            #expect(try reader.cepstra(of: id) == features.cepstra)
            #expect(try reader.bands(of: id) == features.bands)
            let expected = ContentRecord(
                id: id, hash: hash, size: 3, added: 1.5, sound: sound, featureCount: count, soundingCount: count / 2,
                failure: nil, lastPath: [47])
            #expect(try reader.content(id) == expected)
            #expect(try reader.content(hash) == expected)
        }
    }

    @Test("A content with other tags keeps all that was learnt", arguments: [false, true])
    func retag(hasCopy: Bool) throws {
        let test = try TemporaryCatalog()
        var tagged = sound
        tagged.audio = AudioHash(bytes: (0..<16).map { $0 })
        let features = frames(4097)
        let (other, time) = (ContentHash(of: [4]), 2.5)
        let (before, after) = try test.catalog.write { writer in
            let id = try writer.addContent(
                hash, size: 3, sound: tagged, features: features, soundingCount: 1, path: [47], at: 1.5
            ).id
            for name in hasCopy ? ["/a/x.wav", "/a/y.wav"] : ["/a/x.wav"] {
                var file = try writer.add(FilePath(name))
                (file.state, file.content) = (.indexed, id)
                try writer.update(file)
            }
            return (id, try writer.retag(id, as: other, size: 4, at: time))
        }
        try test.catalog.read { (reader) throws in
            #expect((before == after) == !hasCopy)
            #expect(try (reader.content(hash) != nil) == hasCopy)
            let found = try #require(try reader.content(other))
            #expect((found.id, found.size, found.sound) == (after, 4, tagged))
            #expect(try reader.cepstra(of: after) == features.cepstra)
            #expect(try reader.bands(of: after) == features.bands)
        }
    }

    @Test func aContentThatIsRemovedLeavesNothingAndItsNeighboursAlone() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let before = try writer.add(content: "before")
            let id = try writer.addContent(
                hash, size: 3, sound: sound, features: frames(4097), soundingCount: 1, path: [], at: 1
            ).id
            let after = try writer.add(content: "after")
            let model = try writer.addModel(ContentHash(of: [9]), data: [1], origin: "default", at: 1)
            for content in [before, id, after] {
                try writer.setCode(CodeRecord(spans: [1], frames: [2]), of: content, model: model)
            }
            try writer.removeContent(id)
            #expect(try writer.reader.content(id) == nil)
            #expect(try writer.reader.cepstra(of: id) == [])
            #expect(try writer.reader.bands(of: id) == [])
            #expect(try writer.reader.code(of: id, model: model) == nil)
            #expect(try writer.reader.codeCount(model: model) == 2)
            for content in [before, after] { #expect(try writer.reader.cepstra(of: content) == frames(1).cepstra) }
        }
    }

    @Test func whatCannotBeDecodedIsKeptUntilItIsForgotten() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let failure = ExtractionFailure(.damaged, "it breaks off")
            let id = try writer.addFailedContent(hash, size: 3, failure: failure, path: [47], at: 1)
            #expect(try writer.reader.content(hash)?.failure == failure)
            #expect(try writer.reader.content(hash)?.sound == nil)
            #expect(try writer.reader.decodedContentCount() == 0)
            var holders: [Int64] = []
            for name in ["a", "b"] {
                var file = try writer.add(FilePath("/\(name)"))
                (file.state, file.content, file.failure) = (.failed, id, failure)
                try writer.update(file)
                holders.append(file.id)
            }
            #expect(try writer.forgetFailure(id) == holders)
            #expect(try writer.reader.content(hash) == nil)
            for holder in holders {
                let file = try #require(try writer.reader.file(holder))
                #expect((file.state, file.content, file.failure) == (.pending, nil, nil))
            }
        }
    }

    @Test func orphansAreWhatNoFileHolds() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            let (held, orphan) = (try writer.add(content: "held"), try writer.add(content: "orphan"))
            var file = try writer.add("/a")
            file.content = held
            try writer.update(file)
            #expect(try writer.reader.orphans().map(\.id) == [orphan])
            #expect(try writer.reader.liveContents().map(\.id) == [held])
            #expect(try writer.reader.files(ofContent: held).map(\.id) == [file.id])
            try writer.setLastPath([47, 97], ofContent: held)
            try writer.removeFile(file.id)
            #expect(try writer.reader.orphans().map(\.lastPath) == [[47, 97], Array("/orphan".utf8)])
            #expect(try writer.reader.liveContents().isEmpty)
        }
    }

    @Test func sizesTellWhatCannotBeKnown() throws {
        let test = try TemporaryCatalog()
        try test.catalog.write { writer in
            _ = try writer.add(content: "five5")
            let five = ContentHash(of: Array("five5".utf8))
            #expect(try writer.reader.contents(ofSize: 5, limit: 9) == [five])
            #expect(try writer.reader.contents(ofSize: 6, limit: 9).isEmpty)
            _ = try writer.add(content: "other")
            #expect(try writer.reader.contents(ofSize: 5, limit: 9).count == 2)
            #expect(try writer.reader.contents(ofSize: 5, limit: 1).count == 1)
        }
    }

    @Test func liveContentsAreInTheOrderOfTheirHashes() throws {
        let test = try TemporaryCatalog()
        let names = (0..<20).map { "content \($0)" }
        try test.catalog.write { writer in
            for name in names {
                var file = try writer.add(FilePath("/\(name)"))
                (file.state, file.content) = (.indexed, try writer.add(content: name))
                try writer.update(file)
            }
        }
        let hashes = try test.catalog.read { reader in
            try reader.liveContents().map { try reader.hash(ofContent: $0.id) }
        }
        #expect(hashes == names.map { ContentHash(of: Array($0.utf8)) }.sorted())
    }
}

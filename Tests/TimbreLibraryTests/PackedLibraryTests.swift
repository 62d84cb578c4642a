import ContentHash
import Platform
import SoundFeatures
import SystemPackage
import TestFiles
import Testing
import TimbreCodes
import TimbreIndex
import TimbreStore

@testable import TimbreLibrary

struct PackedLibraryTests {
    /// A catalog that is changed at random, as ingest and people change it.
    private struct ChangingCatalog {
        let folder: TemporaryFolder
        var catalog: Catalog
        var generator: SeededGenerator
        var number = 0
        let models: [Int64]

        init(seed: UInt64) throws {
            folder = try TemporaryFolder()
            catalog = try Catalog(opening: folder.path.appending("library.sqlite"))
            generator = SeededGenerator(seed: seed)
            models = try catalog.write { writer in
                try (1...2).map { try writer.addModel(ContentHash(of: [$0]), data: [$0], origin: "import", at: 0) }
            }
        }

        mutating func reopen() throws {
            try catalog.close()
            catalog = try Catalog(opening: folder.path.appending("library.sqlite"))
        }

        private mutating func directory() -> FilePath { FilePath("/s/\(generator.index(below: 4))") }

        private mutating func code() -> CodeRecord {
            let count = generator.index(below: 3)
            let bytes = { (random: inout SeededGenerator, count: Int) in
                (0..<count).map { _ in UInt8(random.index(below: 256)) }
            }
            // No component is -128.
            // As they are stored now, or were by earlier versions.
            let width = generator.index(below: 2) == 0 ? 64 : 128
            let vectors = bytes(&generator, width * (count + 1)).map { $0 == 128 ? 1 : $0 }
            return CodeRecord(spans: bytes(&generator, 16 * count), frames: [], vectors: vectors)
        }

        mutating func addContent(_ writer: CatalogWriter) throws -> Int64 {
            number += 1
            let sound = SoundInfo(
                sampleRate: 44_100, channelCount: 1 + number % 2, frameCount: number * 100, sampleCount: number * 50,
                format: "WAV", isIncomplete: false)
            let content = try writer.addContent(
                ContentHash(of: Array("\(number)".utf8)), size: Int64(number), sound: sound, features: FeatureFrames(),
                soundingCount: 0, path: [], at: 0
            ).id
            for model in models where generator.index(below: 8) > 0 {
                try writer.setCode(code(), of: content, model: model)
            }
            return content
        }

        mutating func addFile(_ writer: CatalogWriter) throws {
            number += 1
            let known = try writer.reader.liveContents().map(\.id)
            let content = known.isEmpty || generator.index(below: 3) > 0 ? try addContent(writer) : draw(known)
            var file = try writer.addFile(
                Array("\(number)".utf8), in: writer.directory(directory()), identity: identity(), at: Double(number))
            guard generator.index(below: 6) > 0 else { return }
            (file.state, file.content) = (.indexed, content)
            try writer.update(file)
        }

        private func identity() -> FileIdentity {
            FileIdentity(size: Int64(number), modified: 1, changed: 2, device: 3, inode: 4)
        }

        private mutating func draw<Element>(_ elements: [Element]) -> Element {
            elements[generator.index(below: elements.count)]
        }

        /// Makes one change of some kind.
        mutating func change(_ writer: CatalogWriter) throws {
            let files = try writer.reader.files(under: "/")
            guard !files.isEmpty else { return try addFile(writer) }
            var file = draw(files)
            switch generator.index(below: 12) {
            case 0...3: try addFile(writer)
            case 4: try writer.removeFile(file.id)
            case 5: try writer.moveFile(file.id, to: draw(files).name, in: writer.directory(directory()))
            case 6:
                file.isOffline.toggle()
                try writer.update(file)
            case 7:
                (file.state, file.content) = (.indexed, try addContent(writer))
                _ = try writer.renew(file, at: 1)
            case 8:
                (file.state, file.content) =
                    file.state == .indexed ? (.failed, nil) : (.indexed, try addContent(writer))
                try writer.update(file)
            case 9:
                guard let content = file.content else { return }
                if generator.index(below: 2) == 0 {
                    try writer.setCode(code(), of: content, model: draw(models))
                } else {
                    _ = try writer.forgetFailure(content)
                }
            case 10:
                let target = FilePath("/s/moved\(number)")
                number += 1
                _ = try writer.moveDirectory(directory(), to: target)
                let isOffline = generator.index(below: 2) == 0
                for file in try writer.reader.files(under: target) { try writer.setOffline(isOffline, file: file.id) }
            default:
                for content in try writer.reader.orphans() { try writer.removeContent(content.id) }
                try writer.removeEmptyDirectories()
            }
        }
    }

    /// The index as it is made of all rows, with no pack.
    private func plain(_ model: Int64, _ reader: CatalogReader) throws -> TimbreIndex {
        var (index, files) = (TimbreIndex(), [IndexedFile]())
        for directory in try reader.allDirectories() { index.setDirectory(directory.id, path: directory.path) }
        try reader.forEachIndexRow(model: model) { files.append(IndexedFile($0)) }
        index.insert(files)
        return index
    }

    private func expectPlain(_ test: ChangingCatalog, sourceLocation: SourceLocation = #_sourceLocation) throws {
        try test.catalog.read { reader in
            for model in test.models {
                let (fast, slow) = (try LibraryLoader.index(model: model, reader), try plain(model, reader))
                #expect(fast.ids == slow.ids, sourceLocation: sourceLocation)
                #expect(fast.ids.map(fast.file) == slow.ids.map(slow.file), sourceLocation: sourceLocation)
                #expect(fast.ids.map(fast.path) == slow.ids.map(slow.path), sourceLocation: sourceLocation)
            }
        }
    }

    /// Packs what a plan of a size says, at most so many times.
    private func pack(_ catalog: Catalog, _ model: Int64, size: Int, times: Int) throws {
        for _ in 0..<times {
            try catalog.write { writer in
                let reader = writer.reader
                let index = try plain(model, reader)
                let files = PackPlan(size: size).next(
                    try reader.packs(), touched: try reader.touchedFiles(), model: model
                ) { index.id(ofNext: size, from: $0) }
                guard let files else { return }
                try writer.setPacks(try LibraryLoader.packs(of: files, model: model, reader), of: files)
            }
        }
    }

    @Test("Packs and what was touched since are the rows", arguments: [1, 2] as [UInt64])
    func random(seed: UInt64) throws {
        struct Killed: Error {}
        var test = try ChangingCatalog(seed: seed)
        var (live, packed) = (test.models[0], 0)
        for _ in 0..<30 {
            let isKilled = test.generator.index(below: 8) == 0
            do {
                try test.catalog.write { writer in
                    for _ in 0..<test.generator.index(below: 20) { try test.change(writer) }
                    if isKilled { throw Killed() }
                }
            } catch is Killed { try test.reopen() }
            try expectPlain(test)
            if test.generator.index(below: 15) == 0 { live = test.models.first { $0 != live } ?? live }
            try pack(test.catalog, live, size: 8, times: test.generator.index(below: 4))
            packed = max(packed, try test.catalog.read { try $0.packs().count })
            try expectPlain(test)
        }
        #expect(packed > 2)
    }

    @Test func aPackThatCannotBeReadDoesNoHarm() throws {
        var test = try ChangingCatalog(seed: 9)
        try test.catalog.write { writer in for _ in 0..<60 { try test.addFile(writer) } }
        let model = test.models[0]
        try pack(test.catalog, model, size: 8, times: 20)
        let packs = try test.catalog.read { try $0.packs() }
        #expect(packs.count > 3)
        for (place, pack) in packs.enumerated() {
            let start = place == 0 ? .min : packs[place - 1].last + 1
            try test.catalog.write { writer in
                var bytes: [UInt8] = []
                try writer.reader.forEachPack(of: model) { other, data in
                    if other == pack, let data {
                        bytes = (0..<data.byteCount).map { unsafe data.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
                    }
                }
                if place == 1 { bytes = [] } else { bytes[bytes.count / 2] ^= 4 }
                try writer.setPacks([(pack, bytes)], of: start...pack.last)
            }
            try expectPlain(test)
            // It is noted, and made anew before all others.
            try test.catalog.write { writer in
                var spoiled: [PackRecord] = []
                _ = try LibraryLoader.index(model: model, writer.reader, spoiled: &spoiled)
                #expect(spoiled == [pack])
                try writer.spoil(spoiled)
            }
            try expectPlain(test)
            let plan = try test.catalog.read { reader in
                PackPlan(size: 8).next(try reader.packs(), touched: [], model: model) { _ in 9999 }
            }
            #expect(plan?.contains(start) == true && plan?.contains(pack.last) == true)
            try self.pack(test.catalog, model, size: 8, times: 1)
        }
    }
}

import ContentHash
import Foundation
import GRDB
import Platform
import Synchronization
import SystemPackage
import Testing

@testable import TimbreStore

struct DamagedCatalogTests {
    /// A closed database of some megabytes, with all that people give to one.
    ///
    /// - Parameter hasCopy: Whether there is a copy of that.
    func withDatabase(hasCopy: Bool = false, _ body: (FilePath) throws -> Void) throws {
        let folder = try temporaryFolder()
        defer { removeFolder(folder) }
        let path = folder.appending("library.sqlite")
        let catalog = try Catalog(opening: path)
        try catalog.write { writer in
            try writer.setFolder(
                FolderRecord(path: "/music", isAtRunTime: true, device: 1, inode: .max, fileSystem: nil))
            try writer.setFolder(
                FolderRecord(path: "/configured", isAtRunTime: false, device: 1, inode: 2, fileSystem: 3))
            for name in ["one", "two"] {
                let data = Array(String(repeating: name, count: 3000).utf8)
                let id = try writer.addModel(ContentHash(of: data), data: data, origin: "retrain", at: 4)
                try writer.setLiveModel(id)
            }
            try writer.set("paused", to: 1)
            try writer.set("modelChosen", to: 1)
            // About this very database, and no other.
            try writer.set("handover", to: 5)
            for number in 0..<800 {
                let content = try writer.add(content: "content \(number)")
                try writer.setCode(CodeRecord(spans: [1], frames: [2]), of: content, model: 2)
                _ = try writer.add(FilePath("/music/\(number).wav"), Int64(number))
            }
        }
        try catalog.close()
        if !hasCopy { try path.adding(".keepsakes").removeFile() }
        try body(path)
    }

    private func change(_ path: FilePath, _ body: (inout Data) -> Void) throws {
        let url = URL(filePath: path.string)
        var data = try Data(contentsOf: url)
        body(&data)
        try data.write(to: url)
    }

    private func refusal(_ path: FilePath) -> CatalogError.Reason? {
        do { _ = try Catalog(opening: path) } catch { return error.reason }
        return nil
    }

    private func isWhole(_ model: Keepsakes.Model) -> Bool { ContentHash(of: model.data) == model.record.hash }

    /// The first page of a table or index, as bytes of the file.
    func root(of name: String, in path: FilePath) throws -> Range<Int> {
        let queue = try DatabaseFile(path: path).openAsItIs()
        let page = try queue.read { database in
            try Int.fetchOne(database, sql: "SELECT rootpage FROM sqlite_schema WHERE name = ?", arguments: [name])
        }
        let start = (try #require(page) - 1) * 4096
        return start..<start + 4096
    }

    func overwrite(_ place: Range<Int>, in path: FilePath) throws {
        try change(path) { $0.replaceSubrange(place, with: Data(repeating: 0xA5, count: place.count)) }
    }

    @Test func aHeaderOfZerosIsDamage() throws {
        try withDatabase { path in
            try change(path) { $0.replaceSubrange(0..<100, with: Data(count: 100)) }
            #expect(refusal(path) == .damaged)
            let before = try Data(contentsOf: URL(filePath: path.string))
            // 2026-01-02T03:04:05Z by `date -u +%s`.
            let aside = try CatalogRescue(path).replace(at: 1_767_323_045, keeping: isWhole)
            #expect(aside.lastComponent?.string == "library.sqlite.damaged-20260102T030405Z")
            #expect(try Data(contentsOf: URL(filePath: aside.string)) == before)
            #expect(try Catalog(opening: path).read { try $0.contentCount() } == 0)
        }
    }

    /// The folders that a library has, how many models, and what was chosen.
    private func given(_ catalog: Catalog) throws -> (folders: [FilePath], models: Int, settings: [Int64?]) {
        try catalog.read { reader in
            (
                try reader.folders().map(\.path), try reader.models().count,
                try ["model", "paused", "modelChosen"].map { try reader.setting($0) }
            )
        }
    }

    @Test func whatPeopleGaveOutlastsTheFirstPage() throws {
        try withDatabase(hasCopy: true) { path in
            let page = Data(count: 4096)
            try change(path) { $0.replaceSubrange(0..<4096, with: page) }
            _ = try CatalogRescue(path).replace(at: 0, keeping: isWhole)
            let catalog = try Catalog(opening: path)
            let kept = try given(catalog)
            #expect(kept.folders == ["/music"] && kept.models == 2 && kept.settings == [2, 1, 1])
            // The copy follows what changes.
            try catalog.write { writer in
                try writer.removeFolder("/music")
                try writer.set("paused", to: 0)
            }
            try catalog.close()
            try change(path) { $0.replaceSubrange(0..<4096, with: page) }
            _ = try CatalogRescue(path).replace(at: 0, keeping: isWhole)
            let changed = try given(try Catalog(opening: path))
            #expect(changed.folders.isEmpty && changed.models == 2 && changed.settings == [2, 0, 1])
        }
    }

    @Test func withoutItsCopyADatabaseIsMadeAnewAllTheSame() throws {
        try withDatabase(hasCopy: true) { path in
            for place in [path, path.adding(".keepsakes")] {
                try change(place) { $0.replaceSubrange(0..<100, with: Data(count: 100)) }
            }
            _ = try CatalogRescue(path).replace(at: 0, keeping: isWhole)
            let left = try given(try Catalog(opening: path))
            #expect(left.folders.isEmpty && left.models == 0 && left.settings == [nil, nil, nil])
        }
    }

    @Test("A page that is overwritten is found", arguments: ["content", "fileByContent", "file", "cepstra"])
    func aPageIsOverwritten(name: String) throws {
        try withDatabase { path in
            try overwrite(root(of: name, in: path), in: path)
            #expect(refusal(path) == .damaged)
            _ = try CatalogRescue(path).replace(at: 0, keeping: isWhole)
            let catalog = try Catalog(opening: path)
            try catalog.read { (reader) throws in
                #expect(try reader.contentCount() == 0)
                #expect(
                    try reader.folders() == [
                        FolderRecord(path: "/music", isAtRunTime: true, device: 1, inode: .max, fileSystem: nil)
                    ])
                #expect(try reader.models().map(\.id) == [1, 2])
                #expect(try reader.models().allSatisfy { $0.origin == "retrain" && $0.added == 4 })
                #expect(try reader.modelData(2) == Array(String(repeating: "two", count: 3000).utf8))
                #expect(try reader.liveModel() == 2)
                #expect(try reader.setting("paused") == 1 && reader.setting("modelChosen") == 1)
                #expect(try reader.setting("handover") == nil)
            }
        }
    }

    @Test func modelsAreFoundWithoutTheirIndexAndFoldersWithoutTheirModels() throws {
        try withDatabase { path in
            try overwrite(root(of: "sqlite_autoindex_model_1", in: path), in: path)
            #expect(Keepsakes(salvagedFrom: DatabaseFile(path: path)).models.count == 2)
            try overwrite(root(of: "model", in: path), in: path)
            #expect(refusal(path) == .damaged)
            _ = try CatalogRescue(path).replace(at: 0, keeping: isWhole)
            let catalog = try Catalog(opening: path)
            #expect(try catalog.read { try $0.models() } == [])
            #expect(try catalog.read { try $0.folders().map(\.path) } == ["/music"])
            // Nobody chose the model that comes next.
            #expect(try catalog.read { try $0.setting("modelChosen") } == nil)
            #expect(try catalog.read { try $0.liveModel() } == nil)
        }
    }

    @Test func aModelThatIsNotWhatItWasIsLeftOut() throws {
        try withDatabase { path in
            try change(path) { data in
                guard let place = data.range(of: Data("onetwo".utf8)) ?? data.range(of: Data("oneoneone".utf8)) else {
                    return
                }
                data[place.lowerBound] = UInt8(ascii: "O")
            }
            _ = try CatalogRescue(path).replace(at: 0, keeping: isWhole)
            let catalog = try Catalog(opening: path)
            #expect(try catalog.read { try $0.models().map(\.id) } == [2])
            #expect(try catalog.read { try $0.liveModel() } == 2)
        }
    }

    @Test func whatIsCutInHalfGivesWhatItsFirstHalfHolds() throws {
        try withDatabase { path in
            try change(path) { $0 = $0.prefix($0.count / 2) }
            #expect(refusal(path) == .damaged)
            _ = try CatalogRescue(path).replace(at: 0, keeping: isWhole)
            let catalog = try Catalog(opening: path)
            #expect(try catalog.read { try $0.folders().map(\.path) } == ["/music"])
            #expect(try catalog.read { try $0.models().map(\.id) } == [1, 2])
        }
    }

    @Test func aLogOfGarbageIsAsNone() throws {
        try withDatabase { path in
            try Data((0..<9000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
                .write(to: URL(filePath: path.adding("-wal").string))
            #expect(try Catalog(opening: path).read { try $0.contentCount() } == 800)
        }
    }

    @Test func damageThatIsMetIsLookedForAtTheNextStart() throws {
        try withDatabase { path in
            let catalog = try Catalog(opening: path)
            let told = Mutex<[String]>([])
            catalog.whenDamaged { words in told.withLock { $0.append(words) } }
            try overwrite(root(of: "bands", in: path), in: path)
            for _ in 0..<2 { #expect(throws: DatabaseError.self) { try catalog.read { try $0.bands(of: 1) } } }
            #expect(catalog.damageFound?.contains("restart timbred") == true)
            #expect(told.withLock { $0 } == [catalog.damageFound])
            #expect(DamageMark(of: path).isSet)
            try catalog.close()
            #expect(refusal(path) == .damaged)
            _ = try CatalogRescue(path).replace(at: 0, keeping: isWhole)
            #expect(!DamageMark(of: path).isSet)
            #expect(try Catalog(opening: path).damageFound == nil)
        }
    }

    @Test func aDatabaseThatTurnsOutWholeIsUsed() throws {
        try withDatabase { path in
            try DamageMark(of: path).set("a bad cable")
            #expect(try Catalog(opening: path).read { try $0.contentCount() } == 800)
            #expect(!DamageMark(of: path).isSet)
        }
    }

    @Test func aReplacementThatWasCutShortIsFinished() throws {
        try withDatabase { path in
            try Catalog(opening: path.adding(".new")).close()
            try path.rename(to: path.adding(".damaged-1"))
            // The log of the damaged one must not be taken for that of the new one.
            try Data(count: 5000).write(to: URL(filePath: path.adding("-wal").string))
            #expect(try Catalog(opening: path).read { try $0.contentCount() } == 0)
            #expect(path.adding(".new").fileSize == nil)
            #expect(path.adding(".damaged-wal").fileSize == 5000)
        }
    }

    @Test func nothingIsOverwritten() throws {
        try withDatabase { path in
            for suffix in ["", "-2", "-3"] {
                let aside = try CatalogRescue(path).replace(at: 0, keeping: isWhole)
                #expect(aside.lastComponent?.string == "library.sqlite.damaged-19700101T000000Z\(suffix)")
            }
        }
    }
}

extension DamagedCatalogTests {
    @Test func aDatabaseInUseCanBeLookedThrough() throws {
        try withDatabase { path in
            let file = DatabaseFile(path: path)
            let catalog = try Catalog(opening: path)
            try DatabaseCheck(file).run()
            // It is in nobody's way.
            try catalog.write { try $0.set("paused", to: 0) }
            try catalog.close()
            #expect(file.wasClosed)
            try overwrite(try root(of: "contentBySize", in: path), in: path)
            let error = #expect(throws: CatalogError.self) { try DatabaseCheck(file).run() }
            #expect(error?.reason == .damaged)
            // One that was ended looks at nothing.
            let ended = DatabaseCheck(file)
            ended.end()
            try ended.run()
        }
    }
}

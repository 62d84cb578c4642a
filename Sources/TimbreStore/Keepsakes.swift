import ContentHash
import GRDB
import Platform
import SystemPackage

/// What people have given a library and cannot be recovered from the sounds: folders, models and choices.
package struct Keepsakes: Sendable {
    package struct Model: Hashable, Sendable {
        package var record: ModelRecord
        /// The model file.
        package var data: [UInt8]
    }

    /// Folders that were added at run time.
    package var folders: [FolderRecord] = []
    /// Generations, oldest first.
    package var models: [Model] = []
    /// The small facts; among them, which generation is live.
    package var settings: [String: Int64] = [:]
    /// The settings that somebody chose.
    static let settings: Set = ["model", "modelChosen", "paused"]
    /// The settings that are about the live generation, the first being its number.
    package static let aboutModel = ["model", "modelChosen"]

    init() {}

    /// Reads what a whole library holds.
    init(of library: CatalogReader) throws {
        folders = try library.folders().filter(\.isAtRunTime)
        models = try library.models().map { record in
            guard let data = try library.modelData(record.id) else {
                throw CatalogError("", .damaged, "generation \(record.id) has no model")
            }
            return Model(record: record, data: data)
        }
        for name in Self.settings { settings[name] = try library.setting(name) }
    }

    /// Leaves out the models that are not what they were.
    mutating func keepModels(where isWhole: (Model) -> Bool) {
        models.removeAll { !isWhole($0) }
        if let live = settings["model"], models.contains(where: { $0.record.id == live }) { return }
        for name in Self.aboutModel { settings[name] = nil }
    }
}

extension CatalogWriter {
    /// Gives a new database what is left of an old one; generations keep their numbers.
    func add(_ keepsakes: Keepsakes) throws {
        for folder in keepsakes.folders { try setFolder(folder) }
        for model in keepsakes.models {
            try database.run(
                "INSERT INTO model (id, hash, data, added, origin) VALUES (?, ?, ?, ?, ?)", .integer(model.record.id),
                .bytes(model.record.hash.bytes), .bytes(model.data), .real(model.record.added),
                .text(model.record.origin))
        }
        for (name, value) in keepsakes.settings { try set(name, to: value) }
    }
}

/// A second, small database beside the library's that holds only the keepsakes.
///
/// It is rewritten whenever they change, which is rare, and read when the library's own is damaged so badly that not even
/// its folders can be read.
struct KeepsakesCopy {
    private let copy: DatabaseFile

    init(of library: DatabaseFile) { copy = DatabaseFile(path: library.path.adding(".keepsakes")) }

    var exists: Bool { copy.path.fileSize != nil }

    /// Writes a copy. It replaces the old one once it is complete and on disk.
    func write(_ keepsakes: Keepsakes) throws {
        let made = DatabaseFile(path: copy.path.adding(".new"))
        for left in [made.path, made.log, made.logIndex] { try left.removeFile() }
        let pool = try made.openForWriting()
        try pool.write { try CatalogWriter(database: $0).add(keepsakes) }
        try DatabaseFile.close(pool)
        try made.path.replace(copy.path)
        try copy.path.removingLastComponent().syncFolder()
    }

    /// What was copied last; nil if there is no intact copy.
    func read() -> Keepsakes? {
        do {
            guard exists else { return nil }
            try copy.check()
            return Keepsakes(salvagedFrom: copy)
        } catch {
            // It is damaged, too.
            return nil
        }
    }
}

/// Records whether a transaction changes the keepsakes.
final class KeepsakesChange {
    var isMade = false
}

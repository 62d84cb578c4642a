import ContentHash
import GRDB
import SystemPackage

/// What people gave a library and the sounds cannot give back: folders, models, and what was chosen.
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
            try database.execute(
                sql: "INSERT INTO model (id, hash, data, added, origin) VALUES (?, ?, ?, ?, ?)",
                arguments: [
                    model.record.id, model.record.hash.bytes.blob, model.data.blob, model.record.added,
                    model.record.origin,
                ])
        }
        for (name, value) in keepsakes.settings { try set(name, to: value) }
    }
}

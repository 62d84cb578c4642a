import SystemPackage
import TimbreCoding
import TimbreStore

/// The library, opened at the start, and what had to be repaired for that.
package struct OpenedLibrary {
    /// A database that was damaged.
    package struct Damage {
        /// Where it was moved.
        package var path: FilePath
        /// What SQLite found, and in which file.
        package var reason: String
    }

    package let catalog: Catalog
    package let snapshot: LibrarySnapshot
    /// The damaged database that was replaced; nil if it was whole.
    package private(set) var damage: Damage?

    /// Opens the database and makes it ready to be searched; replaces it with a new one if it is damaged.
    ///
    /// - Parameters:
    ///   - time: Seconds since 1970.
    ///   - defaultModel: Reads the model that a new library begins with.
    package init(
        database: FilePath, at time: Double, defaultModel: @escaping () throws -> TimbreModel = DefaultModel.load
    ) throws {
        do {
            self = try Self.open(database, defaultModel)
        } catch {
            guard let reason = StorageFailure.damage(of: error) else { throw error }
            let aside = try CatalogRescue(database).replace(at: time, keeping: Self.isWhole)
            self = try Self.open(database, defaultModel)
            damage = Damage(path: aside, reason: reason)
        }
    }

    private init(catalog: Catalog, snapshot: LibrarySnapshot) {
        self.catalog = catalog
        self.snapshot = snapshot
    }

    private static func open(_ database: FilePath, _ defaultModel: @escaping () throws -> TimbreModel) throws -> Self {
        let catalog = try Catalog(opening: database)
        do {
            return Self(
                catalog: catalog, snapshot: try LibraryOpening(catalog: catalog, defaultModel: defaultModel).open())
        } catch {
            try catalog.close()
            throw error
        }
    }

    private static func isWhole(_ kept: Keepsakes.Model) -> Bool {
        do throws(TimbreModelError) {
            return try TimbreModel(json: kept.data).identifier == kept.record.hash
        } catch {
            return false
        }
    }
}

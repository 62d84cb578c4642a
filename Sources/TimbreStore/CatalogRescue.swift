import Foundation
import GRDB
import SystemPackage

/// Puts a new database in the place of a damaged one, which is moved aside, and saves what the sounds cannot give back.
///
/// However it is cut short, the next start finds either the damaged database, and begins again, or the new one.
package struct CatalogRescue {
    private let file: DatabaseFile
    /// The new database, until it is whole.
    private var made: DatabaseFile { DatabaseFile(path: file.path.adding(".new")) }

    package init(_ path: FilePath) { file = DatabaseFile(path: path) }

    /// Replaces the database, which nobody has open.
    ///
    /// - Parameters:
    ///   - time: Seconds since 1970, for the name that the damaged one is given.
    ///   - isWhole: Whether a model is what it was: SQLite does not notice damage within a value.
    /// - Returns: Where the damaged database is now.
    /// - Throws: ``CatalogError`` if nothing can be written; the damaged database then stays where it is.
    package func replace(
        at time: Double, keeping isWhole: (Keepsakes.Model) -> Bool
    ) throws(CatalogError) -> FilePath {
        do {
            var keepsakes = KeepsakesCopy(of: file).read() ?? Keepsakes(salvagedFrom: file)
            keepsakes.keepModels(where: isWhole)
            for left in [made.path, made.log, made.logIndex] { try left.removeFile() }
            let pool = try made.openForWriting()
            try pool.write { try CatalogWriter(database: $0).add(keepsakes) }
            try DatabaseFile.close(pool)
            let aside = Self.free(file.path.adding(".damaged-\(Self.stamp(time))"))
            try file.path.rename(to: aside)
            try putInPlace(logAside: aside.adding("-wal"))
            return aside
        } catch {
            throw CatalogError(
                file.path, .unusable,
                "it is damaged, and cannot be made anew: \((error as? DatabaseError)?.message ?? "\(error)")")
        }
    }

    /// Goes on where a replacement was cut short.
    func finish() throws {
        guard file.path.fileSize == nil, made.path.fileSize != nil, made.wasClosed else { return }
        try putInPlace(logAside: Self.free(file.path.adding(".damaged-wal")))
    }

    /// The damaged log must not be taken for that of the new database.
    private func putInPlace(logAside: FilePath) throws {
        if file.log.fileSize != nil { try file.log.rename(to: logAside) }
        try file.logIndex.removeFile()
        try made.path.rename(to: file.path)
        try DamageMark(of: file.path).clear()
        try file.path.removingLastComponent().syncFolder()
    }

    /// The name, or the first with a number at its end that nothing has yet.
    private static func free(_ name: FilePath) -> FilePath {
        guard name.fileSize != nil else { return name }
        var number = 2
        while name.adding("-\(number)").fileSize != nil { number += 1 }
        return name.adding("-\(number)")
    }

    /// A time as in `20260102T030405Z`.
    private static func stamp(_ time: Double) -> String {
        let style = Date.ISO8601FormatStyle(
            dateSeparator: .omitted, timeSeparator: .omitted, timeZone: TimeZone(secondsFromGMT: 0) ?? .current)
        return Date(timeIntervalSince1970: time).formatted(style)
    }
}

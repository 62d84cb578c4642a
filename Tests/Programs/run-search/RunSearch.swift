import ArgumentParser
import Platform
import SystemPackage
import TimbreCodes
import TimbreIndex
import TimbreLibrary
import TimbreStore

/// Fills an index from a library's database and asks it what is near some of its files: the search of the daemon, alone.
///
/// The database is opened for reading. No daemon may have it open; a copy does as well.
@main struct RunSearch: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "run-search", abstract: "Ask the index of a library for the neighbours of files.")

    @Argument(help: "The database, library.sqlite of a state directory.", transform: { FilePath($0) })
    var database: FilePath

    @Argument(help: "Files of the library; any three of them if none is named.", transform: { FilePath($0) })
    var files: [FilePath] = []

    @Option(name: .shortAndLong, help: "How many neighbours of each.")
    var count = 10

    @Flag(help: "Search by codes, whether or not the model gives vectors.")
    var byCodes = false

    func validate() throws {
        guard count > 0 else { throw ValidationError("--count must be above 0.") }
    }

    func run() throws {
        let clock = ContinuousClock()
        try CatalogSnapshot(reading: database.resolved).read { reader in
            guard let model = try reader.liveModel() else { throw ValidationError("No model is in use there.") }
            var filled = TimbreIndex()
            let time = try clock.measure { filled = try LibraryLoader.index(model: model, reader) }
            let index = filled
            print("\(index.fileCount) files, \(index.spanCount) spans: filled in \(time.milliseconds)")
            for id in try queries(in: index, reader) {
                guard let file = index.file(id) else { continue }
                var found: [FileMatch] = []
                let time = clock.measure { found = neighbours(of: file, in: index) }
                print("\n\(name(of: id, in: index)): found in \(time.milliseconds)")
                for match in found { print("  \(match.distance)  \(name(of: match.file, in: index))") }
            }
        }
    }

    /// The numbers of the files that are asked about.
    private func queries(in index: TimbreIndex, _ reader: CatalogReader) throws -> [Int64] {
        guard !files.isEmpty else {
            var generator = SystemRandomNumberGenerator()
            return index.random(3, using: &generator)
        }
        return try files.map { path in
            guard let file = try reader.file(at: path.resolved), index.file(file.id) != nil else {
                throw ValidationError("\(path.humanReadable) is not indexed there.")
            }
            return file.id
        }
    }

    /// The distances are those of the index: mean bits that differ, or squares of a vector's steps.
    private func neighbours(of file: IndexedFile, in index: TimbreIndex) -> [FileMatch] {
        let codes = file.spans.map(\.code)
        if !byCodes, let vector = file.vector {
            return index.nearestFiles(toVectors: [(vector, 1)], codes: codes, count: count, excluding: [file.id])
        }
        return index.nearestFiles(to: codes, count: count, excluding: [file.id])
    }

    private func name(of id: Int64, in index: TimbreIndex) -> String {
        String(escaping: index.path(of: id) ?? [], for: .terminal)
    }
}

extension Duration {
    /// As in `1.234 ms`.
    fileprivate var milliseconds: String {
        let microseconds = Int((self / .microseconds(1)).rounded())
        return "\(microseconds / 1000).\(String(microseconds % 1000 + 1000).dropFirst()) ms"
    }
}

import FolderWatch
import Foundation
import Logging
import Platform
import SystemPackage
import TestFiles
import TestIngest
import TestModels
import TimbreCoding
import TimbreConfiguration
import TimbreIndex
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire

@testable import TimbreDaemon

/// A responder over an empty library, whose ingest runs and whose watcher does not. Nothing can be stored until the disk
/// is given back: what cannot be made beside the database stands for a full one.
final class TestResponder {
    let responder: Responder
    let catalog: Catalog
    let folder: TemporaryFolder
    private let background: BackgroundIngest

    /// - Parameter added: Folders that were added at run time, as far as the catalog says.
    init(added: [String], configured: [String] = []) throws {
        folder = try TemporaryFolder()
        for name in added + configured { try folder.makeFolder(name) }
        let path = folder.path.appending("library.sqlite")
        let model = try smallModel()
        let first = try Catalog(opening: path)
        let place = folder.path
        try first.write { writer in
            try writer.setLiveModel(writer.addModel(model.identifier, data: model.json(), origin: "", at: 1))
            for name in added + configured {
                try writer.setFolder(
                    FolderRecord(
                        path: place.appending(name).resolved, isAtRunTime: added.contains(name), device: nil,
                        inode: nil,
                        fileSystem: nil))
            }
        }
        try first.close()
        try FileManager.default.createDirectory(
            atPath: place.appending("library.sqlite-shm").string, withIntermediateDirectories: false)
        catalog = try Catalog(opening: path)
        let library = LiveLibrary(
            LibrarySnapshot(index: TimbreIndex(), generation: Generation(id: 1, model: model)))
        background = try BackgroundIngest(catalog, library)
        var configuration = Configuration()
        configuration.watch = configured.map { place.appending($0) }
        responder = Responder(
            catalog: catalog, library: library, ingest: background.ingest,
            watcher: try FolderWatcher(settings: WatchSettings(cookieDirectory: place)),
            folders: WatchedFolders(
                configured: configuration.watch, added: added.map { place.appending($0) }, filter: NameFilter(),
                followsSymlinks: false),
            retrainer: Retrainer(catalog: catalog, library: library, ingest: background.ingest),
            settings: ServiceSettings(
                paths: try ServicePaths(variables: [:], user: 0, home: "/"), home: nil, configuration: configuration,
                logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }))
    }

    deinit {
        background.stop()
        do { try catalog.close() } catch { preconditionFailure("\(error)") }
    }

    /// Lets things be stored from now on.
    func giveDiskBack() throws {
        try FileManager.default.removeItem(atPath: folder.path.appending("library.sqlite-shm").string)
    }

    func path(_ name: String) -> FilePath { folder.path.appending(name).resolved }
}

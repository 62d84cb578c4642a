import Foundation
import Platform
import SystemPackage
import TestFiles
import TestModels
import TimbreCoding
import TimbreIndex
import TimbreLibrary
import TimbreStore

/// An empty library in which nothing can be stored until the disk is given back: what cannot be made beside the database
/// stands for a full one.
package final class FullDiskLibrary {
    package let folder: TemporaryFolder
    package let catalog: Catalog
    package let library: LiveLibrary

    /// - Parameters:
    ///   - added: Folders that were added at run time, as far as the catalog says.
    ///   - configured: Other folders that are there.
    package init(added: [String] = [], configured: [String] = []) throws {
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
                        inode: nil, fileSystem: nil))
            }
        }
        try first.close()
        try FileManager.default.createDirectory(
            atPath: place.appending("library.sqlite-shm").string, withIntermediateDirectories: false)
        catalog = try Catalog(opening: path)
        library = LiveLibrary(LibrarySnapshot(index: TimbreIndex(), generation: Generation(id: 1, model: model)))
    }

    deinit {
        do { try catalog.close() } catch { preconditionFailure("\(error)") }
    }

    /// Lets things be stored from now on.
    package func giveDiskBack() throws {
        try FileManager.default.removeItem(atPath: folder.path.appending("library.sqlite-shm").string)
    }

    package func path(_ name: String) -> FilePath { folder.path.appending(name).resolved }
}

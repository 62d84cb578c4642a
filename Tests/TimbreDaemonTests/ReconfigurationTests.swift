import FolderWatch
import Logging
import Platform
import SystemPackage
import TestFiles
import TestIngest
import Testing
import TimbreAnswers
import TimbreConfiguration
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

@testable import TimbreDaemon

@Suite(.timeLimit(.minutes(10)))
struct ReconfigurationTests {
    @Test func aConfigurationThatCannotBeTakenInChangesNothing() throws {
        let disk = try FullDiskLibrary(configured: ["old"])
        let background = try BackgroundIngest(disk)
        let ingest = background.ingest
        var configuration = Configuration()
        configuration.watch = [disk.path("old")]
        let watched = LibraryFolders(
            configured: configuration.watch, added: [], filter: NameFilter(), followsSymlinks: false)
        let watcher = try FolderWatcher(settings: WatchSettings(cookieDirectory: disk.folder.path))
        let settings = ServiceSettings(
            paths: try ServicePaths(variables: [:], user: 0, home: "/"), home: nil, configuration: configuration,
            logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
        let reconfiguration = Reconfiguration(
            settings: settings, ingest: ingest, watcher: watcher,
            folders: FolderAdministration(
                catalog: disk.catalog, ingest: ingest, watcher: watcher, watched: watched, stop: StopFlag()))
        configuration.watch = []
        configuration.settle = .seconds(3)

        let error = #expect(throws: LibraryError.self) {
            try reconfiguration.apply(configuration, changed: ["watch", "settle"], for: .thisProcess)
        }
        guard case .storageFull = error else {
            Issue.record("\(String(describing: error))")
            return
        }
        #expect(watched.all == [disk.path("old")])
        #expect(ingest.status.settings?.settle == .milliseconds(250))
        try disk.giveDiskBack()
        try reconfiguration.apply(configuration, changed: ["watch", "settle"], for: .thisProcess)
        #expect(watched.all == [])
        #expect(ingest.status.settings?.settle == .seconds(3))
        #expect(try disk.catalog.read { try $0.folders() }.isEmpty)
    }
}

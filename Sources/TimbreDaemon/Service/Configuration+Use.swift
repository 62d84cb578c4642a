import CLinux
import FolderWatch
import Glibc
import SystemPackage
import TimbreConfiguration
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

extension Configuration {
    /// Which names are candidates.
    var filter: NameFilter { NameFilter(exclude: exclude.map { NamePattern(String(decoding: $0, as: UTF8.self)) }) }

    /// What the watcher takes from the configuration.
    func watchSettings(cookieDirectory: FilePath) -> WatchSettings {
        WatchSettings(
            settle: settle, filter: filter, followSymlinks: followSymlinks, cookieDirectory: cookieDirectory)
    }

    /// What ingest takes from the configuration.
    var ingestSettings: IngestSettings {
        IngestSettings(
            workers: workers > 0 ? workers : max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
            settle: settle, longest: maxFileDuration, followsSymlinks: followSymlinks)
    }
}

extension Responder {
    /// Brings a new configuration into force, without losing an event or a query. What of it the catalog keeps is written
    /// first: if it cannot be, nothing has changed.
    func apply(_ configuration: Configuration, changed: [String], for peer: Peer) throws {
        let isLongerOrShorter = changed.contains("max_file_duration")
        let resolved = configuration.watch.resolvedInTime(folders.served)
        // What lies where a folder may lie that has not said so is not forgotten.
        let kept = resolved.haveAllAnswered ? [] : folders.all
        try answering {
            try ingest.apply(
                configuration.ingestSettings, folders: self.folders.all(configured: resolved) + kept,
                retriesSkipped: isLongerOrShorter)
        }
        folders.configure(
            configuration.watch, lying: resolved, filter: configuration.filter,
            followsSymlinks: configuration.followSymlinks)
        watcher.apply(configuration.watchSettings(cookieDirectory: settings.cookieDirectory))
        watcher.setFolders(folders.all)
        if resolved.haveAllAnswered { try forgetUnwatched(for: peer) }
    }
}

extension ServiceSettings {
    /// Where syncs prove the queue of events drained: a folder of ours, never a watched one.
    var cookieDirectory: FilePath { paths.stateDirectory.appending("cookies") }
    /// The database.
    var database: FilePath { paths.stateDirectory.appending("library.sqlite") }
}

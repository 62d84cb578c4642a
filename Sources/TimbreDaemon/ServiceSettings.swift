import FolderWatch
import Glibc
import Logging
import Platform
import SoundFeatures
import Synchronization
import SystemPackage
import Systemd
import TimbreConfiguration
import TimbreIngest

/// What the service was started with, and the configuration that is in force.
package final class ServiceSettings: Sendable {
    /// The version that `--version` and `status` show.
    package static let version = Release.version

    let paths: ServicePaths
    let home: FilePath?
    let logger: Logger
    private let current: Mutex<Configuration>

    package init(paths: ServicePaths, home: FilePath?, configuration: Configuration, logger: Logger) {
        self.paths = paths
        self.home = home
        self.logger = logger
        current = Mutex(configuration)
    }

    /// The configuration that is in force.
    var configuration: Configuration {
        get { current.withLock { $0 } }
        set { current.withLock { $0 = newValue } }
    }

    /// Reads the configuration as a start does. One with a mistake in it, which a start would refuse, is told of, and the one
    /// that is in force stays.
    package func readAgain() {
        do throws(ConfigurationError) {
            configuration = try Configuration.load(
                from: paths.configuration, mustExist: paths.configurationIsNamed, home: home)
        } catch {
            logger.log(
                .reloadFailed, "\(error); the configuration stays as it was", metadata: ["error": "\(error)"])
        }
    }

    /// Where syncs write cookies to prove that the event queue is drained: never a watched folder.
    var cookieDirectory: FilePath { paths.stateDirectory.appending("cookies") }
    /// The database.
    var database: FilePath { paths.stateDirectory.appending("library.sqlite") }
}

extension Configuration {
    /// Which names are candidates.
    var filter: NameFilter {
        NameFilter(
            exclude: exclude.map { NamePattern(String(decoding: $0, as: UTF8.self)) }, video: video,
            archives: archives)
    }

    /// What the watcher takes from the configuration.
    func watchSettings(cookieDirectory: FilePath) -> WatchSettings {
        WatchSettings(
            settle: settle, filter: filter, followSymlinks: followSymlinks, cookieDirectory: cookieDirectory)
    }

    /// What ingest takes from the configuration.
    var ingestSettings: IngestSettings {
        IngestSettings(
            workers: workers > 0 ? workers : max(1, Int(sysconf(Int32(_SC_NPROCESSORS_ONLN)))),
            settle: settle, longest: maxFileDuration, followsSymlinks: followSymlinks, filter: filter,
            archives: ingestLimits)
    }

    private var ingestLimits: SoundFeatures.ArchiveLimits {
        var limits = SoundFeatures.ArchiveLimits()
        (limits.mostMembers, limits.largestMember) = (archiveLimits.members, archiveLimits.memberSize)
        (limits.mostBytes, limits.mostRatio) = (archiveLimits.size, archiveLimits.ratio)
        return limits
    }
}

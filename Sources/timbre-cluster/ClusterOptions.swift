import ArgumentParser
import Glibc
import Platform
import ShardConnections
import SystemPackage
import TimbreCluster
import TimbreConfiguration
import TimbreWire

/// Which shards are meant, and which library.
struct ClusterOptions: ParsableArguments {
    @Option(
        name: .customLong("config"), help: "The configuration file, that of timbred.", completion: .file(),
        transform: { CommandArguments.path($0) })
    var configurationFile: FilePath?

    @Option(
        help: ArgumentHelp(
            "The socket of timbred.",
            discussion: "Else TIMBRED_SOCKET, the user's own daemon if there is one, or the system's."),
        completion: .file(), transform: { CommandArguments.path($0) })
    var socket: FilePath?
}

extension ClusterOptions {
    /// What the configuration says of the cluster.
    struct Cluster {
        var shards: [ShardAddress]
        var deadline: Duration
        var open: OpenTemplate?
        var followsModel: Bool
    }

    /// The socket of timbred.
    var library: FilePath { LibrarySocket.path(named: socket) }

    /// Where things are, as timbred itself decides it.
    func paths() throws -> ServicePaths {
        do {
            return try ServicePaths(
                flags: ServicePaths.Flags(configuration: configurationFile), variables: ServicePaths.variables(),
                user: geteuid(), home: ServicePaths.variables()["HOME"], workingDirectory: ".")
        } catch { throw Complaint(EX_CONFIG, "\(error)") }
    }

    /// The cluster that the configuration names.
    func cluster() throws -> Cluster {
        let paths = try paths()
        let configuration: Configuration
        do {
            configuration = try Configuration.load(
                from: paths.configuration, mustExist: paths.configurationIsNamed,
                home: ServicePaths.variables()["HOME"])
        } catch { throw Complaint(EX_CONFIG, "\(error)") }
        let texts = configuration.cluster.shards
        guard !texts.isEmpty else {
            throw Complaint(
                EX_CONFIG, "\(paths.configuration): no shards are named; see [cluster] in timbred.toml(5)")
        }
        let shards = try texts.enumerated().map { place, text in
            do throws(ShardAddressError) { return try ShardAddress(number: place + 1, text) } catch {
                throw Complaint(
                    EX_CONFIG, "\(paths.configuration): cluster.shards: shard \(place + 1): \(error.problem)")
            }
        }
        do throws(OpenTemplateError) {
            let open = try configuration.cluster.open.map { text throws(OpenTemplateError) in try OpenTemplate(text) }
            return Cluster(
                shards: shards, deadline: configuration.cluster.deadline, open: open,
                followsModel: configuration.cluster.followModel)
        } catch { throw Complaint(EX_CONFIG, "\(paths.configuration): cluster.open: \(error.problem)") }
    }
}

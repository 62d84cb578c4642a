import SystemPackage

/// Turns a TOML text into a configuration, and refuses whatever it does not understand.
struct ConfigurationReader {
    private let entries: [ConfigurationEntry]

    /// - Parameters:
    ///   - file: The file that the text comes from, for errors.
    ///   - home: The service user's home, which `~` stands for.
    /// - Throws: ``ConfigurationError`` with the line if the text is not TOML.
    init(text: String, file: FilePath, home: FilePath?) throws(ConfigurationError) {
        do {
            entries = try TOMLReader.read(text).entries.map { ConfigurationEntry($0, file: file, home: home) }
        } catch {
            throw ConfigurationError(file: file, line: error.line, problem: error.problem)
        }
    }

    /// Reads every key.
    ///
    /// - Returns: The configuration, and whether it names the folders to watch.
    func read() throws(ConfigurationError) -> (configuration: Configuration, namesFolders: Bool) {
        var result = Configuration()
        var namesFolders = false
        for entry in entries {
            switch entry.key {
            case "watch":
                result.watch = try entry.folders()
                namesFolders = true
            case "exclude": result.exclude = try entry.patterns()
            case "follow_symlinks": result.followSymlinks = try entry.bool()
            case "settle": result.settle = try entry.duration(in: .zero ... .seconds(3600), example: "250ms")
            case "workers": result.workers = try entry.integer(in: 0...256)
            case "max_file_duration":
                result.maxFileDuration = try entry.duration(in: .seconds(1) ... .seconds(7 * 86_400), example: "4h")
            case "retrain": result.retrain = try retraining(entry)
            case "cluster": result.cluster = try cluster(entry)
            default:
                throw entry.error(
                    """
                    unknown key; known are watch, exclude, follow_symlinks, settle, workers, max_file_duration and \
                    the tables retrain and cluster
                    """)
            }
        }
        return (result, namesFolders)
    }

    private func retraining(_ table: ConfigurationEntry) throws(ConfigurationError) -> Configuration.Retraining {
        var result = Configuration.Retraining()
        for entry in try table.entries() {
            switch entry.key {
            case "retrain.centroids": result.centroids = try entry.integer(in: 2...128)
            case "retrain.seed": result.seed = UInt64(try entry.integer(in: 0...Int.max))
            default: throw entry.error("unknown key; known in retrain are centroids and seed")
            }
        }
        return result
    }

    private func cluster(_ table: ConfigurationEntry) throws(ConfigurationError) -> Configuration.Cluster {
        var result = Configuration.Cluster()
        for entry in try table.entries() {
            switch entry.key {
            case "cluster.shards":
                result.shards = try entry.strings()
                guard Set(result.shards).count == result.shards.count else {
                    throw entry.error("two shards have the same address")
                }
            case "cluster.deadline":
                result.deadline = try entry.duration(in: .milliseconds(50) ... .seconds(600), example: "2s")
            default: throw entry.error("unknown key; known in cluster are shards and deadline")
            }
        }
        return result
    }
}

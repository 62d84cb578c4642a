import SystemPackage

/// Turns a TOML text into a configuration, and refuses whatever it does not understand.
struct ConfigurationReader {
    /// What a text says, and what is wrong with it.
    struct Outcome {
        var configuration = Configuration()
        /// The folders to watch as the text names them, each with its line; nil if it names none, not even an empty list.
        var folders: [ConfigurationEntry.Item<FilePath>]?
        /// All mistakes, in the order of the text. A key with a mistake has its default.
        var mistakes: [ConfigurationError] = []
        /// What is allowed, and hardly meant.
        var doubts: [ConfigurationError] = []
    }

    private let entries: [ConfigurationEntry]
    /// Where the text is not TOML any more; what is behind is not read.
    private let broken: ConfigurationError?

    /// - Parameters:
    ///   - file: The file that the text comes from, for errors.
    ///   - home: The service user's home, which `~` stands for.
    init(text: String, file: FilePath, home: FilePath?) {
        let (table, error) = TOMLReader.readToMistake(text)
        entries = table.entries.map { ConfigurationEntry($0, file: file, home: home) }
        broken = error.map { ConfigurationError(file: file, line: $0.line, problem: $0.problem) }
    }

    /// Reads every key.
    ///
    /// - Throws: ``ConfigurationError`` if the text is not TOML, which counts first, or another mistake is in it.
    func read() throws(ConfigurationError) -> Outcome {
        if let broken { throw broken }
        let outcome = readAll()
        if let mistake = outcome.mistakes.first { throw mistake }
        return outcome
    }

    /// Reads every key, with or without mistakes.
    func readAll() -> Outcome {
        var outcome = Outcome()
        for entry in entries {
            do throws(ConfigurationError) { try take(entry, into: &outcome) } catch { outcome.mistakes.append(error) }
        }
        if let broken { outcome.mistakes.append(broken) }
        // Items of a list have lines of their own.
        outcome.mistakes = outcome.mistakes.enumerated().sorted {
            ($0.element.line ?? 0, $0.offset) < ($1.element.line ?? 0, $1.offset)
        }.map(\.element)
        outcome.configuration.watch = outcome.folders?.map(\.value).uniqued ?? []
        return outcome
    }

    private func take(_ entry: ConfigurationEntry, into outcome: inout Outcome) throws(ConfigurationError) {
        switch entry.key {
        case "watch":
            outcome.folders = []
            outcome.folders = try entry.folders(&outcome.mistakes)
        case "exclude": outcome.configuration.exclude = try entry.patterns(&outcome.mistakes, &outcome.doubts)
        case "video": outcome.configuration.video = try entry.extensions(&outcome.mistakes)
        case "follow_symlinks": outcome.configuration.followSymlinks = try entry.bool()
        case "settle":
            outcome.configuration.settle = try entry.duration(in: .zero ... .seconds(3600), example: "250ms")
        case "workers": outcome.configuration.workers = try entry.integer(in: 0...256)
        case "max_file_duration":
            outcome.configuration.maxFileDuration = try entry.duration(
                in: .seconds(1) ... .seconds(7 * 86_400), example: "4h")
        case "archives": outcome.configuration.archives = try entry.bool()
        case "max_archive_members":
            outcome.configuration.archiveLimits.members = try entry.integer(in: 1...200_000)
        case "max_archive_member_size":
            outcome.configuration.archiveLimits.memberSize = try entry.size(in: 1 << 20...1 << 30, example: "128 MB")
        case "max_archive_size":
            outcome.configuration.archiveLimits.size = try entry.size(in: 1 << 20...1 << 50, example: "64 GB")
        case "max_archive_ratio": outcome.configuration.archiveLimits.ratio = try entry.integer(in: 2...1_000_000)
        case "retrain":
            for entry in try entry.entries() {
                do throws(ConfigurationError) { try takeRetraining(entry, into: &outcome) } catch {
                    outcome.mistakes.append(error)
                }
            }
        case "cluster":
            for entry in try entry.entries() {
                do throws(ConfigurationError) { try takeCluster(entry, into: &outcome) } catch {
                    outcome.mistakes.append(error)
                }
            }
        default:
            throw entry.error(
                """
                unknown key; known are watch, exclude, video, archives, follow_symlinks, settle, workers, \
                max_file_duration, max_archive_members, max_archive_member_size, max_archive_size, max_archive_ratio \
                and the tables retrain and cluster
                """)
        }
    }

    private func takeRetraining(_ entry: ConfigurationEntry, into outcome: inout Outcome) throws(ConfigurationError) {
        switch entry.key {
        case "retrain.centroids": outcome.configuration.retrain.centroids = try entry.integer(in: 2...128)
        case "retrain.seed": outcome.configuration.retrain.seed = UInt64(try entry.integer(in: 0...Int.max))
        default: throw entry.error("unknown key; known in retrain are centroids and seed")
        }
    }

    private func takeCluster(_ entry: ConfigurationEntry, into outcome: inout Outcome) throws(ConfigurationError) {
        switch entry.key {
        case "cluster.shards":
            let shards = try entry.strings(&outcome.mistakes).map(\.value)
            guard Set(shards).count == shards.count else { throw entry.error("two shards have the same address") }
            outcome.configuration.cluster.shards = shards
        case "cluster.deadline":
            outcome.configuration.cluster.deadline = try entry.duration(
                in: .milliseconds(50) ... .seconds(600), example: "2s")
        case "cluster.open": outcome.configuration.cluster.open = try entry.string()
        case "cluster.follow_model": outcome.configuration.cluster.followModel = try entry.bool()
        default: throw entry.error("unknown key; known in cluster are shards, deadline, open and follow_model")
        }
    }
}

extension [FilePath] {
    /// Each once, in their order.
    fileprivate var uniqued: [FilePath] {
        reduce(into: []) { paths, path in if !paths.contains(path) { paths.append(path) } }
    }
}

import SystemPackage

/// Turns a TOML text into a configuration, and refuses whatever it does not understand.
struct ConfigurationReader {
    /// The file that the text comes from, for errors.
    let file: FilePath
    /// The service user's home, which `~` stands for.
    let home: FilePath?
    private let root: TOMLTable

    /// - Throws: ``ConfigurationError`` with the line if the text is not TOML.
    init(text: String, file: FilePath, home: FilePath?) throws(ConfigurationError) {
        do {
            root = try TOMLReader.read(text)
        } catch {
            throw ConfigurationError(file: file, line: error.line, problem: error.problem)
        }
        self.file = file
        self.home = home
    }

    /// Reads every key.
    ///
    /// - Returns: The configuration, and whether it says itself what to watch.
    func read() throws(ConfigurationError) -> (configuration: Configuration, namesFolders: Bool) {
        var result = Configuration()
        var namesFolders = false
        for entry in root.entries {
            let (key, value) = (Key(entry.key, line: entry.value.line), entry.value)
            switch key.name {
            case "watch":
                result.watch = try folders(value, key)
                namesFolders = true
            case "exclude": result.exclude = try patterns(value, key)
            case "follow_symlinks": result.followSymlinks = try bool(value, key)
            case "settle": result.settle = try duration(value, key, .zero ... .seconds(3600), example: "250ms")
            case "workers": result.workers = try integer(value, key, 0...256)
            case "max_file_duration":
                result.maxFileDuration = try duration(value, key, .seconds(1) ... .seconds(7 * 86_400), example: "4h")
            case "retrain": result.retrain = try retraining(value, key)
            default:
                throw error(
                    key,
                    """
                    unknown key; known are watch, exclude, follow_symlinks, settle, workers, max_file_duration and \
                    the table retrain
                    """)
            }
        }
        return (result, namesFolders)
    }

    private func retraining(
        _ value: TOMLValue, _ name: Key
    ) throws(ConfigurationError) -> Configuration.Retraining {
        guard let table = value.table else {
            throw wrongType(value, name, wanted: "a table; write [retrain] on a line of its own")
        }
        var result = Configuration.Retraining()
        for entry in table.entries {
            let (name, value) = (Key("\(name.name).\(entry.key)", line: entry.value.line), entry.value)
            switch entry.key {
            case "centroids": result.centroids = try integer(value, name, 2...128)
            case "seed": result.seed = UInt64(try integer(value, name, 0...Int.max))
            default: throw error(name, "unknown key; known in retrain are centroids and seed")
            }
        }
        return result
    }

    /// A key, with the table it lies in, and its line.
    struct Key {
        var name: String
        var line: Int

        init(_ name: String, line: Int) { (self.name, self.line) = (name, line) }
    }

    /// An error at the line of a key.
    func error(_ key: Key, _ problem: String) -> ConfigurationError {
        ConfigurationError(file: file, line: key.line, key: key.name, problem: problem)
    }

    func wrongType(_ value: TOMLValue, _ key: Key, wanted: String) -> ConfigurationError {
        let article = "aeiou".contains(value.type.prefix(1)) ? "an" : "a"
        return error(key, "\(article) \(value.type), but this must be \(wanted)")
    }
}

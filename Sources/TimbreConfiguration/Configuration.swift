import Platform
import SystemPackage

/// What the configuration file says, with the defaults for what it leaves out.
package struct Configuration: Sendable, Equatable {
    /// How a new model is trained.
    package struct Retraining: Sendable, Equatable {
        /// How many centroids the codebook has: 2 to 128, the bits of a code.
        package var centroids = 128
        /// The random seed: the same seed and features give the same model.
        package var seed: UInt64 = 1

        package init() {}
    }

    /// The PostgreSQL servers to which timbre-cluster publishes, and which it asks. timbred itself has no use for it.
    package struct Cluster: Sendable, Equatable {
        /// The addresses of all shards, in their order, as libpq takes them.
        package var shards: [String] = []
        /// How long a question may take.
        package var deadline: Duration = .seconds(2)
        /// How a person has a sound that lies on another machine, as a command; nil if nobody said.
        package var open: String?
        /// Whether the library takes in the model that is offered to the cluster without anybody's confirmation.
        package var followModel = false

        package init() {}
    }

    /// How much of an archive is unpacked; what is beyond is listed as skipped.
    package struct ArchiveLimits: Sendable, Equatable {
        /// Members, from 1 to 200,000.
        package var members = 50_000
        /// Bytes of a single member, from 1 MB to 1 GB.
        package var memberSize: Int64 = 128 << 20
        /// Bytes of all members together, from 1 MB to 1 PB.
        package var size: Int64 = 64 << 30
        /// How many times its own size an archive may unpack to, from 2 to 1,000,000.
        package var ratio = 200

        package init() {}
    }

    /// The folders to watch, absolute, each once.
    package var watch: [FilePath] = []
    /// Globs, in bytes, for the names of files and folders to leave out, besides those that are always left out.
    package var exclude: [[UInt8]] = ["*.part", "*.crdownload", ".*"].map { Array($0.utf8) }
    /// Extensions of films whose sound is indexed as well, in lower case and without a dot.
    package var video: [String] = []
    /// Whether the sounds inside of archives are indexed.
    package var archives = true
    /// How much of an archive is unpacked.
    package var archiveLimits = ArchiveLimits()
    /// Whether symbolic links below a folder are followed.
    package var followSymlinks = false
    /// How long a written file must be left alone before it is looked at: up to one hour.
    package var settle: Duration = .milliseconds(250)
    /// How many extraction processes run at most, up to 256; 0 stands for one for each core.
    package var workers = 0
    /// The longest recording that is analysed, from one second; longer ones are listed as skipped.
    package var maxFileDuration: Duration = .seconds(4 * 3600)
    /// How a new model is trained.
    package var retrain = Retraining()
    /// The cluster that the machine is part of.
    package var cluster = Cluster()

    package init() {}
}

extension Configuration {
    /// Reads the configuration file.
    ///
    /// Keys that are missing have their defaults. If `watch` is missing, it is `~/Samples`, if that exists.
    ///
    /// - Parameters:
    ///   - file: The file; nil for the defaults.
    ///   - mustExist: Whether a file that is missing is an error, which it is when someone named it.
    ///   - home: The home of the service's user.
    /// - Throws: ``ConfigurationError`` if the file cannot be read, is not TOML, or has unknown keys or values.
    package static func load(
        from file: FilePath?, mustExist: Bool, home: FilePath?
    ) throws(ConfigurationError) -> Configuration {
        var result = Configuration()
        var namesFolders = false
        if let file, let text = try text(of: file, mustExist: mustExist) {
            let outcome = try ConfigurationReader(text: text, file: file, home: home).read()
            (result, namesFolders) = (outcome.configuration, outcome.folders != nil)
        }
        if !namesFolders, let samples = home?.appending("Samples"), samples.isDirectory { result.watch = [samples] }
        return result
    }

    /// The keys whose values differ from those in an earlier configuration.
    package func changes(from old: Configuration) -> [String] {
        [
            ("watch", watch != old.watch), ("exclude", exclude != old.exclude), ("video", video != old.video),
            ("archives", archives != old.archives), (Self.archiveLimitKeys, archiveLimits != old.archiveLimits),
            ("follow_symlinks", followSymlinks != old.followSymlinks), ("settle", settle != old.settle),
            ("workers", workers != old.workers), ("max_file_duration", maxFileDuration != old.maxFileDuration),
            ("retrain.centroids", retrain.centroids != old.retrain.centroids),
            ("retrain.seed", retrain.seed != old.retrain.seed), ("cluster", cluster != old.cluster),
        ].filter(\.1).map(\.0)
    }

    /// The keys of the limits for archives: what is skipped for one may be read under another.
    package static let archiveLimitKeys = "max_archive_*"

    /// The text of the file; nil if there is none, and need not be.
    static func text(of file: FilePath, mustExist: Bool) throws(ConfigurationError) -> String? {
        let bytes: [UInt8]
        do {
            bytes = try file.contents(limit: 1 << 20)
        } catch Errno.noSuchFileOrDirectory where !mustExist {
            return nil
        } catch {
            throw ConfigurationError(file: file, problem: "cannot be read: \(error)")
        }
        if let line = bytes.firstLine(of: 0) {
            throw ConfigurationError(file: file, line: line, problem: "a NUL byte; this is not a text file")
        }
        guard let text = String(validating: bytes, as: UTF8.self) else {
            throw ConfigurationError(file: file, problem: "not UTF-8 text")
        }
        return text
    }
}

/// What is wrong with the configuration, and where.
///
/// Its description is one line, such as
/// `/etc/timbred/timbred.toml:3: settle: "fast" is not a duration; write for example "250ms"`.
package struct ConfigurationError: Error, Hashable, CustomStringConvertible {
    /// The file in question.
    package var file: FilePath
    /// The line in the file, from 1, if it is known.
    package var line: Int?
    /// The key in question, with the table it lies in, as in `retrain.seed`.
    package var key: String?
    /// What is wrong, and what would be right.
    package var problem: String

    package init(file: FilePath, line: Int? = nil, key: String? = nil, problem: String) {
        self.file = file
        self.line = line
        self.key = key
        self.problem = problem
    }

    package var description: String {
        var place = file.string
        if let line { place += ":\(line)" }
        return [place, key, problem].compactMap { $0 }.joined(separator: ": ").escaped(for: .line)
    }
}

extension [UInt8] {
    /// The first line, from 1, that has a byte.
    fileprivate func firstLine(of byte: UInt8) -> Int? {
        firstIndex(of: byte).map { self[..<$0].count { $0 == UInt8(ascii: "\n") } + 1 }
    }
}

import Platform
import SystemPackage

/// What the configuration file says, with the defaults for what it leaves out.
package struct Configuration: Sendable, Equatable {
    /// How a new model is trained.
    package struct Retraining: Sendable, Equatable {
        /// How many centroids the codebook has: 2 to 128, the bits of a code.
        package var centroids = 128
        /// What the random choices start from: the same seed and features give the same model.
        package var seed: UInt64 = 1

        package init() {}
    }

    /// The folders to watch, absolute, each once.
    package var watch: [FilePath] = []
    /// Globs on names, in bytes, of files and folders to leave out beside those that are left out always.
    package var exclude: [[UInt8]] = ["*.part", "*.crdownload", ".*"].map { Array($0.utf8) }
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

    package init() {}
}

extension Configuration {
    /// Reads the configuration file.
    ///
    /// What it does not set has its default. Where nothing says what to watch, that is `~/Samples`, if it exists.
    ///
    /// - Parameters:
    ///   - file: The file; nothing for the defaults alone.
    ///   - mustExist: Whether a file that is missing is an error, which it is when someone named it.
    ///   - home: The home of the service's user.
    /// - Throws: ``ConfigurationError`` if the file cannot be read, is not TOML, or says what is not understood.
    package static func load(
        from file: FilePath?, mustExist: Bool, home: FilePath?
    ) throws(ConfigurationError) -> Configuration {
        var result = Configuration()
        var namesFolders = false
        if let file, let text = try text(of: file, mustExist: mustExist) {
            (result, namesFolders) = try ConfigurationReader(text: text, file: file, home: home).read()
        }
        if !namesFolders, let samples = home?.appending("Samples"), samples.isDirectory { result.watch = [samples] }
        return result
    }

    private static func text(of file: FilePath, mustExist: Bool) throws(ConfigurationError) -> String? {
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

extension [UInt8] {
    /// The line, from 1, in which a byte stands first.
    fileprivate func firstLine(of byte: UInt8) -> Int? {
        firstIndex(of: byte).map { self[..<$0].count { $0 == UInt8(ascii: "\n") } + 1 }
    }
}

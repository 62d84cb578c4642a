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

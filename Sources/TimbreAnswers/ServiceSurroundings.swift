import SystemPackage

/// What clients may ask for that concerns more than the library: where it lies, how it is configured, and that the service
/// begins anew.
package struct ServiceSurroundings: Sendable {
    /// The database in the state directory.
    let database: FilePath
    /// The configuration file, which need not be there.
    let configuration: FilePath
    /// Reads which folders the configuration file names now, whichever it named when it was read.
    let configuredFolders: @Sendable () throws -> [FilePath]
    /// Has the service begin anew, once all clients have their answers.
    let restart: @Sendable () -> Void

    package init(
        database: FilePath, configuration: FilePath, configuredFolders: @escaping @Sendable () throws -> [FilePath],
        restart: @escaping @Sendable () -> Void
    ) {
        self.database = database
        self.configuration = configuration
        self.configuredFolders = configuredFolders
        self.restart = restart
    }
}

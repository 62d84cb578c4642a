import ArgumentParser
import Glibc
import Logging
import Platform
import SystemPackage
import Systemd
import TimbreConfiguration
import TimbreDaemon
import TimbreLibrary

/// The daemon's command line.
@main
struct Timbred: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timbred",
        abstract: "Watches folders of sounds and answers which of them sound alike.",
        discussion: """
            Runs in the foreground; systemd starts it as timbred.service. timbrectl talks to it. Flags win over the
            variables TIMBRED_CONFIG, TIMBRED_STATE_DIR and TIMBRED_SOCKET.
            """,
        version: ServiceSettings.version)

    @Option(name: .customLong("config"), help: "The configuration file.", transform: { CommandArguments.path($0) })
    var configurationFile: FilePath?

    @Option(help: "The folder of the database and the models.", transform: { CommandArguments.path($0) })
    var stateDir: FilePath?

    @Option(help: "The socket that clients connect to.", transform: { CommandArguments.path($0) })
    var socket: FilePath?

    @Flag(help: "Read the configuration, say all that is wrong with it, and end: with 78 if anything is.")
    var checkConfig = false

    func run() async throws {
        // Whoever reads standard error may end; the daemon goes on. systemd sees to it, a shell does not.
        signal(SIGPIPE, SIG_IGN)
        FreedMemory.returnLargePieces()
        do {
            let home = Self.home()
            let paths = try ServicePaths(
                flags: ServicePaths.Flags(
                    configuration: configurationFile, stateDirectory: stateDir, socket: socket),
                variables: ServicePaths.variables(), user: geteuid(), home: home,
                workingDirectory: Self.workingDirectory())
            if checkConfig { return Self.check(paths, home: home) }
            let loaded = try Configuration.load(
                from: paths.configuration, mustExist: paths.configurationIsNamed, home: home)
            LoggingSystem.bootstrap { _ in JournalLogHandler(of: "timbred") }
            let settings = ServiceSettings(
                paths: paths, home: home, configuration: loaded, logger: Logger(label: "timbred"))
            let lock = try StateLock(directory: paths.stateDirectory)
            while case .beginAnew = try await Daemon(settings).run() { settings.readAgain() }
            _ = consume lock
        } catch let error as ConfigurationError {
            Self.fail("\(error)", EX_CONFIG)
        } catch {
            Self.fail("\(error)", EX_UNAVAILABLE)
        }
    }

    /// Says all that is wrong with the configuration.
    private static func check(_ paths: ServicePaths, home: FilePath?) {
        let found = ConfigurationCheck(of: paths.configuration, mustExist: paths.configurationIsNamed, home: home)
        for mistake in found.mistakes { complain("\(mistake)") }
        for warning in found.warnings { complain("warning: \(warning)") }
        if !found.mistakes.isEmpty { Glibc.exit(EX_CONFIG) }
        let warned = found.warnings.isEmpty ? "" : "; warnings: \(found.warnings.count)"
        print("\(paths.configuration): no mistake found\(warned)")
    }

    /// One line on standard error.
    private static func complain(_ line: String) {
        let text = Array("timbred: \(line)\n".utf8)
        unsafe text.withUnsafeBytes { bytes in _ = unsafe write(2, bytes.baseAddress, bytes.count) }
    }

    /// One line on standard error, and the end.
    private static func fail(_ line: String, _ code: Int32) -> Never {
        complain(line)
        Glibc.exit(code)
    }

    /// The home of the user that the daemon runs as.
    private static func home() -> FilePath? {
        if let home = ServicePaths.variables()["HOME"] { return home }
        guard let entry = unsafe getpwuid(geteuid()), let home = unsafe entry.pointee.pw_dir else { return nil }
        return unsafe FilePath(platformString: home)
    }

    /// Nil if it has been deleted, or cannot be seen: then only absolute paths mean something.
    private static func workingDirectory() -> FilePath? {
        guard let path = unsafe getcwd(nil, 0) else { return nil }
        defer { unsafe free(path) }
        return unsafe FilePath(platformString: path)
    }
}

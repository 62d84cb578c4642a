import Glibc
import SystemPackage

/// Where the daemon finds and keeps things.
///
/// Flags take precedence over `TIMBRED_…` variables, these over the directories that systemd names, these over the
/// defaults of the system or of the user (`XDG_…`). A value: it reads nothing by itself.
package struct ServicePaths: Sendable, Equatable {
    /// Whom the daemon serves.
    package enum Scope: Sendable, Equatable {
        /// The machine: `/etc`, `/var/lib`, `/run`.
        case system
        /// One user, below her home and her runtime directory.
        case user
    }

    /// What the command line names.
    package struct Flags: Sendable, Equatable {
        package var configuration: FilePath?
        package var stateDirectory: FilePath?
        package var socket: FilePath?

        package init(configuration: FilePath? = nil, stateDirectory: FilePath? = nil, socket: FilePath? = nil) {
            self.configuration = configuration
            self.stateDirectory = stateDirectory
            self.socket = socket
        }
    }

    /// Whom the daemon serves.
    package var scope: Scope
    /// The configuration file.
    package var configuration: FilePath
    /// Whether someone named the configuration file, so that it must exist.
    package var configurationIsNamed: Bool
    /// The folder of the database and the models.
    package var stateDirectory: FilePath
    /// The socket that clients connect to.
    package var socket: FilePath

    /// Decides every path.
    ///
    /// - Parameters:
    ///   - flags: What the command line names; relative paths are taken from `workingDirectory`.
    ///   - variables: The environment, as ``variables()`` gives it.
    ///   - user: The user that the daemon runs as.
    ///   - home: That user's home.
    ///   - workingDirectory: The working directory; nil if it is gone.
    /// - Throws: ``ServicePathsError`` if a home or a working directory is needed, and there is none.
    package init(
        flags: Flags = Flags(), variables: [String: FilePath], user: UInt32, home: FilePath?,
        workingDirectory: FilePath? = "/"
    ) throws(ServicePathsError) {
        let scope = Self.scope(variables: variables, user: user)
        func directory(
            _ variable: String, system: FilePath, xdg: String, fallback: FilePath?
        ) throws(ServicePathsError) -> FilePath {
            if let path = variables.firstOf(variable) { return path }
            if scope == .system { return system }
            // The XDG base directory specification says to ignore relative paths.
            if let path = variables[xdg], path.isAbsolute { return path.appending("timbred") }
            guard let fallback else { throw .noHome(variable: xdg) }
            return fallback.appending("timbred")
        }

        let named = flags.configuration ?? variables["TIMBRED_CONFIG"]
        let configuration =
            if let named { named } else {
                try directory(
                    "CONFIGURATION_DIRECTORY", system: "/etc/timbred", xdg: "XDG_CONFIG_HOME",
                    fallback: home?.appending(".config")
                ).appending("timbred.toml")
            }
        let state =
            if let named = flags.stateDirectory ?? variables["TIMBRED_STATE_DIR"] { named } else {
                try directory(
                    "STATE_DIRECTORY", system: "/var/lib/timbred", xdg: "XDG_STATE_HOME",
                    fallback: home?.pushing(".local/state"))
            }
        let socket =
            if let named = flags.socket ?? variables["TIMBRED_SOCKET"] { named } else {
                try directory(
                    "RUNTIME_DIRECTORY", system: "/run/timbred", xdg: "XDG_RUNTIME_DIR",
                    fallback: FilePath("/run/user/\(user)")
                ).appending("timbred.sock")
            }

        self.scope = scope
        func absolute(_ path: FilePath) throws(ServicePathsError) -> FilePath {
            guard let folder = path.isAbsolute ? "/" : workingDirectory else { throw .noWorkingDirectory(path) }
            return folder.pushing(path).lexicallyNormalized()
        }
        self.configuration = try absolute(configuration)
        self.configurationIsNamed = named != nil
        self.stateDirectory = try absolute(state)
        self.socket = try absolute(socket)
    }

    /// A system service has the directories that systemd gives to one, whichever user it runs as, or is run by a system
    /// user outside of any session.
    private static func scope(variables: [String: FilePath], user: UInt32) -> Scope {
        if let runtime = variables.firstOf("RUNTIME_DIRECTORY") {
            return runtime.starts(with: "/run/user") ? .user : .system
        }
        if variables["XDG_RUNTIME_DIR"] != nil { return .user }
        return user < 1000 ? .system : .user
    }
}

/// A path that cannot be decided.
package enum ServicePathsError: Error, Hashable, CustomStringConvertible {
    /// There is no home, and this variable is not set.
    case noHome(variable: String)
    /// A relative path, while the working directory is gone.
    case noWorkingDirectory(FilePath)

    package var description: String {
        switch self {
        case .noHome(let variable): "no home directory is known; set HOME or \(variable)"
        case .noWorkingDirectory(let path):
            "\(path): the working directory is gone; start timbred in one that is there, or name an absolute path"
        }
    }
}

extension ServicePaths {
    /// The paths in the environment, in bytes; empty values count as unset.
    package static func variables() -> [String: FilePath] {
        var result: [String: FilePath] = [:]
        for name in [
            "TIMBRED_CONFIG", "TIMBRED_STATE_DIR", "TIMBRED_SOCKET", "CONFIGURATION_DIRECTORY", "STATE_DIRECTORY",
            "RUNTIME_DIRECTORY", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_RUNTIME_DIR", "HOME",
        ] {
            guard let value = unsafe getenv(name) else { continue }
            let path = unsafe FilePath(platformString: value)
            if !path.isEmpty { result[name] = path }
        }
        return result
    }
}

extension [String: FilePath] {
    /// The first of the folders that systemd lists in a variable, separated by colons.
    fileprivate func firstOf(_ variable: String) -> FilePath? {
        guard let list = self[variable] else { return nil }
        return unsafe list.withPlatformString { text in
            let characters = unsafe UnsafeBufferPointer(start: text, count: strlen(text))
            return unsafe FilePath(
                platformString: characters.prefix { $0 != CChar(bitPattern: UInt8(ascii: ":")) } + [0])
        }
    }
}

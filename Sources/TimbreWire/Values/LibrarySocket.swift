import Glibc
import SystemPackage

/// Where a daemon listens.
package enum LibrarySocket {
    /// The socket of the daemon that is meant: one that is named, or TIMBRED_SOCKET, or the user's own if there is one, or
    /// the system's.
    package static func path(named option: FilePath?) -> FilePath {
        path(
            option: option, environment: environment("TIMBRED_SOCKET"),
            runtimeDirectory: environment("XDG_RUNTIME_DIR"),
            exists: { path in unsafe path.withPlatformString { unsafe access($0, F_OK) == 0 } })
    }

    /// Decides which socket is meant.
    package static func path(
        option: FilePath?, environment: FilePath?, runtimeDirectory: FilePath?, exists: (FilePath) -> Bool
    ) -> FilePath {
        if let named = option ?? environment { return named }
        if let own = runtimeDirectory?.appending("timbred/timbred.sock"), exists(own) { return own }
        return "/run/timbred/timbred.sock"
    }

    fileprivate static func environment(_ name: String) -> FilePath? {
        guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
        return unsafe FilePath(platformString: value)
    }
}

/// Where timbre-cluster listens.
package enum ClusterSocket {
    /// The socket that is meant: TIMBRE_CLUSTER_SOCKET, or the user's own if there is one, or the system's.
    package static var path: FilePath {
        if let named = LibrarySocket.environment("TIMBRE_CLUSTER_SOCKET") { return named }
        let own = LibrarySocket.environment("XDG_RUNTIME_DIR")?.appending("timbre-cluster/cluster.sock")
        if let own, unsafe own.withPlatformString({ unsafe access($0, F_OK) == 0 }) { return own }
        return "/run/timbre-cluster/cluster.sock"
    }
}

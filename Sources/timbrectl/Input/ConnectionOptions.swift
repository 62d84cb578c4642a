import ArgumentParser
import Platform
import SystemPackage
import TimbreWire
import Varlink

#if canImport(Glibc)
    import Glibc
#endif

/// Which daemon is asked.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The daemon's socket.",
            discussion: "Else TIMBRED_SOCKET, the user's own daemon if there is one, or the system's."),
        completion: .file(), transform: { CommandArguments.path($0) })
    var socket: FilePath?
}

extension ConnectionOptions {
    /// Where the daemon listens.
    var path: FilePath {
        Self.path(
            option: socket, environment: Self.environment("TIMBRED_SOCKET"),
            runtimeDirectory: Self.environment("XDG_RUNTIME_DIR"), exists: Self.exists)
    }

    /// Decides which socket is meant.
    static func path(
        option: FilePath?, environment: FilePath?, runtimeDirectory: FilePath?, exists: (FilePath) -> Bool
    ) -> FilePath {
        if let named = option ?? environment { return named }
        if let own = runtimeDirectory?.appending("timbred/timbred.sock"), exists(own) { return own }
        return "/run/timbred/timbred.sock"
    }

    private static func environment(_ name: String) -> FilePath? {
        guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
        return unsafe FilePath(platformString: value)
    }

    private static func exists(_ path: FilePath) -> Bool {
        unsafe path.withPlatformString { unsafe access($0, F_OK) == 0 }
    }

    /// Calls a method that replies once.
    ///
    /// - Parameter what: What an error is about, such as the verb.
    /// - Throws: ``Failure``
    func call<Method: LibraryMethod>(
        _: Method.Type, _ parameters: Method.Parameters, what: String
    ) throws -> Method.Reply {
        do { return try ask(Method.self, parameters) } catch { throw Failure(error, what: what) }
    }

    /// Calls a method that replies once, and throws what it throws.
    func ask<Method: LibraryMethod>(_: Method.Type, _ parameters: Method.Parameters) throws -> Method.Reply {
        var client = try VarlinkClient(connectingTo: path)
        return try client.call(Method.self, parameters)
    }

    /// Calls a method and takes every reply; returns the last.
    func call<Method: LibraryMethod>(
        _: Method.Type, _ parameters: Method.Parameters, what: String, news: (Method.Reply) throws -> Void
    ) throws -> Method.Reply {
        do {
            var client = try VarlinkClient(connectingTo: path)
            return try client.call(Method.self, parameters, news: news)
        } catch { throw Failure(error, what: what) }
    }
}

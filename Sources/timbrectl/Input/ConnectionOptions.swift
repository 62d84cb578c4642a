import ArgumentParser
import CommandOutput
import Platform
import SoundPlots
import SystemPackage
import TimbreWire
import Varlink

/// Which daemon is asked.
struct ConnectionOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "The daemon's socket.",
            discussion: "Else TIMBRED_SOCKET, the user's own daemon if there is one, or the system's."),
        completion: .file(), transform: { CommandArguments.path($0) })
    var socket: FilePath?
}

extension ConnectionOptions: LibraryAsker {
    /// Where the daemon listens.
    var path: FilePath { LibrarySocket.path(named: socket) }

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
    ///
    /// - Parameter passed: A descriptor that the daemon gets with the call.
    func call<Method: LibraryMethod>(
        _: Method.Type, _ parameters: Method.Parameters, what: String, passing passed: FileDescriptor? = nil,
        news: (Method.Reply) throws -> Void
    ) throws -> Method.Reply {
        do {
            var client = try VarlinkClient(connectingTo: path)
            return try client.call(Method.self, parameters, passing: passed, news: news)
        } catch { throw Failure(error, what: what) }
    }

    /// What is said of a last reply that lacks what it should say.
    static func nonsense(_ what: String) -> Failure {
        Failure(.internalError, what: what, why: "the daemon's answer makes no sense")
    }
}

import ArgumentParser
import CommandOutput
import TimbreWire
import Varlink

/// Whether the libraries of many machines are asked, and what is done if some do not answer.
struct EverywhereOptions: ParsableArguments {
    @Flag(help: "Ask the libraries of all machines of the cluster; see timbre-cluster(1).")
    var everywhere = false

    @Flag(help: "With --everywhere: fail, with code 69, if a part of the cluster does not answer.")
    var strict = false

    func validate() throws {
        guard everywhere || !strict else { throw ValidationError("--strict is for --everywhere.") }
    }
}

extension EverywhereOptions {
    /// Calls a method of the cluster or, without `--everywhere`, of the library, and throws what it throws.
    func ask<Method: LibraryMethod>(
        _ connection: ConnectionOptions, _: Method.Type, _ parameters: Method.Parameters
    ) throws -> Method.Reply {
        guard everywhere else { return try connection.ask(Method.self, parameters) }
        var client = try connect()
        return try client.call(Method.self, parameters, of: ClusterInterface.name)
    }

    /// Calls a method that replies once.
    ///
    /// - Parameter what: What an error is about, such as the verb.
    /// - Throws: ``Failure``
    func call<Method: LibraryMethod>(
        _ connection: ConnectionOptions, _: Method.Type, _ parameters: Method.Parameters, what: String
    ) throws -> Method.Reply {
        do { return try ask(connection, Method.self, parameters) } catch { throw Failure(error, what: what) }
    }

    /// Calls a method and takes every reply; returns the last.
    func call<Method: LibraryMethod>(
        _ connection: ConnectionOptions, _: Method.Type, _ parameters: Method.Parameters, what: String,
        news: (Method.Reply) throws -> Void
    ) throws -> Method.Reply {
        guard everywhere else { return try connection.call(Method.self, parameters, what: what, news: news) }
        do {
            var client = try connect()
            return try client.call(Method.self, parameters, of: ClusterInterface.name, news: news)
        } catch { throw Failure(error, what: what) }
    }

    private func connect() throws -> VarlinkClient {
        do { return try VarlinkClient(connectingTo: ClusterSocket.path) } catch {
            guard error.reason == .nobody else { throw Failure(error) }
            throw Failure(
                .noDaemon, what: WirePath(ClusterSocket.path).shown, why: "no timbre-cluster answers",
                next: "start one with `systemctl start timbre-cluster`")
        }
    }

    /// Shows an answer, and says which shards are missing in it, also if there is nothing in it.
    ///
    /// - Throws: What `show` throws; ``Failure`` of code 69 if no shard may be missing.
    func show(missing: [MissingShard]?, what: String, _ show: () throws -> Void) throws {
        do { try show() } catch let failure as Failure where failure.code == .noMatch {
            try report(missing, what: what)
            throw failure
        }
        try report(missing, what: what)
    }

    /// Says which shards are missing in an answer that was shown.
    ///
    /// - Throws: ``Failure`` of code 69 if that is not to be so.
    func report(_ missing: [MissingShard]?, what: String) throws {
        guard let missing, !missing.isEmpty else { return }
        let words = missing.map { "shard \($0.shard), \($0.why)" }.joined(separator: "; ")
        let line = Shown.escaped("timbrectl: \(what): not everything was asked: \(words)")
        guard strict else { return Output.error(line) }
        throw Failure(.noDaemon, line)
    }
}

import SystemPackage
import TimbreWire
import Varlink

/// The daemon, asked over a connection for each question: it may be restarted between two.
package struct Library: Hashable, Sendable {
    package var socket: FilePath

    package init(socket: FilePath) { self.socket = socket }

    /// Calls a method that replies once.
    package func ask<Method: LibraryMethod>(_: Method.Type, _ parameters: Method.Parameters) throws -> Method.Reply {
        var client = try VarlinkClient(connectingTo: socket)
        return try client.call(Method.self, parameters)
    }

    /// Calls a method and takes every reply; returns the last.
    func ask<Method: LibraryMethod>(
        _: Method.Type, _ parameters: Method.Parameters, news: (Method.Reply) throws -> Void
    ) throws -> Method.Reply {
        var client = try VarlinkClient(connectingTo: socket)
        return try client.call(Method.self, parameters, news: news)
    }
}

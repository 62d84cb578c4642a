import SystemPackage

/// What goes wrong with a socket before anybody speaks.
package struct SocketError: Error, Hashable, CustomStringConvertible {
    package enum Reason: Hashable, Sendable {
        /// The path has more bytes than the kernel takes.
        case tooLong
        /// Nobody listens there.
        case nobody
        /// Another process listens there.
        case taken(byProcess: Int32?)
        /// There is something at the path that is not a socket.
        case notASocket
        case notPermitted
        case other(Errno)
    }

    package var path: FilePath
    package var reason: Reason

    package init(path: FilePath, reason: Reason) {
        self.path = path
        self.reason = reason
    }

    init(path: FilePath, _ error: Errno) {
        self.path = path
        reason =
            switch error {
            case .noSuchFileOrDirectory, .connectionRefused, .notDirectory: .nobody
            case .permissionDenied, .notPermitted: .notPermitted
            default: .other(error)
            }
    }

    /// A line to show, without the path.
    package var explanation: String {
        switch reason {
        case .tooLong: "the path has \(path.length) bytes, and a socket's can have \(UnixAddress.longest)"
        case .nobody: "nobody listens there"
        case .taken(let process?): "taken by another daemon (process \(process))"
        case .taken(nil): "taken by another daemon"
        case .notASocket: "there is something else at this path"
        case .notPermitted: "not permitted"
        case .other(let error): "\(error)"
        }
    }

    package var description: String { "\(path): \(explanation)" }
}

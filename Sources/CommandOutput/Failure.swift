import Glibc
import SystemPackage
import TimbreWire
import Varlink

/// Why timbrectl gives up: one line for people, and a number for scripts.
package struct Failure: Error, Hashable {
    /// Exit codes, from the contract and from sysexits.h.
    package enum Code: Int32, Hashable {
        case noMatch = 1
        case notRunning = 3
        case usage = 64
        case notAudio = 65
        case noSuchFile = 66
        case noDaemon = 69
        case internalError = 70
        case notPermitted = 77
    }

    package let code: Code
    /// What is printed; nil prints nothing.
    package let line: String?

    package init(_ code: Code, _ line: String? = nil) {
        self.code = code
        self.line = line
    }

    /// `timbrectl: <what>: <why>`, with what to do next where there is something to do.
    package init(_ code: Code, what: String, why: String, next: String? = nil) {
        self.code = code
        let text = "timbrectl: \(what): \(why)" + (next.map { "; \($0)" } ?? "")
        line = Shown.escaped(text)
    }

    package func exit() -> Never {
        if let line { Output.error(line) }
        Glibc.exit(code.rawValue)
    }
}

extension Failure {
    /// Puts an error in words.
    ///
    /// - Parameter what: What was being done, such as a file's name or a verb.
    package init(_ error: any Error, what: String) {
        self =
            switch error {
            case let failure as Failure: failure
            case let error as SocketError: Failure(error)
            case let error as ConversationError: Failure(error)
            case let error as LibraryError: Failure(error, what: what)
            case let error as Errno:
                Failure(error == .permissionDenied ? .notPermitted : .internalError, what: what, why: "\(error)")
            default: Failure(.internalError, what: what, why: "\(error)")
            }
    }

    package init(_ error: SocketError) {
        let path = WirePath(error.path)
        switch error.reason {
        case .nobody:
            self.init(
                .noDaemon, what: path.shown, why: "no daemon answers",
                next: "start one with `systemctl --user start timbred`, or name its socket with --socket")
        case .notPermitted:
            self.init(
                .notPermitted, what: path.shown, why: "not permitted",
                next: "become a member of the group timbred, or its service's user")
        case .tooLong: self.init(.usage, what: path.shown, why: error.explanation)
        default: self.init(.noDaemon, what: path.shown, why: error.explanation)
        }
    }

    package init(_ error: ConversationError) {
        let what = WirePath(error.path).shown
        switch error.reason {
        case .ended: self.init(.noDaemon, what: what, why: "the daemon hung up", next: "see `journalctl -u timbred`")
        case .broken(let error): self.init(.noDaemon, what: what, why: "\(error)")
        case .nonsense:
            self.init(
                .internalError, what: what, why: "the daemon's answer makes no sense",
                next: "it may be of another version: restart it")
        }
    }
}

extension Failure {
    /// Puts what the daemon answered in words.
    package init(_ error: LibraryError, what: String) {
        switch error {
        case .varlink(let error): self.init(error, what: what)
        case .notIndexed(let path, let state, let reason):
            let next: String? =
                switch state {
                case .failed: "try it again with `timbrectl retry`"
                case .pending: "wait for it with `timbrectl sync`"
                default: nil
                }
            self.init(state == .failed ? .notAudio : .noSuchFile, what: path.shown, why: reason, next: next)
        case .notAudio(let path, let reason): self.init(.notAudio, what: path.shown, why: reason)
        case .notWatched(let path):
            self.init(
                .noSuchFile, what: path.shown, why: "not in a watched folder", next: "see `timbrectl watch list`")
        case .notAFolder(let path, let reason): self.init(.noSuchFile, what: path.shown, why: reason)
        case .inConfiguration(let path):
            self.init(
                .usage, what: path.shown, why: "named in the configuration file",
                next: "remove it there, then `timbrectl reload`")
        case .busy(let reason): self.init(.noDaemon, what: what, why: reason)
        case .noSuchModel(let model):
            self.init(.noSuchFile, what: "model \(model)", why: "no such model", next: "see `timbrectl model list`")
        case .invalidModel(let reason): self.init(.notAudio, what: what, why: "not a model: \(reason)")
        case .invalidBackup(let reason): self.init(.notAudio, what: what, why: reason)
        case .notWritten(let reason): self.init(.internalError, what: what, why: reason)
        case .cannotRebase(let path, let reason): self.init(.usage, what: path.shown, why: reason)
        case .emptyQuery(let reason): self.init(.notAudio, what: what, why: reason)
        case .metricUnavailable(let reason), .notEverywhere(let reason): self.init(.usage, what: what, why: reason)
        case .nothingToEvaluate(let reason): self.init(.noMatch, what: what, why: reason)
        case .invalidConfiguration(let reason):
            self.init(.usage, what: what, why: reason, next: "the old configuration is still in force")
        case .storageFull(let reason):
            self.init(.internalError, what: what, why: reason, next: "make room, then `timbrectl retry`")
        case .stopping: self.init(.noDaemon, what: what, why: "the daemon is stopping", next: "try again")
        case .other: self.init(.internalError, what: what, why: "\(error)")
        case .internal(let reason): self.init(.internalError, what: what, why: reason, next: "see the journal")
        }
    }

    private init(_ error: VarlinkError, what: String) {
        switch error {
        case .permissionDenied:
            self.init(
                .notPermitted, what: what, why: "not permitted", next: "run it as the service's user, or as root")
        case .invalidParameter(let name):
            self.init(.usage, what: what, why: "the daemon does not accept the value of \(name)")
        case .interfaceNotFound(let name), .methodNotFound(let name), .methodNotImplemented(let name):
            self.init(
                .internalError, what: what, why: "the daemon does not know \(name)",
                next: "it may be of another version: restart it")
        case .expectedMore: self.init(.internalError, what: what, why: "\(error)")
        }
    }
}

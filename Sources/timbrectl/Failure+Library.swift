import TimbreWire
import Varlink

extension Failure {
    /// Puts what the daemon answered in words.
    init(_ error: LibraryError, what: String) {
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
        case .emptyQuery(let reason): self.init(.notAudio, what: what, why: reason)
        case .metricUnavailable(let reason): self.init(.usage, what: what, why: reason)
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

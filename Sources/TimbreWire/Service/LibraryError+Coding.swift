extension LibraryError {
    /// The parameters that any of the errors has.
    struct Details: Codable, Hashable {
        var interface: String?
        var method: String?
        var parameter: String?
        var shown: ShownPath?
        var exact: ExactPath?
        var state: FileState?
        var reason: String?
        var model: String?

        enum CodingKeys: String, CodingKey {
            case interface, method, parameter
            case shown = "path"
            case exact = "path_bytes"
            case state, reason, model
        }

        init() {}

        init(path: WirePath, state: FileState? = nil, reason: String? = nil) {
            shown = ShownPath(path)
            exact = ExactPath(path)
            self.state = state
            self.reason = reason
        }

        init(reason: String) { self.reason = reason }

        /// The path; a daemon that names none means no file that we know.
        var path: WirePath { shown.map { WirePath($0, exact) } ?? WirePath([]) }
    }

    /// The name and the parameters that go over the wire.
    var message: (name: String, details: Details) {
        var details = Details()
        switch self {
        case .interfaceNotFound(let interface):
            details.interface = interface
            return ("org.varlink.service.InterfaceNotFound", details)
        case .methodNotFound(let method):
            details.method = method
            return ("org.varlink.service.MethodNotFound", details)
        case .methodNotImplemented(let method):
            details.method = method
            return ("org.varlink.service.MethodNotImplemented", details)
        case .invalidParameter(let parameter):
            details.parameter = parameter
            return ("org.varlink.service.InvalidParameter", details)
        case .permissionDenied: return ("org.varlink.service.PermissionDenied", details)
        case .expectedMore: return ("org.varlink.service.ExpectedMore", details)
        case .notIndexed(let path, let state, let reason):
            return ("org.timbred.Library.NotIndexed", Details(path: path, state: state, reason: reason))
        case .notAudio(let path, let reason):
            return ("org.timbred.Library.NotAudio", Details(path: path, reason: reason))
        case .notWatched(let path): return ("org.timbred.Library.NotWatched", Details(path: path))
        case .notAFolder(let path, let reason):
            return ("org.timbred.Library.NotAFolder", Details(path: path, reason: reason))
        case .inConfiguration(let path): return ("org.timbred.Library.InConfiguration", Details(path: path))
        case .busy(let reason): return ("org.timbred.Library.Busy", Details(reason: reason))
        case .noSuchModel(let model):
            details.model = model
            return ("org.timbred.Library.NoSuchModel", details)
        case .invalidModel(let reason): return ("org.timbred.Library.InvalidModel", Details(reason: reason))
        case .emptyQuery(let reason): return ("org.timbred.Library.EmptyQuery", Details(reason: reason))
        case .metricUnavailable(let reason):
            return ("org.timbred.Library.MetricUnavailable", Details(reason: reason))
        case .nothingToEvaluate(let reason):
            return ("org.timbred.Library.NothingToEvaluate", Details(reason: reason))
        case .invalidConfiguration(let reason):
            return ("org.timbred.Library.InvalidConfiguration", Details(reason: reason))
        case .storageFull(let reason): return ("org.timbred.Library.StorageFull", Details(reason: reason))
        case .stopping: return ("org.timbred.Library.Stopping", details)
        case .internal(let reason): return ("org.timbred.Library.Internal", Details(reason: reason))
        case .other(let name): return (name, details)
        }
    }

    /// Reads an error that a daemon sent.
    init(name: String, details: Details) {
        let reason = details.reason ?? ""
        self =
            switch name {
            case "org.varlink.service.InterfaceNotFound": .interfaceNotFound(interface: details.interface ?? "")
            case "org.varlink.service.MethodNotFound": .methodNotFound(method: details.method ?? "")
            case "org.varlink.service.MethodNotImplemented": .methodNotImplemented(method: details.method ?? "")
            case "org.varlink.service.InvalidParameter": .invalidParameter(details.parameter ?? "")
            case "org.varlink.service.PermissionDenied": .permissionDenied
            case "org.varlink.service.ExpectedMore": .expectedMore
            case "org.timbred.Library.NotIndexed":
                .notIndexed(details.path, state: details.state, reason: reason)
            case "org.timbred.Library.NotAudio": .notAudio(details.path, reason: reason)
            case "org.timbred.Library.NotWatched": .notWatched(details.path)
            case "org.timbred.Library.NotAFolder": .notAFolder(details.path, reason: reason)
            case "org.timbred.Library.InConfiguration": .inConfiguration(details.path)
            case "org.timbred.Library.Busy": .busy(reason: reason)
            case "org.timbred.Library.NoSuchModel": .noSuchModel(details.model ?? "")
            case "org.timbred.Library.InvalidModel": .invalidModel(reason: reason)
            case "org.timbred.Library.EmptyQuery": .emptyQuery(reason: reason)
            case "org.timbred.Library.MetricUnavailable": .metricUnavailable(reason: reason)
            case "org.timbred.Library.NothingToEvaluate": .nothingToEvaluate(reason: reason)
            case "org.timbred.Library.InvalidConfiguration": .invalidConfiguration(reason: reason)
            case "org.timbred.Library.StorageFull": .storageFull(reason: reason)
            case "org.timbred.Library.Stopping": .stopping
            case "org.timbred.Library.Internal": .internal(reason: reason)
            default: .other(name: name)
            }
    }
}

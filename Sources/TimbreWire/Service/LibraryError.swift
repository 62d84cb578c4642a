import Varlink

/// An error as it is said on the wire: those that every Varlink service has, and our own.
package enum LibraryError: Error, Hashable, Sendable {
    case varlink(VarlinkError)

    /// A file is not searchable; its state is nil if the library does not know it at all.
    case notIndexed(WirePath, state: FileState?, reason: String)
    /// Not a sound, or none that can be decoded.
    case notAudio(WirePath, reason: String)
    /// Not one of the watched folders, nor below one.
    case notWatched(WirePath)
    /// Not a folder that can be watched.
    case notAFolder(WirePath, reason: String)
    /// A folder that the configuration file names, and that can only be removed there.
    case inConfiguration(WirePath)
    /// Something is going on that does not allow this now.
    case busy(reason: String)
    case noSuchModel(String)
    case invalidModel(reason: String)
    /// There is nothing to search by: the queries, or the part of them that was asked for, are silent or too short.
    case emptyQuery(reason: String)
    /// The model or the queries do not allow the metric or the contrast that was asked for.
    case metricUnavailable(reason: String)
    /// What is asked for cannot be asked of many libraries at once.
    case notEverywhere(reason: String)
    /// There is nothing to evaluate: too few labels, or none that two files have.
    case nothingToEvaluate(reason: String)
    /// The configuration cannot be read; the old one is still in force.
    case invalidConfiguration(reason: String)
    /// What is to be restored is no backup, damaged, or of a later version.
    case invalidBackup(reason: String)
    /// The file that a client has opened cannot be written.
    case notWritten(reason: String)
    /// What is known below a folder cannot have another path.
    case cannotRebase(WirePath, reason: String)
    /// The disk is full.
    case storageFull(reason: String)
    /// The daemon is stopping.
    case stopping
    case `internal`(reason: String)
    /// An error that this version does not know.
    case other(name: String)

    /// A parameter that is right by itself does not fit the library.
    package static func invalidParameter(_ name: String) -> LibraryError { .varlink(.invalidParameter(name)) }
}

extension LibraryError: ReadableReplyError {
    /// The parameters that any of our own errors has.
    private struct Details: Codable {
        var shown: ShownPath?
        var exact: ExactPath?
        var state: FileState?
        var reason: String?
        var model: String?

        enum CodingKeys: String, CodingKey {
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

        init(model: String) { self.model = model }

        /// The path; a daemon that names none means no file that we know.
        var path: WirePath { shown.map { WirePath($0, exact) } ?? WirePath([]) }
    }

    package var name: String {
        switch self {
        case .varlink(let error): error.name
        case .notIndexed: Self.own("NotIndexed")
        case .notAudio: Self.own("NotAudio")
        case .notWatched: Self.own("NotWatched")
        case .notAFolder: Self.own("NotAFolder")
        case .inConfiguration: Self.own("InConfiguration")
        case .busy: Self.own("Busy")
        case .noSuchModel: Self.own("NoSuchModel")
        case .invalidModel: Self.own("InvalidModel")
        case .emptyQuery: Self.own("EmptyQuery")
        case .metricUnavailable: Self.own("MetricUnavailable")
        case .notEverywhere: "\(ClusterInterface.name).NotEverywhere"
        case .nothingToEvaluate: Self.own("NothingToEvaluate")
        case .invalidConfiguration: Self.own("InvalidConfiguration")
        case .invalidBackup: Self.own("InvalidBackup")
        case .notWritten: Self.own("NotWritten")
        case .cannotRebase: Self.own("CannotRebase")
        case .storageFull: Self.own("StorageFull")
        case .stopping: Self.own("Stopping")
        case .internal: Self.own("Internal")
        case .other(let name): name
        }
    }

    private static func own(_ name: String) -> String { "\(LibraryInterface.name).\(name)" }

    package var parameters: any Encodable {
        switch self {
        case .varlink(let error): error.parameters
        case .notIndexed(let path, let state, let reason): Details(path: path, state: state, reason: reason)
        case .notAudio(let path, let reason), .notAFolder(let path, let reason), .cannotRebase(let path, let reason):
            Details(path: path, reason: reason)
        case .notWatched(let path), .inConfiguration(let path): Details(path: path)
        case .noSuchModel(let model): Details(model: model)
        case .busy(let reason), .invalidModel(let reason), .emptyQuery(let reason), .metricUnavailable(let reason),
            .notEverywhere(let reason), .nothingToEvaluate(let reason), .invalidConfiguration(let reason),
            .storageFull(let reason), .invalidBackup(let reason), .notWritten(let reason),
            .internal(let reason):
            Details(reason: reason)
        case .stopping, .other: Details()
        }
    }

    package init(name: String, parameters: (any Decoder)?) throws {
        if let error = try VarlinkError(name: name, parameters: parameters) {
            self = .varlink(error)
            return
        }
        let details = try parameters.map(Details.init(from:)) ?? Details()
        let reason = details.reason ?? ""
        self =
            switch name {
            case Self.own("NotIndexed"): .notIndexed(details.path, state: details.state, reason: reason)
            case Self.own("NotAudio"): .notAudio(details.path, reason: reason)
            case Self.own("NotWatched"): .notWatched(details.path)
            case Self.own("NotAFolder"): .notAFolder(details.path, reason: reason)
            case Self.own("InConfiguration"): .inConfiguration(details.path)
            case Self.own("Busy"): .busy(reason: reason)
            case Self.own("NoSuchModel"): .noSuchModel(details.model ?? "")
            case Self.own("InvalidModel"): .invalidModel(reason: reason)
            case Self.own("EmptyQuery"): .emptyQuery(reason: reason)
            case Self.own("MetricUnavailable"): .metricUnavailable(reason: reason)
            case "\(ClusterInterface.name).NotEverywhere": .notEverywhere(reason: reason)
            case Self.own("NothingToEvaluate"): .nothingToEvaluate(reason: reason)
            case Self.own("InvalidConfiguration"): .invalidConfiguration(reason: reason)
            case Self.own("InvalidBackup"): .invalidBackup(reason: reason)
            case Self.own("NotWritten"): .notWritten(reason: reason)
            case Self.own("CannotRebase"): .cannotRebase(details.path, reason: reason)
            case Self.own("StorageFull"): .storageFull(reason: reason)
            case Self.own("Stopping"): .stopping
            case Self.own("Internal"): .internal(reason: reason)
            default: .other(name: name)
            }
    }
}

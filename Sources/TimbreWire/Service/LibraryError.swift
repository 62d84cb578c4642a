/// An error as it is said on the wire: those that every Varlink service has, and our own.
package enum LibraryError: Error, Hashable, Sendable {
    case interfaceNotFound(interface: String)
    case methodNotFound(method: String)
    case methodNotImplemented(method: String)
    /// A parameter is missing, of the wrong type or out of range.
    case invalidParameter(String)
    case permissionDenied
    /// The method replies more than once, and the client did not ask for `more`.
    case expectedMore

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
    /// The model or the queries do not allow the metric that was asked for.
    case metricUnavailable(reason: String)
    /// There is nothing to evaluate: too few labels, or none that two files have.
    case nothingToEvaluate(reason: String)
    /// The configuration cannot be read; the old one is still in force.
    case invalidConfiguration(reason: String)
    /// The disk is full.
    case storageFull(reason: String)
    /// The daemon is stopping.
    case stopping
    case `internal`(reason: String)
    /// An error that this version does not know.
    case other(name: String)
}

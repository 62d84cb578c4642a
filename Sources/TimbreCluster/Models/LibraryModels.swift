import ContentHash
import SystemPackage
import TimbreWire
import Varlink

/// The models of this machine's library.
package struct LibraryModels: Sendable {
    /// The socket of timbred.
    let library: FilePath

    package init(of library: FilePath) { self.library = library }

    /// The hash of the model in use.
    ///
    /// - Throws: `LibraryError.busy` if there is none yet.
    package func used() throws -> String { try change().model }

    /// Whether the library has a model.
    ///
    /// - Parameter model: `sha256:…`; of anything else that another machine may have said there is none.
    package func has(_ model: String) throws -> Bool {
        guard ContentHash(model) != nil else { return false }
        do {
            _ = try change(under: model)
            return true
        } catch LibraryError.noSuchModel { return false }
    }

    /// A model with its file.
    ///
    /// - Parameter name: A number, or the beginning of its hash, as timbrectl has it.
    /// - Throws: ``LibraryError/noSuchModel(_:)`` if there is none, or several.
    package func export(_ name: String) throws -> ExportModel.Reply {
        try call(ExportModel.self, ModelChoice(model: name))
    }

    /// Takes a model file in, if it is the model that it should be.
    func add(_ document: [UInt8], as model: String) throws {
        _ = try call(
            ImportModel.self, ImportModel.Parameters(document: String(decoding: document, as: UTF8.self), hash: model))
    }

    /// Puts a model to use. Codes that are missing are made first, which may take long.
    func use(_ model: String) throws { _ = try call(UseModel.self, ModelChoice(model: model)) }

    /// One change, which tells what the library is like without asking for much.
    ///
    /// - Parameter model: Of which codes and vectors are; nil for the one in use.
    func change(under model: String? = nil) throws -> Changes.Reply {
        var client = try VarlinkClient(connectingTo: library)
        return try client.call(Changes.self, Changes.Parameters(limit: 1, once: true, model: model)) { _ in }
    }

    private func call<Method: LibraryMethod>(_: Method.Type, _ parameters: Method.Parameters) throws -> Method.Reply {
        var client = try VarlinkClient(connectingTo: library)
        return try client.call(Method.self, parameters)
    }
}

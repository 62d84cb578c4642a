import ArgumentParser
import CommandOutput
import LocalFiles
import Platform
import SystemPackage
import TimbreWire

/// The models of the library.
struct ModelCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "model", abstract: "List, show, use, export and import models.",
        subcommands: [ModelList.self, ModelShow.self, ModelUse.self, ModelExport.self, ModelImport.self])
}

struct ModelList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the models, newest first.")

    @OptionGroup(title: "Output") var output: ListOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard !output.null else { throw ValidationError("-0 is for lists of files.") }
    }

    func run() throws {
        let reply = try connection.call(ListModels.self, Nothing(), what: "model list")
        func table() -> String {
            var table = Table([
                .init(heading: "id", alignment: .right), .init(heading: ""), .init(heading: "hash"),
                .init(heading: "from"), .init(heading: "since"), .init(heading: "sounds", alignment: .right),
            ])
            for model in reply.models {
                table.add([
                    "\(model.id)", model.active ? "in use" : "", Shown.hash(model.hash),
                    Shown.escaped(model.origin), Shown.time(model.created), "\(model.contents)",
                ])
            }
            return table.text(width: Output.width)
        }
        try output.show(reply, rows: reply.models, path: { _ in nil }, table: table)
    }
}

struct ModelShow: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "show", abstract: "Tell all that is known of a model.")

    @Argument(
        help: "Its number, or eight digits or more of its hash; the one in use if left out.",
        completion: LibraryCompletion.models)
    var id: String?

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let reply = try connection.call(ShowModel.self, ModelChoice(model: id), what: "model show")
        try output.show(reply) {
            let model = reply.model
            return Shown.members([
                ("model", "\(model.id)\(model.active ? ", in use" : "")"), ("hash", model.hash),
                ("from", Shown.escaped(model.origin)), ("since", Shown.time(model.created)),
                ("centroids", "\(model.centroids), \(reply.use.count { $0 > 0 }) heard"),
                ("seed", model.seed.map { "\($0)" } ?? "unknown"),
                ("trained on", model.frames.map { "\($0) frames" } ?? "unknown"),
                ("error", reply.quantisationError.map { Shown.number($0, digits: 4) } ?? "unknown"),
                ("sounds", "\(model.contents)"),
            ])
        }
    }
}

struct ModelUse: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "use", abstract: "Put a model to use; also the way back from a retrain.")

    @Argument(help: "Its number, or eight digits or more of its hash.", completion: LibraryCompletion.models)
    var id: String

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let model = try connection.call(UseModel.self, ModelChoice(model: id), what: "model use")
        try output.show(model) { "model \(model.id) is in use\n" }
    }
}

struct ModelExport: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "export", abstract: "Write a model to a file.")

    @Argument(
        help: "The file to write; - is standard output.", completion: .file(),
        transform: { CommandArguments.path($0) })
    var file: FilePath

    @Option(
        help: "The model's number, or eight digits or more of its hash; the one in use if left out.",
        completion: LibraryCompletion.models)
    var id: String?

    @Flag(help: "Replace a file that is there.")
    var force = false

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard file != "-" || !output.json else { throw ValidationError("--json excludes standard output.") }
    }

    func run() throws {
        let new = try NewFile(file, replacesOthers: force)
        let reply = try connection.call(ExportModel.self, ModelChoice(model: id), what: "model export")
        do { _ = try new.descriptor.writeAll(reply.document.utf8) } catch {
            throw Failure(error, what: WirePath(file).shown)
        }
        try new.finish()
        guard file != "-" else { return }
        try output.show(reply.model) { "model \(reply.model.id) is in \(Shown.path(WirePath(file)))\n" }
    }
}

struct ModelImport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import", abstract: "Take in a model from a file, without putting it to use.")

    @Argument(help: "The file; - is standard input.", completion: .file(), transform: { CommandArguments.path($0) })
    var file: FilePath

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let name = WirePath(file).shown
        guard let document = String(validating: try [UInt8](readingAll: file), as: UTF8.self) else {
            throw Failure(.notAudio, what: name, why: "not a model: it is not text")
        }
        let model = try connection.call(ImportModel.self, ImportModel.Parameters(document: document), what: name)
        try output.show(model) { "model \(model.id) is here; put it to use with `timbrectl model use \(model.id)`\n" }
    }
}

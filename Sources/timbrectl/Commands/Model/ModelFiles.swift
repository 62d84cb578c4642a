import ArgumentParser
import Platform
import SystemPackage
import TimbreWire

struct ModelExport: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "export", abstract: "Write a model to a file.")

    @Argument(
        help: "The file, which is replaced; - is standard output.", completion: .file(),
        transform: { CommandArguments.path($0) })
    var file: FilePath

    @Option(help: "The model's number, or the beginning of its hash; the one in use if left out.")
    var id: String?

    @OptionGroup(title: "Output") var output: JSONOptions
    @OptionGroup var connection: ConnectionOptions

    func validate() throws {
        guard file != "-" || !output.json else { throw ValidationError("--json excludes standard output.") }
    }

    func run() throws {
        let reply = try connection.call(ExportModel.self, ModelChoice(model: id), what: "model export")
        let document = Array(reply.document.utf8)
        guard file != "-" else { return try Output.write(document) }
        do {
            let target = try FileDescriptor.open(
                file, .writeOnly, options: [.create, .truncate, .closeOnExec],
                permissions: [.ownerReadWrite, .groupRead, .otherRead])
            try target.closeAfter { _ = try target.writeAll(document) }
        } catch { throw Failure(error, what: WirePath(file).shown) }
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

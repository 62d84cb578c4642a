import ArgumentParser
import Glibc
import Platform
import SystemPackage
import TimbreCoding
import TimbreStore

/// Makes a library to measure timbred on.
struct MakeLibrary: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "library", abstract: "Make a library to measure timbred on.",
        discussion: """
            Makes empty files, in directories of a thousand, and a database in which they are known, with codes and \
            vectors made up: a daemon that starts on both finds that nothing has changed.
            """)

    @Option(name: .shortAndLong, help: "How many files the library has.")
    var files = 100_000

    @Option(name: .shortAndLong, help: "How many spans each file has.")
    var spans = 1

    @Flag(help: "Make up features as well, of which a retrain learns: half a kilobyte a file.")
    var features = false

    @Flag(help: "Make up tags as well.")
    var tags = false

    @Option(help: "The folder of the files. It must be empty.", transform: { FilePath($0) })
    var folder: FilePath

    @Option(help: "The state folder, for timbred --state-dir. It must hold no library.", transform: { FilePath($0) })
    var state: FilePath

    @Option(help: "The model file of the generation in use.", transform: { FilePath($0) })
    var model = FilePath("Config/timbre-model.json")

    func validate() throws {
        guard files > 0, spans > 0 else { throw ValidationError("--files and --spans must be above 0.") }
    }

    func run() throws {
        let model = try TimbreModel(json: model.contents())
        for place in [folder, state] {
            guard unsafe place.withPlatformString({ unsafe mkdir($0, 0o700) }) == 0 || errno == EEXIST else {
                throw Errno.last
            }
        }
        let catalog = try Catalog(opening: state.appending("library.sqlite"))
        guard try catalog.read({ try $0.models().isEmpty }) else {
            throw ValidationError("\(state) holds a library.")
        }
        var library = try LibraryOnDisk(
            folder: try folder.resolvingLinks(), catalog: catalog, model: model, spansPerFile: spans,
            hasFeatures: features, hasTags: tags)
        try library.make(files)
        try catalog.close()
    }
}

import ArgumentParser
import CommandOutput
import Glibc
import Platform
import SystemPackage
import TimbreWire

/// Becomes the program that shows the library in a browser.
struct BrowseCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "browse", abstract: "Search, hear and see the library in a browser.",
        discussion: "Prints the page's address, and serves it until Ctrl-C. See timbre-web(1).")

    @Option(help: ArgumentHelp("The port of 127.0.0.1 to listen on; any that is free if it is 0.", valueName: "n"))
    var port: UInt16 = 0

    @Flag(help: "Print the address only, and start no browser.")
    var noOpen = false

    @Option(help: ArgumentHelp("What to look for first, as in the page's search box.", valueName: "words"))
    var query: String?

    @OptionGroup var connection: ConnectionOptions

    func run() throws {
        let program = try Self.program()
        var words = [program.bytes, Array("--socket".utf8), connection.path.bytes, Array("--port=\(port)".utf8)]
        if noOpen { words.append(Array("--no-open".utf8)) }
        if let query { words.append(Array("--query=\(query)".utf8)) }
        signal(SIGPIPE, SIG_DFL)
        var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { word in
            unsafe strdup((word.map { CChar(bitPattern: $0) }) + [0])
        }
        unsafe arguments.append(nil)
        _ = unsafe program.withPlatformString { unsafe execv($0, &arguments) }
        throw Failure(
            .internalError, what: WirePath(program).shown, why: "\(Errno.last)",
            next: "it is installed beside timbrectl, and this one is not")
    }

    /// The program beside this one.
    private static func program() throws(Failure) -> FilePath {
        let link: FilePath = "/proc/self/exe"
        do throws(Errno) {
            return try link.linkTarget().removingLastComponent().appending("timbre-web")
        } catch { throw Failure(error, what: WirePath(link).shown) }
    }
}

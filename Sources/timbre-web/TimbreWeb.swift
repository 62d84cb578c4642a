import ArgumentParser
import Favourites
import Glibc
import PageServer
import Platform
import SystemPackage
import TimbreExtraction
import TimbrePage
import TimbreWire
import Varlink
import WorkerSandbox

/// Serves a page to this machine's browsers, on which the library is searched, heard and seen.
@main
struct TimbreWeb: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "timbre-web", abstract: "Show the library of sounds in a browser.",
        discussion: "`timbrectl browse` starts it. See timbre-web(1).", version: Release.version)

    @Option(
        help: ArgumentHelp(
            "The daemon's socket.",
            discussion: "Else TIMBRED_SOCKET, the user's own daemon if there is one, or the system's."),
        completion: .file(), transform: { CommandArguments.path($0) })
    var socket: FilePath?

    @Option(help: ArgumentHelp("The port of 127.0.0.1 to listen on; any that is free if it is 0.", valueName: "n"))
    var port: UInt16 = 0

    @Flag(help: "Print the address only, and start no browser.")
    var noOpen = false

    @Option(help: ArgumentHelp("What to look for first, as in the page's search box.", valueName: "words"))
    var query: String?

    /// How long nobody has to ask anything until the program ends.
    private static let idleTime = Duration.seconds(1800)

    static func main() {
        // A browser may hang up at any time, and so may the reader of standard error.
        signal(SIGPIPE, SIG_IGN)
        // An answer is soon gone, and the next may be long in coming.
        FreedMemory.shareOneHeap()
        FreedMemory.returnLargePieces(of: 128 << 10)
        do {
            var command = try parseAsRoot(CommandArguments.texts)
            try command.run()
        } catch let complaint as Complaint {
            complaint.end("timbre-web")
        } catch { exit(withError: error) }
    }

    func run() throws {
        let library = Library(socket: LibrarySocket.path(named: socket))
        let folders: [FilePath]
        do {
            folders = try library.ask(ListFolders.self, Nothing()).folders.map { FilePath(bytes: $0.path.bytes) }
        } catch { throw Complaint(69, "\(library.socket.humanReadable): \(Self.words(error))") }
        let extractor = try WorkerProgram.locate()
        let listener: LoopbackListener
        do throws(Errno) { listener = try LoopbackListener(port: port) } catch {
            throw Complaint(71, "port \(port): \(error)\(error == .addressInUse ? "; choose another by --port" : "")")
        }
        let (key, code) = (Key.random(), Key.random())
        let address = "http://127.0.0.1:\(listener.port)/\(query.map(PageAddress.search) ?? "")"
        try print(line: "\(address)#t=\(key.text)")
        let hasBrowser = !noOpen && BrowserStart.open("\(address)#c=\(code.text)")
        if !noOpen, !hasBrowser {
            Self.complain("there is no xdg-open to start a browser with: open the address above in one")
        } else if isatty(STDERR_FILENO) == 1 {
            Self.complain("the page is \(hasBrowser ? "in your browser" : "at this address"), until Ctrl-C")
        }
        let favourites = Self.ownFavourites()
        let confinement = ReadingConfinement(
            folders: folders, programs: [extractor.removingLastComponent()],
            notes: [favourites?.folder].compactMap(\.self))
        if !confinement.enter() {
            Self.complain("this kernel has no Landlock: files are guarded by their permissions alone")
        }
        let page = try TimbrePage(
            port: listener.port, key: key, entry: EntryCode(code), library: library, folders: folders,
            extractor: extractor, favourites: favourites)
        let server = try PageServer(
            listener, to: PeerRule(user: getuid()), responder: page, complain: { Self.complain($0) })
        Self.waitUntilIdle(server)
    }

    /// The person's favourites, whose folder has to be there before the way to it is shut; nil if there is no place for them.
    private static func ownFavourites() -> Favourites? {
        guard let own = Favourites.own else { return nil }
        do throws(Errno) {
            try own.makeFolder()
            return own
        } catch {
            complain("\(own.folder.humanReadable): \(error); no favourites can be kept")
            return nil
        }
    }

    /// Returns when nobody has asked anything for half an hour.
    private static func waitUntilIdle(_ server: borrowing PageServer) {
        while true {
            let left = server.idleSince.map { $0 + idleTime - .now } ?? idleTime
            guard left > .zero else { return }
            // A second at least: the clock of poll(2) is a coarse one.
            _ = poll(nil, 0, Int32(min(left.inSeconds, 3600) * 1000) + 1000)
        }
    }

    private func print(line: String) throws {
        _ = try FileDescriptor.standardOutput.writeAll(Array("\(line)\n".utf8))
    }

    private static func words(_ error: any Error) -> String {
        switch error {
        case let error as SocketError:
            error.reason == .nobody
                ? "no daemon answers; start one with `systemctl --user start timbred`" : error.explanation
        default: "\(error)"
        }
    }

    private static func complain(_ text: String) { Complaint.print(text, by: "timbre-web") }
}

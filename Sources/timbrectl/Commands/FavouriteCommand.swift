import ArgumentParser
import CommandOutput
import Favourites
import LibraryReports
import LocalFiles
import Platform
import SystemPackage
import TimbreWire

/// The sounds that a person has marked.
struct FavouriteCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "favourite", abstract: "Mark sounds as favourites, in a playlist of your own.",
        subcommands: [FavouriteAdd.self, FavouriteRemove.self, FavouriteList.self])
}

struct FavouriteAdd: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "add", abstract: "Mark sounds.")

    @Argument(help: "The sounds.", completion: .file(), transform: { CommandArguments.path($0) })
    var files: [FilePath]

    @OptionGroup(title: "Output") var output: JSONOptions

    func run() throws {
        var (paths, first) = ([FilePath](), Failure?.none)
        // What cannot be marked is told, and does not keep the others back.
        for file in files {
            do throws(Failure) { paths.append(try Self.resolved(file)) } catch {
                if let line = error.line { Output.error(line) }
                first = first ?? error
            }
        }
        if !paths.isEmpty { try mark(paths) }
        if let first { throw Failure(first.code) }
    }

    private func mark(_ paths: [FilePath]) throws {
        let count = try Favourites.changing { try $0.add(paths) }
        try output.show(FavouriteChange(changed: count)) {
            count == 0
                ? "\(paths.count == 1 ? "it was" : "all of them were") marked already\n"
                : "\(Shown.count(count)) more \(count == 1 ? "is" : "are") marked\n"
        }
        let packed = paths.count { ArchivePlace(on: $0) != nil }
        if let remark = Playlist.remark(onMembers: packed, areLeftOut: false) {
            Output.error("timbrectl: favourite: \(remark)")
        }
    }

    /// The file's whole path, if there is such a file, or such an archive with something in it.
    private static func resolved(_ file: FilePath) throws(Failure) -> FilePath {
        let path = FilePath(bytes: try WirePath(resolvingFile: file).bytes)
        do throws(Errno) {
            if try FileStatus(of: path, following: true).kind != .directory { return path }
        } catch {
            if error == .notDirectory, ArchivePlace(on: path) != nil { return path }
            throw Failure(.noSuchFile, what: WirePath(path).shown, why: "\(error)")
        }
        throw Failure(.noSuchFile, what: WirePath(path).shown, why: "a folder", next: "favourite takes files")
    }
}

struct FavouriteRemove: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "remove", abstract: "Take marks away.")

    @Argument(help: "The sounds.", completion: .file(), transform: { CommandArguments.path($0) })
    var files: [FilePath]

    @OptionGroup(title: "Output") var output: JSONOptions

    func run() throws {
        let paths = try files.map { FilePath(bytes: try WirePath(naming: $0).bytes) }
        let count = try Favourites.changing { try $0.remove(paths) }
        try output.show(FavouriteChange(changed: count)) {
            count == 0
                ? "\(paths.count == 1 ? "it was not" : "none of them was") marked\n"
                : "\(Shown.count(count)) \(count == 1 ? "is" : "are") not marked any more\n"
        }
        if count == 0 { throw Failure(.noMatch) }
    }
}

struct FavouriteList: ParsableCommand {
    static let configuration = CommandConfiguration(commandName: "list", abstract: "List the sounds that are marked.")

    @OptionGroup(title: "Output") var output: ListOptions
    @OptionGroup var use: UseOptions

    func run() throws {
        let favourites = try Favourites.named()
        let paths = try Favourites.changing { try $0.paths() }.map { WirePath($0.bytes) }
        let whole = FavouritePaths(playlist: WirePath(favourites.file.bytes), favourites: paths)
        try output.show(whole, rows: paths, path: \.self) { paths.map { Shown.path($0) + "\n" }.joined() }
        try use.use(paths, what: "favourite")
        if paths.isEmpty { throw Failure(.noMatch) }
    }
}

/// How many sounds are marked now that were not, or the other way round.
private struct FavouriteChange: Encodable {
    var changed: Int
}

/// The sounds that are marked, and the file that says so.
private struct FavouritePaths: Encodable {
    var playlist: WirePath
    var favourites: [WirePath]
}

extension Favourites {
    /// Those of the person who calls.
    static func named() throws(Failure) -> Favourites {
        guard let own else {
            throw Failure(.usage, what: "favourites", why: "there is no home", next: "set HOME or XDG_STATE_HOME")
        }
        return own
    }

    /// Does something with them; an error names the playlist.
    fileprivate static func changing<Result>(_ body: (Favourites) throws -> Result) throws(Failure) -> Result {
        let own = try named()
        do { return try body(own) } catch { throw Failure(error, what: WirePath(own.file).shown) }
    }
}

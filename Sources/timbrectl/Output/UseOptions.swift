import ArgumentParser
import CommandOutput
import Favourites
import Glibc
import LibraryReports
import LocalFiles
import Platform
import SystemPackage
import TimbreWire

/// What is done with results beside printing them.
struct UseOptions: ParsableArguments {
    @Flag(help: "Open the sound with the desktop's own program, or several as a playlist.")
    var open = false

    @Flag(help: "Copy the paths to the clipboard, through the terminal (OSC 52).")
    var copy = false
}

extension UseOptions {
    /// Does what was asked for, if there are results.
    ///
    /// - Parameter what: The verb, for errors and remarks.
    func use(_ paths: [WirePath], what: String) throws {
        guard !paths.isEmpty else { return }
        if copy { try Clipboard.copy(paths, what: what) }
        if open { try Desktop.open(paths, what: what) }
    }
}

/// The clipboard, which belongs to the terminal, wherever that is: over a network too.
private enum Clipboard {
    /// What terminals take in one piece at most: 100,000 bytes of base64 with what is around it (hterm, and others after it).
    private static let limit = 74_994

    static func copy(_ paths: [WirePath], what: String) throws(Failure) {
        let text = Array(paths.map(\.playlistLine).joined(separator: [UInt8(ascii: "\n")]))
        guard text.count <= limit else {
            throw Failure(
                .usage, what: what,
                why:
                    "--copy: \(Shown.count(paths.count, "path")) \(paths.count == 1 ? "is" : "are") too much for a terminal",
                next: "take fewer with -n")
        }
        do {
            let terminal = try FileDescriptor.open(FilePath("/dev/tty"), .writeOnly, options: [.closeOnExec])
            try terminal.closeAfter { _ = try terminal.writeAll("\u{1B}]52;c;\(Base64(text).text)\u{07}".utf8) }
        } catch { throw Failure(.internalError, what: what, why: "--copy: there is no terminal") }
        Output.error(
            "timbrectl: \(what): \(paths.count == 1 ? "the path is" : "\(Shown.count(paths.count, "path")) are") copied"
        )
    }
}

/// The desktop, which knows what plays a sound.
private enum Desktop {
    static func open(_ all: [WirePath], what: String) throws {
        let paths = all.filter { ArchivePlace(on: FilePath(bytes: $0.bytes)) == nil }
        if let remark = Playlist.remark(onMembers: all.count - paths.count, areLeftOut: all.count > 1) {
            guard !paths.isEmpty else { throw Failure(.usage, "timbrectl: \(what): --open: \(remark)") }
            Output.error("timbrectl: \(what): --open: \(remark)")
        }
        try start(paths.count == 1 ? FilePath(bytes: paths[0].bytes) : playlist(paths), what: what)
    }

    /// Writes the sounds down for a player.
    private static func playlist(_ paths: [WirePath]) throws -> FilePath {
        let own = try Favourites.named()
        do { try own.makeFolder() } catch { throw Failure(error, what: WirePath(own.folder).shown) }
        let path = own.folder.appending("results.m3u")
        let file = try NewFile(path, replacesOthers: true)
        do {
            _ = try file.descriptor.writeAll("#EXTM3U\n".utf8)
            _ = try file.descriptor.writeAll(paths.flatMap { $0.playlistLine + [UInt8(ascii: "\n")] })
        } catch { throw Failure(error, what: WirePath(path).shown) }
        try file.finish()
        return path
    }

    /// Starts `xdg-open`, and does not wait for what it starts; it says on standard error what it cannot do.
    private static func start(_ path: FilePath, what: String) throws(Failure) {
        var attributes = posix_spawnattr_t()
        unsafe posix_spawnattr_init(&attributes)
        defer { unsafe posix_spawnattr_destroy(&attributes) }
        // Ctrl-C at the terminal is not meant for it: a session of its own, POSIX_SPAWN_SETSID (spawn.h).
        unsafe posix_spawnattr_setflags(&attributes, 0x80)
        var process: pid_t = 0
        let error = unsafe path.withPlatformString { argument in
            var name = Array("xdg-open".utf8CString)
            return unsafe name.withUnsafeMutableBufferPointer { name in
                var arguments = unsafe [name.baseAddress, UnsafeMutablePointer(mutating: argument), nil]
                return unsafe posix_spawnp(&process, "xdg-open", nil, &attributes, &arguments, environ)
            }
        }
        guard error == 0 else {
            throw Failure(
                .noSuchFile, what: what, why: "--open: xdg-open cannot be started: \(Errno(rawValue: error))",
                next: "install xdg-utils")
        }
    }
}

import Glibc
import Platform
import SystemPackage

/// The sounds that a person has marked: a playlist of the person's own, which timbrectl, the page and any player share.
///
/// It is the file `timbrectl/favourites.m3u` in the person's state directory (`$XDG_STATE_HOME`, by default
/// `~/.local/state`), and a plain M3U: a path a line. Whoever changes it holds a lock on the file
/// `timbrectl/favourites.lock` beside it, and puts a new file in its place; whoever reads it needs no lock. Nothing of the
/// daemon's is in that folder, only what timbrectl writes for players: so a program that is to write nothing but the
/// favourites can be allowed the folder.
package struct Favourites: Sendable {
    /// The playlist.
    package let file: FilePath
    /// The folder of the playlist, where other playlists of the person's may lie, and nothing of the daemon's.
    package var folder: FilePath { file.removingLastComponent() }

    /// The most bytes that a playlist may have.
    private static let limit = 16 << 20

    package init(file: FilePath) { self.file = file }

    /// Those of the person who runs this program; nil where the environment names neither a state directory nor a home.
    package static var own: Favourites? {
        Favourites(stateHome: environment("XDG_STATE_HOME"), home: environment("HOME"))
    }

    private static func environment(_ name: String) -> FilePath? {
        guard let value = unsafe getenv(name), unsafe value.pointee != 0 else { return nil }
        return unsafe FilePath(platformString: value)
    }

    /// Decides where they are; nil where neither a state directory nor a home is named.
    package init?(stateHome: FilePath?, home: FilePath?) {
        // Relative paths there are to be ignored: XDG Base Directory Specification.
        if let stateHome, stateHome.isAbsolute {
            self.init(file: stateHome.appending("timbrectl/favourites.m3u"))
        } else if let home {
            self.init(file: home.appending(".local/state/timbrectl/favourites.m3u"))
        } else {
            return nil
        }
    }

    /// The sounds, in the order in which they were marked.
    ///
    /// - Throws: `Errno` if there is a playlist and it cannot be read.
    package func paths() throws(Errno) -> [FilePath] { try text().paths }

    /// Marks sounds.
    ///
    /// - Parameter paths: Absolute.
    /// - Returns: How many of them were not marked before.
    /// - Throws: `Errno` if the playlist cannot be read or written; then nothing has changed.
    @discardableResult package func add(_ paths: [FilePath]) throws -> Int {
        try change { text in paths.count { text.add($0) } }
    }

    /// Takes marks away.
    ///
    /// - Returns: How many of the sounds were marked.
    /// - Throws: `Errno` if the playlist cannot be read or written; then nothing has changed.
    @discardableResult package func remove(_ paths: [FilePath]) throws -> Int {
        try change { text in paths.count { text.remove($0) } }
    }

    /// Makes the folder of the playlist, if it is not there.
    package func makeFolder() throws(Errno) { try folder.makeFolders() }

    private func text() throws(Errno) -> PlaylistText {
        do throws(Errno) {
            return PlaylistText(try file.contents(limit: Self.limit), in: folder)
        } catch .noSuchFileOrDirectory { return PlaylistText([], in: folder) }
    }

    /// Reads, changes and writes the playlist, one at a time.
    private func change(_ body: (inout PlaylistText) -> Int) throws -> Int {
        try makeFolder()
        let lock = try OwnedDescriptor.open(folder.appending("favourites.lock"), O_RDWR | O_CREAT, mode: 0o600)
        while flock(lock.descriptor.rawValue, LOCK_EX) != 0 {
            guard Errno.last == .interrupted else { throw Errno.last }
        }
        var text = try text()
        let count = body(&text)
        if count > 0 { try replace(text.bytes) }
        return count
    }

    private func replace(_ bytes: [UInt8]) throws {
        let new = folder.appending("favourites.new")
        let descriptor = try OwnedDescriptor.open(new, O_WRONLY | O_CREAT | O_TRUNC, mode: 0o600)
        _ = try descriptor.descriptor.writeAll(bytes)
        // A playlist that is there by half after a power cut would be worse than the one before.
        guard fsync(descriptor.descriptor.rawValue) == 0 else { throw Errno.last }
        let result = unsafe new.withPlatformString { from in
            unsafe file.withPlatformString { unsafe rename(from, $0) }
        }
        guard result == 0 else { throw Errno.last }
    }
}

extension FilePath {
    /// Makes a folder with those above it, as far as they are missing: for the person alone, as the XDG Base Directory
    /// Specification wants it.
    fileprivate func makeFolders() throws(Errno) {
        guard unsafe withPlatformString({ unsafe mkdir($0, 0o700) }) != 0, Errno.last != .fileExists else { return }
        guard Errno.last == .noSuchFileOrDirectory, !removingLastComponent().isEmpty else { throw .last }
        try removingLastComponent().makeFolders()
        guard unsafe withPlatformString({ unsafe mkdir($0, 0o700) }) == 0 || Errno.last == .fileExists else {
            throw .last
        }
    }
}

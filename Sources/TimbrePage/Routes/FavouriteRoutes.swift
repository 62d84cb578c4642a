import Favourites
import PageServer
import Platform
import Synchronization
import SystemPackage
import TimbreWire
import Varlink

/// The sounds that the person has marked: the one thing that the page changes.
final class FavouriteRoutes: Sendable {
    private let favourites: Favourites?
    /// The playlist when it was looked at last; nil if it was not there.
    private let lastSeen = Mutex<Version?>(nil)

    /// By what one state of the playlist is told from the next. Each is a file of its own; the time alone says nothing of
    /// two changes within one tick of the kernel's clock.
    private struct Version: Equatable {
        var inode: UInt64
        var size: Int64
        var changed: Int64
    }

    /// - Parameter favourites: Nil if the person has no home.
    init(_ favourites: Favourites?) { self.favourites = favourites }

    /// Whether the playlist is another one than when this was asked last, whoever has changed it.
    func haveChanged() -> Bool {
        guard let favourites else { return false }
        let version: Version?
        do throws(Errno) {
            let status = try FileStatus(of: favourites.file, following: true)
            version = Version(inode: status.inode, size: status.size, changed: status.changed)
        } catch {
            version = nil
        }
        return lastSeen.withLock { last in
            defer { last = version }
            return last != version
        }
    }

    /// Answers; nil if there is no such question.
    func answer(_ path: String, _ request: PageRequest) throws -> PageResponse? {
        switch path {
        case "/api/favourites": try list()
        case "/api/mark": try mark(JSON.decode(Mark.self, from: request.body))
        default: nil
        }
    }

    private struct Marked: Encodable {
        /// Whether there is a place for marks.
        var possible: Bool
        var paths: [WirePath]
    }

    private func list() throws -> PageResponse {
        do {
            return try PageAnswer.json(
                Marked(
                    possible: favourites != nil, paths: try favourites?.paths().map { WirePath($0.bytes) } ?? []))
        } catch let error as Errno { return trouble(error) }
    }

    private struct Mark: Decodable {
        var paths: [WirePath]
        var marked: Bool
    }

    private func mark(_ mark: Mark) throws -> PageResponse {
        guard let favourites else {
            return PageAnswer.trouble(409, "NoPlaylist", "there is no place for favourites: set HOME or XDG_STATE_HOME")
        }
        let paths = mark.paths.map { FilePath(bytes: $0.bytes) }
        guard paths.allSatisfy(\.isAbsolute) else {
            return PageAnswer.trouble(400, "Malformed", "not the path of a sound")
        }
        do {
            _ = try mark.marked ? favourites.add(paths) : favourites.remove(paths)
            return try list()
        } catch let error as Errno { return trouble(error) }
    }

    private func trouble(_ error: Errno) -> PageResponse {
        let file = favourites?.file.humanReadable ?? ""
        return PageAnswer.trouble(409, "NoPlaylist", "the favourites cannot be kept in \(file): \(error)")
    }
}

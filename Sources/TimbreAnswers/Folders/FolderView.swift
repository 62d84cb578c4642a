import FolderWatch
import Platform
import SystemPackage

/// What can be seen in the watched folders at one moment: what is left out there, and why.
///
/// Whatever path a client names, nothing outside the folders is looked at, and no link is followed unless it should be.
struct FolderView {
    /// The watched folders, each once.
    let folders: [FilePath]
    let filter: NameFilter
    let followsSymlinks: Bool
    let served: ServedMounts

    /// The folders that are watched on their own, and not as parts of others.
    private var separate: [FilePath] { folders.foldersToWatch(filter) }

    /// The watched folder that a path is or lies in; the innermost of those that are watched on their own.
    func root(of path: FilePath) -> FilePath? {
        guard path.isLexicallyNormal else { return nil }
        return separate.filter { path.starts(with: $0) }.max { $0.length < $1.length }
    }

    /// Why a path is not among the library's files, in a clause.
    func whyUnknown(_ path: FilePath) -> String {
        guard let root = root(of: path) else { return "it is not in a watched folder" }
        let way = served.look(at: path, following: false) { link(on: path, below: root) }
        guard let way else { return "its folder does not answer" }
        if let link = way {
            return "it is left out: \(link == path ? "" : "\(link.humanReadable): ")\(Self.reason(of: link))"
        }
        let folder = followsSymlinks ? path : root
        let look = served.look(at: path, following: followsSymlinks) { path.kind(below: folder) }
        guard let kind = look else { return "its folder does not answer" }
        switch kind {
        case nil: return "there is no such file"
        case .directory?: return "it is a folder"
        case .file?, .link?, .other?: break
        }
        switch filter.verdict(path, below: root) {
        case .left(let reason): return "it is left out: \(reason)"
        case .candidate: return "it has not been seen yet"
        }
    }

    /// Lists all that is left out, and why; see ``LibraryFolders/forEachLeftOut(under:_:)``.
    func forEachLeftOut(under path: FilePath?, _ body: (FilePath, String) throws -> Void) throws {
        let separate = separate
        for root in separate where path.map({ $0.isLexicallyNormal }) ?? true {
            guard let start = path.map({ $0.starts(with: root) ? $0 : nil }) ?? root else { continue }
            try walk(start, below: root) { path, reason in
                // What is left out of one folder may be another.
                if !separate.contains(path) { try body(path, reason) }
            }
        }
    }

    /// - Returns: False if a directory has not answered.
    @discardableResult
    private func walk(
        _ directory: FilePath, below root: FilePath, _ body: (FilePath, String) throws -> Void
    ) throws -> Bool {
        let look = served.look(at: directory, following: followsSymlinks) { entries(of: directory, below: root) }
        guard let entries = look else { return false }
        for entry in entries.sorted(by: { $0.name.precedes($1.name) }) {
            let path = directory.appending(bytes: entry.name)
            if entry.kind == .directory {
                guard let last = path.lastComponent else { continue }
                switch filter.verdict(directory: last) {
                case .candidate: guard try walk(path, below: root, body) else { return false }
                case .left(let reason): try body(path, reason)
                }
            } else if entry.kind == .link, !followsSymlinks {
                try body(path, Self.linkReason)
            } else if entry.kind == .file, case .left(let reason) = filter.verdict(path, below: root) {
                try body(path, reason)
            }
        }
        return true
    }

    /// The entries of a directory; none if it cannot be read, which `errors` reports, or is behind a link that is not
    /// to be followed.
    private func entries(of directory: FilePath, below root: FilePath) -> [OpenDirectory.Entry] {
        do throws(Errno) {
            return try OpenDirectory.entries(of: directory, below: followsSymlinks ? nil : root)
        } catch { return [] }
    }

    /// Why a link is left out, and where it leads. It is read, and what is there is not looked at.
    private static func reason(of link: FilePath) -> String {
        do throws(Errno) {
            let target = try link.linkTarget().humanReadable
            return
                "it is a symbolic link to \(target), and follow_symlinks is off; set it to true to have links followed"
        } catch { return linkReason }
    }

    private static let linkReason = "it is a symbolic link; follow_symlinks = true has links followed"

    /// The first symbolic link on the way from a folder to a path, if links are not followed.
    private func link(on path: FilePath, below root: FilePath) -> FilePath? {
        guard !followsSymlinks else { return nil }
        var place = root
        for name in path.components.dropFirst(root.components.count) {
            place.append(name)
            do throws(Errno) {
                if try FileStatus(of: place, following: false).kind == .link { return place }
            } catch { return nil }
        }
        return nil
    }
}

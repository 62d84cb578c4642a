import Platform
import SystemPackage

/// The names whose files can change without a word from the directories that they are in: one of several hard links, of
/// which another is written through, and symbolic links that are followed, whose targets come, go and change elsewhere.
///
/// They are looked at when somebody asks for what is on disk now. Beyond ``mostNames`` no more are noted, so that they
/// take neither memory nor time without end; the next full scan sees what becomes of the others.
struct IndirectNames {
    /// What lay at a name at the last look; nil where a link led nowhere.
    struct Look: Hashable {
        var isDirectory: Bool
        var size: Int64
        var modified: Int64
        var changed: Int64
        var inode: UInt64
        var device: UInt64

        init(_ status: FileStatus) {
            isDirectory = status.kind == .directory
            // What goes on in a directory is told by a watch of its own.
            (size, modified, changed) = isDirectory ? (0, 0, 0) : (status.size, status.modified, status.changed)
            (inode, device) = (status.inode, status.device)
        }
    }

    /// A name that is not as it was at the last look.
    struct Change {
        var path: FilePath
        var before: Look?
        var now: Look?
    }

    /// By directory and name.
    private var looks: [FilePath: [[UInt8]: Look?]] = [:]

    private var count = 0
    private let mostNames: Int

    /// - Parameter mostNames: How many names are noted at most.
    init(mostNames: Int = 50_000) { self.mostNames = mostNames }

    var isEmpty: Bool { looks.isEmpty }

    /// All of them, in no particular order.
    var paths: [FilePath] {
        looks.flatMap { directory, names in names.keys.map { directory.appending(bytes: $0) } }
    }

    /// Notes what was found at a name: a name that is direct is not kept.
    ///
    /// - Parameters:
    ///   - status: What the name leads to; nil if that is nothing.
    ///   - isLink: Whether it is a symbolic link.
    mutating func note(_ name: [UInt8], in directory: FilePath, _ status: FileStatus?, isLink: Bool) {
        if isLink || status.map({ $0.kind == .file && $0.links > 1 }) ?? false {
            keep(name, in: directory, status.map(Look.init))
        } else {
            remove(name, in: directory)
        }
    }

    /// Notes a name of which it is not known what lies there.
    mutating func note(unknown path: FilePath) {
        keep(path.nameBytes, in: path.parent, nil)
    }

    private mutating func keep(_ name: [UInt8], in directory: FilePath, _ look: Look?) {
        if looks[directory]?[name] == nil {
            guard count < mostNames else { return }
            count += 1
        }
        looks[directory, default: [:]][name] = .some(look)
    }

    private mutating func remove(_ name: [UInt8], in directory: FilePath) {
        guard looks[directory]?.removeValue(forKey: name) != nil else { return }
        count -= 1
        if looks[directory]?.isEmpty == true { looks[directory] = nil }
    }

    /// Forgets a name and all below it.
    ///
    /// - Complexity: O(*n*) in the directories that hold such names, for a directory.
    mutating func forget(_ path: FilePath, isDirectory: Bool) {
        guard !looks.isEmpty else { return }
        remove(path.nameBytes, in: path.parent)
        guard isDirectory else { return }
        looks = looks.filter { !$0.key.lies(in: path) }
        count = looks.values.reduce(0) { $0 + $1.count }
    }

    /// Forgets the names in one directory, which is about to be listed.
    mutating func beginListing(_ directory: FilePath) { count -= looks.removeValue(forKey: directory)?.count ?? 0 }

    /// Looks at all names again. One that cannot be looked at, as on a server that is away, stays as it was.
    ///
    /// - Parameter look: Looks at what a name leads to.
    /// - Complexity: O(*n*) in their number, a look at the disk each.
    mutating func changes(_ look: (FilePath) throws(Errno) -> FileStatus) -> [Change] {
        var changes: [Change] = []
        for (directory, names) in looks {
            for (name, before) in names {
                let path = directory.appending(bytes: name)
                var now: Look?
                do throws(Errno) {
                    now = Look(try look(path))
                } catch {
                    guard error.meansNothing else { continue }
                }
                guard now != before else { continue }
                changes.append(Change(path: path, before: before, now: now))
                looks[directory]?[name] = .some(now)
            }
        }
        return changes
    }
}

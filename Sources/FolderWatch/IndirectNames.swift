import SystemPackage

/// The names whose files can change without a word from the directories that they are in: one of several hard links, of
/// which another is written through, and symbolic links that are followed, whose targets come, go and change elsewhere.
///
/// They are looked at when somebody asks for what is on disk now.
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
            looks[directory, default: [:]][name] = .some(status.map(Look.init))
        } else if looks[directory]?.removeValue(forKey: name) != nil, looks[directory]?.isEmpty == true {
            looks[directory] = nil
        }
    }

    /// Notes a name of which it is not known what lies there.
    mutating func note(unknown path: FilePath) {
        looks[path.removingLastComponent(), default: [:]][path.nameBytes] = .some(nil)
    }

    /// Forgets a name and all below it.
    ///
    /// - Complexity: O(*n*) in the directories that hold such names, for a directory.
    mutating func forget(_ path: FilePath, isDirectory: Bool) {
        guard !looks.isEmpty else { return }
        let directory = path.removingLastComponent()
        if looks[directory]?.removeValue(forKey: path.nameBytes) != nil, looks[directory]?.isEmpty == true {
            looks[directory] = nil
        }
        if isDirectory { looks = looks.filter { !$0.key.lies(in: path) } }
    }

    /// Forgets the names in one directory, which is about to be listed.
    mutating func beginListing(_ directory: FilePath) { looks[directory] = nil }

    /// Looks at all names again.
    ///
    /// - Complexity: O(*n*) in their number, a look at the disk each.
    mutating func changes(_ look: (FilePath) -> FileStatus?) -> [Change] {
        var changes: [Change] = []
        for (directory, names) in looks {
            for (name, before) in names {
                let path = directory.appending(bytes: name)
                let now = look(path).map(Look.init)
                guard now != before else { continue }
                changes.append(Change(path: path, before: before, now: now))
                looks[directory]?[name] = .some(now)
            }
        }
        return changes
    }
}

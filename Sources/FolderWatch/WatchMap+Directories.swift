import Platform
import SystemPackage

extension WatchMap {
    /// A known directory, as one of a list that goes through a tree from the top, each branch to its end.
    package struct Directory: Sendable, Hashable {
        /// 0 for the root.
        package var depth: Int
        /// Empty for the root.
        package var name: [UInt8]
        package var watch: Int32?

        package init(depth: Int, name: [UInt8], watch: Int32?) {
            self.depth = depth
            self.name = name
            self.watch = watch
        }
    }

    /// Makes a tree of a list of directories. What does not follow its parent is left out.
    package init(root: FilePath, directories: [Directory]) {
        self.init(root: root)
        var branch: [FilePath] = []
        for directory in directories where directory.depth <= branch.count && directory.depth >= 0 {
            branch.removeLast(branch.count - directory.depth)
            let path = branch.last.map { $0.appending(bytes: directory.name) } ?? root
            branch.append(path)
            _ = insert(path, watch: directory.watch)
        }
    }
}

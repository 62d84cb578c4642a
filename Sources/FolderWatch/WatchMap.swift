import Platform
import SystemPackage

/// Which directories of a folder are known, and which watch tells of which.
///
/// A tree of names. Events come with watches, which stay with their directory when it is renamed; so a rename moves one
/// branch, and a directory made anew at an old path is another one. A directory can be reached by several paths (links,
/// mounts), and then has one watch for all.
package struct WatchMap {
    private struct Node {
        var parent: Int
        /// Bytes, as a name is nothing else.
        var name: [UInt8]
        var children: [[UInt8]: Int] = [:]
        var watch: Int32?
    }

    /// The directory that all others lie in.
    package let root: FilePath
    private var nodes: [Int: Node] = [:]
    private var nodesOfWatch: [Int32: Set<Int>] = [:]
    private var nextNode = 1

    package init(root: FilePath) { self.root = root }

    /// The watches in use.
    package var watchCount: Int { nodesOfWatch.count }

    /// Every watch in use.
    package var watches: some Sequence<Int32> { nodesOfWatch.keys }

    /// Whether a watch belongs to a directory here.
    package func contains(watch: Int32) -> Bool { nodesOfWatch[watch] != nil }

    /// Whether a directory is known.
    package func contains(_ directory: FilePath) -> Bool { node(at: directory) != nil }

    /// The watch that tells of a directory; nil if there is none.
    package func watch(of directory: FilePath) -> Int32? { node(at: directory).flatMap { nodes[$0]?.watch } }

    /// Where the directory of a watch lies: nowhere if it is unknown, in several places if it is linked.
    ///
    /// - Complexity: O(*d*) in the depth of the directory.
    package func paths(of watch: Int32) -> [FilePath] { (nodesOfWatch[watch] ?? []).map(path) }

    /// The known directories, in the order of a walk from the top.
    package var directories: [Directory] {
        var directories: [Directory] = []
        var rest = [(node: Self.top, depth: 0)]
        while let (node, depth) = rest.popLast() {
            guard let entry = nodes[node] else { continue }
            directories.append(Directory(depth: depth, name: entry.name, watch: entry.watch))
            rest += entry.children.values.map { ($0, depth + 1) }
        }
        return directories
    }

    /// The names of the known directories in one.
    package func children(of directory: FilePath) -> [FilePath.Component] {
        guard let node = node(at: directory) else { return [] }
        return (nodes[node]?.children.keys).map { $0.compactMap { FilePath.Component(bytes: $0) } } ?? []
    }

    /// Makes a directory known, with the watch that tells of it, if there is one.
    ///
    /// - Returns: The watches that are of no more use: the one that told of another directory at the same path.
    package mutating func insert(_ directory: FilePath, watch: Int32?) -> [Int32] {
        guard let names = names(of: directory) else { return [] }
        var current = Self.top
        if nodes[current] == nil { nodes[current] = Node(parent: Self.top, name: []) }
        for name in names {
            if let child = nodes[current]?.children[name] {
                current = child
            } else {
                nodes[nextNode] = Node(parent: current, name: name)
                nodes[current]?.children[name] = nextNode
                current = nextNode
                nextNode += 1
            }
        }
        if nodes[current]?.watch == watch { return [] }
        let freed = release(current)
        nodes[current]?.watch = watch
        if let watch { nodesOfWatch[watch, default: []].insert(current) }
        return freed.filter { $0 != watch }
    }

    /// Forgets a directory and all below it.
    ///
    /// - Returns: The watches that are of no more use.
    /// - Complexity: O(*n*) in the number of directories forgotten.
    package mutating func remove(_ directory: FilePath) -> [Int32] {
        guard let node = node(at: directory) else { return [] }
        detach(node)
        return discard(node)
    }

    /// Gives a directory another name, and with it all below.
    ///
    /// - Returns: The watches that are of no more use: those of a directory that had the new name.
    package mutating func move(from old: FilePath, to new: FilePath) -> [Int32] {
        guard old != new, let node = node(at: old), node != Self.top, let name = new.lastComponent?.bytes else {
            return []
        }
        let freed = remove(new)
        guard let parent = self.node(at: new.parent) else { return freed + remove(old) }
        detach(node)
        nodes[node]?.parent = parent
        nodes[node]?.name = name
        nodes[parent]?.children[name] = node
        return freed
    }

    /// Notes that the kernel has dropped a watch. The directory stays known: what became of it, its parent tells.
    package mutating func drop(watch: Int32) {
        for node in nodesOfWatch.removeValue(forKey: watch) ?? [] { nodes[node]?.watch = nil }
    }

    private static let top = 0

    private func names(of directory: FilePath) -> [[UInt8]]? { directory.names(below: root)?.map(Array.init) }

    private func node(at directory: FilePath) -> Int? {
        guard nodes[Self.top] != nil, let names = names(of: directory) else { return nil }
        var current = Self.top
        for name in names {
            guard let child = nodes[current]?.children[name] else { return nil }
            current = child
        }
        return current
    }

    private func path(of node: Int) -> FilePath {
        var names: [[UInt8]] = []
        var current = node
        while current != Self.top, let entry = nodes[current] {
            names.append(entry.name)
            current = entry.parent
        }
        guard !names.isEmpty else { return root }
        return FilePath(bytes: Array(([root.bytes] + names.reversed()).joined(separator: [UInt8(ascii: "/")])))
    }

    private mutating func detach(_ node: Int) {
        guard let entry = nodes[node], node != Self.top else { return }
        nodes[entry.parent]?.children[entry.name] = nil
    }

    private mutating func discard(_ node: Int) -> [Int32] {
        var freed: [Int32] = []
        var rest = [node]
        while let next = rest.popLast() {
            freed += release(next)
            if let entry = nodes.removeValue(forKey: next) { rest += entry.children.values }
        }
        return freed
    }

    /// Takes a directory's watch away; it is of no more use if no other directory shares it.
    private mutating func release(_ node: Int) -> [Int32] {
        guard let watch = nodes[node]?.watch else { return [] }
        nodes[node]?.watch = nil
        nodesOfWatch[watch]?.remove(node)
        guard nodesOfWatch[watch]?.isEmpty == true else { return [] }
        nodesOfWatch[watch] = nil
        return [watch]
    }
}

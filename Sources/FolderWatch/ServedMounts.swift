import Glibc
import Platform
import Synchronization
import SystemPackage

/// Which paths lie on file systems that can stop answering, told without looking at any of those.
///
/// May be asked from anywhere. It follows what is mounted and unmounted.
package final class ServedMounts: Sendable {
    private struct State: ~Copyable {
        let watch = MountWatch()
        /// By the number of the mount.
        var limits: [Int: ProbeLimit] = [:]
    }

    /// How many threads may wait for one file system.
    private static let mostWaiting = 16

    private let state = Mutex(State())

    package init() {}

    /// What is mounted now.
    private var table: MountTable {
        state.withLock { state in
            state.watch.updateIfChanged()
            return state.watch.table
        }
    }

    /// The mount point of the file system that a path lies on, if that can stop answering; nil if it cannot.
    ///
    /// - Parameter following: Whether symbolic links on the way may lead elsewhere; if not, the names alone count.
    package func point(of path: FilePath, following: Bool = false) -> FilePath? {
        let table = table
        guard table.hasServed else { return nil }
        return table.servedPoint(of: following ? Self.resolve(path, table) : path)
    }

    /// The number of the mount that a path lies on, going by the names alone; nil if that is not known.
    package func number(of path: FilePath) -> Int? { table.number(of: path) }

    /// How many threads may wait for the file system that a path lies on. Each has a limit of its own, so that whoever asks
    /// after one that hangs, again and again, takes nothing from the others.
    ///
    /// - Parameter following: Whether symbolic links on the way may lead elsewhere; if not, the names alone count.
    package func limit(for path: FilePath, following: Bool = false) -> ProbeLimit {
        let table = table
        guard let number = table.number(of: following ? Self.resolve(path, table) : path) else { return .general }
        return state.withLock { state in
            if let known = state.limits[number] { return known }
            state.limits = state.limits.filter { table.numbers.contains($0.key) }
            let limit = ProbeLimit(Self.mostWaiting)
            state.limits[number] = limit
            return limit
        }
    }

    /// A path without symbolic links, as far as they can be followed on file systems that always answer.
    package func resolve(_ path: FilePath) -> FilePath { Self.resolve(path.lexicallyNormalized(), table) }

    /// Links that the kernel follows on one path at most (`path_resolution(7)`).
    private static let mostLinks = 40

    private static func resolve(_ path: FilePath, _ table: MountTable) -> FilePath {
        var rest = names(path).reversed() as [[UInt8]]
        var done: FilePath = "/"
        var links = 0
        while let name = rest.popLast() {
            if name == Array("..".utf8) {
                done.removeLastComponent()
                continue
            }
            let next = done == "/" ? FilePath(bytes: [UInt8(ascii: "/")] + name) : done.appending(bytes: name)
            let isServed = table.servedPoint(of: next) != nil
            if !isServed, links < mostLinks, let target = linkTarget(next) {
                links += 1
                if target.isAbsolute { done = "/" }
                rest += names(target).reversed()
            } else {
                done = next
            }
        }
        return done
    }

    private static func names(_ path: FilePath) -> [[UInt8]] {
        path.bytes.split(separator: UInt8(ascii: "/")).map(Array.init).filter { $0 != [UInt8(ascii: ".")] }
    }

    /// Where a symbolic link leads; nil if it is none.
    private static func linkTarget(_ path: FilePath) -> FilePath? {
        var target = [UInt8](repeating: 0, count: Int(PATH_MAX))
        let count = unsafe target.withUnsafeMutableBytes { room in
            unsafe path.withPlatformString { name in
                unsafe readlink(name, room.assumingMemoryBound(to: CChar.self).baseAddress!, room.count)
            }
        }
        return count > 0 ? FilePath(bytes: Array(target[..<count])) : nil
    }
}

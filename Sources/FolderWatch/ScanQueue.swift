import Platform
import SystemPackage

/// What is to be listed, and how far that is.
///
/// The newest scan goes first, as it is what somebody waits for; the older ones go on afterwards.
final class ScanQueue {
    /// A directory to be listed, and the directories that it lies in if links are followed.
    struct Step {
        var directory: FilePath
        /// Devices and inodes from the top to this directory's parent; empty if no loop is possible.
        var chain: [DirectoryID] = []
    }

    /// The listing of all below one directory.
    final class Scan {
        /// Tells it from the others; they count up.
        let number: UInt64
        let top: FilePath
        /// The folder that the top is, or lies in.
        let root: FilePath
        /// Whether what has not changed since the last look is told all the same.
        let isFull: Bool
        let began: ContinuousClock.Instant
        var isRunning = false
        /// Whether everything below the top has been reached so far.
        var isComplete = true
        /// The directories to be listed next, from the end.
        private var steps: [Step]

        fileprivate init(
            number: UInt64, top: FilePath, root: FilePath, isFull: Bool, began: ContinuousClock.Instant
        ) {
            self.number = number
            self.top = top
            self.root = root
            self.isFull = isFull
            self.began = began
            steps = [Step(directory: top)]
        }

        func push(_ more: [Step]) { steps += more }
        func pop() -> Step? { steps.popLast() }
    }

    /// The scans, the next to go on last.
    private var scans: [Scan] = []
    /// The number of the newest scan.
    private(set) var newest: UInt64 = 0

    var isEmpty: Bool { scans.isEmpty }

    /// The scan to go on with.
    var current: Scan? { scans.last }

    func contains(_ scan: Scan) -> Bool { scans.contains { $0 === scan } }

    /// Whether every scan up to a number is done.
    func isDone(upTo number: UInt64) -> Bool { scans.allSatisfy { $0.number > number } }

    /// Whether a folder is scanned, or will be, for what may have been missed in it.
    func isScanning(_ root: FilePath) -> Bool { scans.contains { $0.root == root && $0.isFull } }

    /// Asks for all below a directory to be listed, unless a scan that has not begun will do so anyway.
    ///
    /// - Parameters:
    ///   - root: The folder that the directory is, or lies in.
    ///   - isFull: Whether what has not changed since the last look is told all the same.
    func add(_ top: FilePath, in root: FilePath, isFull: Bool = true) {
        let isAsked = scans.contains {
            !$0.isRunning && $0.root == root && ($0.isFull || !isFull) && top.lies(in: $0.top)
        }
        if isAsked { return }
        newest += 1
        scans.append(Scan(number: newest, top: top, root: root, isFull: isFull, began: .now))
    }

    /// Takes out a scan that is done with.
    func remove(_ scan: Scan) { scans.removeAll { $0 === scan } }

    /// Gives up the scans of a folder.
    ///
    /// - Returns: Those that had begun.
    func cancel(in root: FilePath) -> [Scan] {
        let cancelled = scans.filter { $0.root == root && $0.isRunning }
        scans.removeAll { $0.root == root }
        return cancelled
    }
}

/// A directory, by whatever path.
struct DirectoryID: Hashable {
    var device: UInt64
    var inode: UInt64
}

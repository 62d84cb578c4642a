import Platform
import SystemPackage

/// What is to be listed, and how far that is.
///
/// The newest scan goes first, as it is what somebody waits for; the older ones go on afterwards.
struct ScanQueue {
    /// A directory to be listed, and the directories that it lies in if links are followed.
    struct Step {
        var directory: FilePath
        /// Devices and inodes from the top to this directory's parent; empty if no loop is possible.
        var chain: [DirectoryID] = []
    }

    /// The listing of all below one directory.
    struct Scan {
        let number: UInt64
        let top: FilePath
        let root: FilePath
        /// Whether what has not changed since the last look at a polled folder is told all the same.
        let isFull: Bool
        let began: ContinuousClock.Instant
        var isRunning = false
        var isComplete = true
        /// The directories to be listed next.
        let steps: Steps
    }

    /// The directories to be listed next, from the end.
    ///
    /// An object, for there can be very many, and a scan is handed about as a value.
    final class Steps {
        private var waiting: [Step]

        init(_ first: Step) { waiting = [first] }

        func push(_ steps: [Step]) { waiting += steps }
        func pop() -> Step? { waiting.popLast() }
    }

    /// The scans, the next to go on last.
    private(set) var scans: [Scan] = []
    /// The number of the newest scan; they count up.
    private(set) var newest: UInt64 = 0

    var isEmpty: Bool { scans.isEmpty }

    /// Whether every scan up to a number is done.
    func isDone(upTo number: UInt64) -> Bool { scans.allSatisfy { $0.number > number } }

    /// Asks for all below a directory to be listed, unless a scan that has not begun will do so anyway.
    mutating func add(_ top: FilePath, in root: FilePath, isFull: Bool = true, at now: ContinuousClock.Instant) {
        let isAsked = scans.contains {
            !$0.isRunning && $0.root == root && ($0.isFull || !isFull) && top.lies(in: $0.top)
        }
        if isAsked { return }
        newest += 1
        scans.append(
            Scan(number: newest, top: top, root: root, isFull: isFull, began: now, steps: Steps(Step(directory: top))))
    }

    /// Whether a scan of a folder's own directory is waiting or under way.
    func scansAll(of root: FilePath) -> Bool { scans.contains { $0.top == root } }

    /// The scan to go on with.
    var current: Scan? {
        get { scans.last }
        set {
            scans.removeLast()
            if let newValue { scans.append(newValue) }
        }
    }

    /// Gives up the scans of a folder.
    ///
    /// - Returns: Those that had begun.
    mutating func cancel(in root: FilePath) -> [Scan] {
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

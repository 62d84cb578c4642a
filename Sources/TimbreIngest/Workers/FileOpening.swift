import FolderWatch
import Platform
import SystemPackage
import TimbreStore

/// The files that are being opened where that may hang, and those that are open and wait for a worker.
///
/// The value is told the time.
struct FileOpening {
    typealias Instant = ContinuousClock.Instant

    private struct Entry {
        var item: WorkItem
        var opener: FileOpener
    }

    /// Files that are opened ahead from one file system.
    private static let most = 16
    /// Files that may wait behind them.
    private static let mostHeld = 1024
    /// How long an opener may take for one file before others are turned away.
    private static let slow = Duration.seconds(1)
    /// How long it may take before the file is set aside.
    private static let longest = Duration.seconds(10)

    /// The mount point of a path's file system, if a look at the path may hang; nil if not. The second argument says
    /// whether symbolic links are followed.
    let point: @Sendable (FilePath, _ following: Bool) -> FilePath?
    /// The number of the mount at a mount point: a new one does not hang because the one before did.
    private let mount: @Sendable (FilePath) -> Int?
    private var openers: [FilePath: (mount: Int?, opener: FileOpener)] = [:]
    private var under: [OpeningTicket: Entry] = [:]
    private var ticketCount = 0
    /// Files that wait for others of their file system to be opened.
    private var held: [Int64] = []
    /// Open files, in the order in which they were opened.
    private(set) var ready: [(item: WorkItem, file: OpenedFile)] = []

    init(
        mount: @escaping @Sendable (FilePath) -> Int? = { _ in nil },
        point: @escaping @Sendable (FilePath, _ following: Bool) -> FilePath?
    ) {
        self.mount = mount
        self.point = point
    }

    init() {
        let served = ServedMounts()
        self.init(mount: { served.number(of: $0) }, point: { served.point(of: $0, following: $1) })
    }

    /// The opener for a file that must not be opened on this thread; nil if it may.
    mutating func opener(
        for path: FilePath, following: Bool, post: @escaping @Sendable (FileOpener.News) -> Void
    ) -> FileOpener? {
        guard let point = point(path, following) else { return nil }
        let number = mount(point)
        if let known = openers[point], known.mount == number { return known.opener }
        let opener = FileOpener(post: post)
        openers[point] = (number, opener)
        return opener
    }

    /// The result of an attempt to begin.
    enum Beginning {
        case begun
        /// So many are being opened that this one has to wait; ``takeHeld()`` returns it later.
        case held
        /// Too many wait already.
        case full
        /// The file system does not answer: there is no point in waiting.
        case silent
    }

    /// Begins to open a file.
    mutating func begin(_ item: WorkItem, with opener: FileOpener, below folder: FilePath, at now: Instant)
        -> Beginning
    {
        if let began = opener.began, began + Self.slow <= now { return .silent }
        let count = under.values.count { $0.opener === opener } + ready.count { $0.file.opener === opener }
        guard count < Self.most else {
            // Files of other file systems behind it do not have to wait.
            guard held.count < Self.mostHeld else { return .full }
            held.append(item.file)
            return .held
        }
        ticketCount += 1
        let ticket = OpeningTicket(file: item.file, number: ticketCount)
        under[ticket] = Entry(item: item, opener: opener)
        opener.open(item.path, below: folder, for: ticket)
        return .begun
    }

    /// Whether no file is being opened, or waits for that or for a worker.
    var isIdle: Bool { under.isEmpty && held.isEmpty && ready.isEmpty }

    /// Takes out the files that wait, to be handed out again, in the order in which they came.
    mutating func takeHeld() -> [Int64] {
        defer { held = [] }
        return held
    }

    /// Takes out a file that is open, or cannot be opened; nil if nobody waits for it any more.
    mutating func end(_ ticket: OpeningTicket) -> WorkItem? { under.removeValue(forKey: ticket)?.item }

    /// Keeps an open file until a worker has room for it.
    mutating func keep(_ item: WorkItem, _ file: OpenedFile) { ready.append((item, file)) }

    /// Removes the first file that waits for a worker.
    mutating func takeReady() { ready.removeFirst() }

    /// Gives up the files whose file system has not answered for too long.
    mutating func takeSilent(at now: Instant) -> [WorkItem] {
        let silent = under.filter { $0.value.opener.began.map { $0 + Self.longest <= now } ?? false }
        for ticket in silent.keys { under[ticket] = nil }
        return silent.values.map(\.item).sorted { $0.file < $1.file }
    }

    /// When to check again for an answer; nil if nothing is asked.
    func nextLook(at now: Instant) -> Instant? {
        let times = under.values.compactMap(\.opener.began)
        return times.flatMap { [$0 + Self.slow, $0 + Self.longest] }.filter { $0 > now }.min()
    }
}

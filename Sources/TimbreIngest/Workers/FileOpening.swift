import FolderWatch
import Platform
import SystemPackage
import TimbreStore

/// The files that are being opened where opening may take for ever, and those that are open and wait for a worker.
///
/// The value is told the time.
struct FileOpening {
    typealias Instant = ContinuousClock.Instant

    private struct Entry {
        var handout: Handout
        var opener: FileOpener
    }

    /// Files that are opened ahead from one file system.
    private static let most = 16
    /// Files that may wait for that.
    private static let mostHeld = 1024
    /// How long an opener may take for one file while others wait behind that.
    private static let slow = Duration.seconds(1)
    /// How long it may take before the file is put aside.
    private static let longest = Duration.seconds(10)

    /// The mount point of the file system that a path lies on, if looking at the path may take for ever; nil if not.
    /// Whether symbolic links may lead elsewhere is told as well.
    let point: @Sendable (FilePath, _ following: Bool) -> FilePath?
    /// The number of what is mounted at a mount point: another one does not hang because the one before did.
    private let mount: @Sendable (FilePath) -> Int?
    private var openers: [FilePath: (mount: Int?, opener: FileOpener)] = [:]
    private var under: [OpeningTicket: Entry] = [:]
    private var ticketCount = 0
    /// Files that wait for others of their file system to be opened.
    private var held: [Int64] = []
    /// Files that are open, in the order in which they were.
    private(set) var ready: [(handout: Handout, file: OpenedFile)] = []

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

    /// What opens a file, if it must not be opened here.
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

    /// What became of a file that was to be opened.
    enum Beginning {
        case begun
        /// So many are being opened that this one has to wait; it is among those that ``takeHeld()`` gives.
        case held
        /// So many wait that none can be added.
        case full
        /// The file system does not answer: it is of no use to wait.
        case silent
    }

    /// Begins to open a file.
    mutating func begin(_ handout: Handout, with opener: FileOpener, below folder: FilePath, at now: Instant)
        -> Beginning
    {
        if let began = opener.began, began + Self.slow <= now { return .silent }
        let count = under.values.count { $0.opener === opener } + ready.count { $0.file.opener === opener }
        guard count < Self.most else {
            // Files of other file systems, which stand behind it, do not wait.
            guard held.count < Self.mostHeld else { return .full }
            held.append(handout.file)
            return .held
        }
        ticketCount += 1
        let ticket = OpeningTicket(file: handout.file, number: ticketCount)
        under[ticket] = Entry(handout: handout, opener: opener)
        opener.open(handout.path, below: folder, for: ticket)
        return .begun
    }

    /// Takes out the files that wait, to be handed out anew, in the order in which they came.
    mutating func takeHeld() -> [Int64] {
        defer { held = [] }
        return held
    }

    /// Takes a file out that is open, or cannot be opened; nil if nobody waits for it any more.
    mutating func end(_ ticket: OpeningTicket) -> Handout? { under.removeValue(forKey: ticket)?.handout }

    /// Keeps an open file until a worker has room for it.
    mutating func keep(_ handout: Handout, _ file: OpenedFile) { ready.append((handout, file)) }

    /// Takes the first file out that waits for a worker.
    mutating func takeReady() { ready.removeFirst() }

    /// Gives up the files for which there has been no answer for too long.
    mutating func takeSilent(at now: Instant) -> [Handout] {
        let silent = under.filter { $0.value.opener.began.map { $0 + Self.longest <= now } ?? false }
        for ticket in silent.keys { under[ticket] = nil }
        return silent.values.map(\.handout).sorted { $0.file < $1.file }
    }

    /// When to look again whether there is an answer; nil if nothing is asked.
    func nextLook(at now: Instant) -> Instant? {
        let times = under.values.compactMap(\.opener.began)
        return times.flatMap { [$0 + Self.slow, $0 + Self.longest] }.filter { $0 > now }.min()
    }
}

import Platform
import SystemPackage

/// The directories in which something was made or taken away that is left out, so that what is left out there has to be
/// counted again: not at once for each, as they come in floods.
struct LeftOutCounts {
    typealias Instant = ContinuousClock.Instant

    private var directories: Set<FilePath> = []
    /// When they are to be counted; nil if there are none.
    private(set) var deadline: Instant?
    private var earliest: Instant?

    /// How long changes are gathered.
    private static let pause = Duration.milliseconds(500)

    /// Notes that the count of a directory may have changed.
    mutating func doubt(_ directory: FilePath, at now: Instant) {
        directories.insert(directory)
        if deadline == nil { deadline = max(now + Self.pause, earliest ?? now) }
    }

    /// Takes out the directories to be counted, if it is time.
    mutating func takeDue(at now: Instant) -> Set<FilePath> {
        guard let due = deadline, due <= now else { return [] }
        return takeAll()
    }

    /// Takes out all of them.
    mutating func takeAll() -> Set<FilePath> {
        defer { (directories, deadline) = ([], nil) }
        return directories
    }

    /// Notes how long it took to count, so that it takes at most a tenth of the time.
    mutating func counted(in duration: Duration, at now: Instant) { earliest = now + duration * 9 }
}

/// Counts what is left out in directories, and tells it.
final class LeftOutCounter {
    private let context: LaneContext
    private let folders: WatchedFolders
    private var counts = LeftOutCounts()

    init(_ context: LaneContext, _ folders: WatchedFolders) {
        self.context = context
        self.folders = folders
    }

    /// When directories are to be counted; nil if none are.
    var deadline: ContinuousClock.Instant? { counts.deadline }

    /// Notes that the count of a directory may have changed.
    func doubt(_ directory: FilePath) { counts.doubt(directory, at: .now) }

    /// Counts what is to be counted, if it is time.
    func countDue(at now: ContinuousClock.Instant) { count(counts.takeDue(at: now)) }

    /// Counts all that is to be counted.
    func countAll() { count(counts.takeAll()) }

    /// Whether an entry is left out that somebody may look for.
    func isLeftOut(_ entry: OpenDirectory.Entry) -> Bool {
        if entry.kind == .link, context.settings.followSymlinks { return false }
        return context.settings.filter.isMissed(entry.name, kind: entry.kind)
    }

    private func count(_ directories: Set<FilePath>) {
        guard !directories.isEmpty else { return }
        let start = ContinuousClock.now
        for directory in directories {
            guard let folder = folders.all.first(where: { directory.lies(in: $0.path) && $0.isOnline }) else {
                continue
            }
            do throws(Errno) {
                let below = context.settings.followSymlinks ? directory : folder.path
                var open = try context.disk.open(directory, below: below)
                var count = 0
                while let entry = try open.next() { count += isLeftOut(entry) ? 1 : 0 }
                context.outlet.tell(.leftOut(directory, count: count))
            } catch {
                // Gone, or unreadable: both are told elsewhere, and the count goes with the directory.
                continue
            }
        }
        counts.counted(in: .now - start, at: .now)
    }
}

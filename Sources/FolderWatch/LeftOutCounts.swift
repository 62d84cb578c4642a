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
        defer { (directories, deadline) = ([], nil) }
        return directories
    }

    /// Takes out all of them.
    mutating func takeAll() -> Set<FilePath> {
        defer { (directories, deadline) = ([], nil) }
        return directories
    }

    /// Notes how long it took to count, so that it takes a tenth of the time at the most.
    mutating func counted(in duration: Duration, at now: Instant) { earliest = now + duration * 9 }
}

extension WatchLoop {
    /// Counts anew what is left out in some directories.
    func countLeftOut(in directories: Set<FilePath>) {
        guard !directories.isEmpty else { return }
        let start = Instant.now
        for directory in directories {
            guard let folder = folders.first(where: { directory.lies(in: $0.path) && $0.isOnline }) else { continue }
            looks(at: directory)
            do throws(Errno) {
                var open = try OpenDirectory.open(directory, below: settings.followSymlinks ? directory : folder.path)
                var count = 0
                while let entry = try open.next() { count += isLeftOut(entry) ? 1 : 0 }
                tell(.leftOut(directory, count: count))
            } catch {
                // Gone, or not to be read: of both it is told elsewhere, and the count goes with it.
                continue
            }
        }
        leftOut.counted(in: .now - start, at: .now)
    }

    /// Whether an entry is left out that somebody may look for.
    func isLeftOut(_ entry: OpenDirectory.Entry) -> Bool {
        if entry.kind == .link, settings.followSymlinks { return false }
        return settings.filter.isMissed(entry.name, kind: entry.kind)
    }
}

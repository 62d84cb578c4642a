import Platform
import SystemPackage

/// The watches on the directories that a folder lies in. They tell when it is moved or deleted with one of them or, while
/// it is not there, when it appears.
final class FolderAnchors: WatchOwner {
    private let folder: FilePath
    private let pool: WatchPool
    private(set) var watches: Set<Int32> = []
    /// Whether the folder is not there.
    private var isAwaited = true

    init(folder: FilePath, _ pool: WatchPool) {
        self.folder = folder
        self.pool = pool
        pool.add(self)
    }

    func use(of watch: Int32) -> WatchUse? {
        guard watches.contains(watch) else { return nil }
        return isAwaited ? .content : .place
    }

    /// Sets the watches anew.
    ///
    /// Directories may appear while the watches are set. Only when a second round finds the same ones is it certain
    /// that we will hear of the next one.
    ///
    /// - Parameter isAwaited: Whether the folder is not there.
    /// - Returns: Whether events will tell when the folder appears: for that, one of the directories has to be there.
    func set(isAwaited: Bool) -> Bool {
        self.isAwaited = isAwaited
        while true {
            let before = watches
            let isTold = setOnce()
            if watches == before { return isTold }
        }
    }

    private func setOnce() -> Bool {
        let old = watches
        var new: Set<Int32> = []
        var isWaiting = isAwaited
        for ancestor in folder.ancestors {
            guard pool.hasQueue else { break }
            do throws(Errno) {
                let watch = try pool.watch(ancestor, isWaiting ? .arrivals : .place, for: folder)
                if !isWaiting, !pool.tellsContent(watch, besides: self) {
                    _ = try pool.watch(ancestor, .placeOnly, for: folder)
                }
                new.insert(watch)
                isWaiting = false
            } catch {
                // A directory that cannot be watched tells nothing; a missing one appears in the next that exists.
                continue
            }
        }
        watches = new
        pool.release(old.subtracting(new))
        return !isWaiting
    }

    /// Notes that the kernel has dropped a watch.
    func drop(watch: Int32) { watches.remove(watch) }

    /// Takes all watches off.
    func clear() {
        let useless = watches
        watches = []
        pool.release(useless)
    }
}

import Platform
import SystemPackage

extension WatchLoop {
    /// Puts a watch on a directory of a folder and makes it known.
    ///
    /// - Returns: Whether the directory had this watch already, so that all that happened in it since was told.
    @discardableResult
    func watch(_ directory: FilePath, _ index: Int) throws(Errno) -> Bool {
        guard let inotify else { return false }
        let watch = try inotify.watch(directory, mask(for: directory, index))
        let wasWatched = folders[index].map.watch(of: directory) == watch
        release(folders[index].map.insert(directory, watch: watch))
        return wasWatched
    }

    /// What is asked of the kernel for a directory of a folder: the folder itself may always be a link.
    func mask(for directory: FilePath, _ index: Int) -> Inotify.Mask {
        settings.followSymlinks || directory == folders[index].path ? .content : [.content, .noFollow]
    }

    /// Watches what a folder lies in: that it be moved or deleted with it or, if it is not there, that it come.
    ///
    /// Directories may come to be while the watches are set. Only when a second round finds the same ones is it sure
    /// that the next to come is told of.
    func anchor(_ index: Int) {
        while true {
            let before = folders[index].anchors
            setAnchors(index)
            if folders[index].anchors == before { return }
        }
    }

    private func setAnchors(_ index: Int) {
        let old = folders[index].anchors
        var new: Set<Int32> = []
        var isWaiting = !folders[index].isOnline
        for ancestor in folders[index].path.ancestors {
            guard let inotify else { break }
            looks(at: folders[index].path)
            do throws(Errno) {
                let watch = try inotify.watch(ancestor, isWaiting ? .arrivals : .place)
                if !isWaiting, !isBusy(watch, besides: index) { _ = try inotify.watch(ancestor, .placeOnly) }
                new.insert(watch)
                isWaiting = false
            } catch {
                // A directory that cannot be watched tells nothing; a missing one comes with the next that exists.
                continue
            }
        }
        folders[index].anchors = new
        release(old.subtracting(new).map { $0 })
        // Where no directory tells of the folder's coming, it is looked for.
        folders[index].nextLook =
            isWaiting ? .now + settings.pollingInterval : folders[index].isPolled ? folders[index].nextLook : nil
    }

    /// Whether a watch has to tell more than where its directory is.
    private func isBusy(_ watch: Int32, besides index: Int) -> Bool {
        inheritedWatches.contains(watch)
            || folders.indices.contains {
                folders[$0].map.contains(watch: watch)
                    || ($0 != index && !folders[$0].isOnline && folders[$0].anchors.contains(watch))
            }
    }

    /// Takes watches off that nothing else needs.
    ///
    /// - Parameter forget: What makes their present owner forget them first.
    func release(_ watches: [Int32], after forget: () -> Void = {}) {
        forget()
        for watch in watches where watch != syncs.cookieWatch && !inheritedWatches.contains(watch) {
            let isUsed = folders.contains { $0.map.contains(watch: watch) || $0.anchors.contains(watch) }
            if !isUsed { inotify?.remove(watch) }
        }
    }

    /// The watches that the kernel counts as ours.
    var watchesInUse: Int {
        var count = folders.reduce(0) { $0 + $1.map.watchCount }
        let anchors = folders.reduce(into: Set<Int32>()) { $0.formUnion($1.anchors) }
        count += anchors.count { anchor in !folders.contains { $0.map.contains(watch: anchor) } }
        return count + (syncs.cookieWatch == nil ? 0 : 1)
    }
}

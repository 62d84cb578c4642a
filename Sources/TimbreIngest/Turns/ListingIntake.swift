import FolderWatch
import LibraryFeed
import Platform
import SystemPackage
import TimbreStore

/// Takes in the listing of one directory: new files, changed ones, and those that are gone.
struct ListingIntake {
    let turn: Turn
    let listing: DirectoryListing

    /// Takes the listing in, as far as there is room.
    ///
    /// - Returns: Whether that was all of it.
    func takeIn() throws -> Bool {
        // The watcher may still report a folder that is no longer watched.
        guard turn.state.folders.root(of: listing.directory) != nil else { return true }
        var rest = try turn.state.partial.listing ?? begin()
        while turn.room > 0, let difference = rest.differences.popFirst() {
            turn.room -= 1
            try takeIn(difference)
        }
        while turn.room > 0, let id = rest.missing.popFirst() {
            turn.room -= 1
            guard let file = try turn.reader.file(id), !listing.unchanged.contains(file.name) else { continue }
            try miss(file, isCertain: rest.isCertain)
        }
        turn.state.partial.listing = rest
        guard rest.differences.isEmpty && rest.missing.isEmpty else { return false }
        guard try missSubdirectories(isCertain: rest.isCertain) else { return false }
        try forgetMount()
        return true
    }

    private func begin() throws -> PartialChange.Listing {
        let path = listing.directory
        turn.state.folders.listed(path, unchanged: listing.unchanged)
        try turn.writer.setLeftOut(listing.leftOutCount, in: path)
        let directory = try turn.reader.directory(path)
        let comparison = try compare(with: directory)
        return PartialChange.Listing(
            differences: comparison.differences[...], missing: comparison.missing[...],
            isCertain: try !isUnmounted(directory) && turn.state.folders.isTrusted(path))
    }

    /// The entries that have to be looked at.
    private func compare(with directory: Int64?) throws -> DirectoryComparison {
        guard let directory else {
            return DirectoryComparison(differences: listing.files.indices.map { .init(place: $0, known: nil) })
        }
        let waiting = turn.state.waiting.entries
        return try turn.reader.compare(
            directory, with: listing.files, name: \.nameBytes, identity: FileIdentity.init
        ) { waiting[$0] != nil }
    }

    private func takeIn(_ difference: DirectoryComparison.Difference) throws {
        let entry = listing.files[difference.place]
        let (found, path) = (FileIdentity(entry), listing.directory.appending(bytes: entry.nameBytes))
        if let known = try known(difference) {
            let isDone = try turn.confirm(known, as: found)
            if entry.isSettled && !isDone {
                turn.state.enqueue(known.id, path: path, isUrgent: false, seen: found)
            }
        } else {
            let home = try turn.writer.directory(listing.directory)
            let file = try turn.writer.addFile(entry.nameBytes, in: home, identity: found, at: turn.time)
            try turn.tell(.found, file, at: path)
            if entry.isSettled { turn.state.enqueue(file.id, path: path, isUrgent: false) }
        }
    }

    /// What is known of a listed file. It may have a new number by now: a file whose content changes gets one.
    private func known(_ difference: DirectoryComparison.Difference) throws -> FileRecord? {
        guard let number = difference.known else { return nil }
        if let known = try turn.reader.file(number) { return known }
        let name = listing.files[difference.place].nameBytes
        return try turn.reader.directory(listing.directory).flatMap { try turn.reader.file(name, in: $0) }
    }

    /// Whether the directory was a mount point when it was last listed and is none now: then its files are away.
    private func isUnmounted(_ directory: Int64?) throws -> Bool {
        guard let directory, let device = turn.state.folders.root(of: listing.directory)?.device else { return false }
        // A part of the same file system can be mounted there as well.
        let isMount = listing.device != device || listing.isMountPoint && listing.directory != listing.root
        let wasMount = try turn.reader.isMount(directory)
        // This is remembered until all its files are away: the machine may go down before.
        if isMount && !wasMount { try turn.writer.setMount(true, directory: directory) }
        return wasMount && !isMount
    }

    /// Notes that the files of a former mount point have been dealt with.
    private func forgetMount() throws {
        guard let directory = try turn.reader.directory(listing.directory), try isUnmounted(directory) else { return }
        try turn.writer.setMount(false, directory: directory)
    }

    /// Files known below subdirectories that are gone are gone as well.
    ///
    /// - Returns: Whether all of them have been dealt with.
    private func missSubdirectories(isCertain: Bool) throws -> Bool {
        // What is known below the name of a file is in an archive, which is asked itself.
        let present = listing.unchanged.union(listing.subdirectories.map { FilePath(root: nil, [$0]).bytes })
            .union(listing.files.lazy.map(\.nameBytes).filter { ArchiveNames.isArchive($0) })
        let start = listing.directory.appending("x").bytes.count - 1
        let folders = turn.state.folders
        let device = folders.root(of: listing.directory)?.device
        return try Sweep(turn: turn).files(under: listing.directory) { known in
            guard known.path.count > start else { return false }
            let name = Array(known.path[start...].prefix { $0 != UInt8(ascii: "/") })
            let path = FilePath(bytes: known.path)
            return !present.contains(name) && !folders.isHidden(path)
                && !folders.nested.isApart(path, from: listing.directory)
        } _: { known, file in
            // What was on a disk that is not mounted now is away.
            let isAway = listing.device == device && known.isMount
            try miss(file, isCertain: isCertain && !isAway)
        }
    }

    /// A file was not found where it was known to be.
    private func miss(_ file: FileRecord, isCertain: Bool) throws {
        try turn.miss(file, below: listing.directory, isCertain: isCertain)
    }
}

extension FileIdentity {
    init(_ entry: FileEntry) {
        self.init(
            size: entry.size, modified: entry.modified, changed: entry.changed, device: entry.device,
            inode: entry.inode)
    }
}

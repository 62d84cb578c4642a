import FolderWatch
import Platform
import SystemPackage
import TimbreIngest
import TimbreStore
import TimbreWire
import Varlink

/// Lets what is known of a folder be known of the one that its files are in now.
struct RebaseAnswers: Sendable {
    let catalog: Catalog
    let ingest: Ingest
    let watcher: FolderWatcher
    let watched: LibraryFolders
    let surroundings: ServiceSurroundings
    let stop: StopFlag
    let reload: @Sendable (Peer) throws -> Reload.Reply

    func rebase(_ parameters: Rebase.Parameters, for peer: Peer) throws -> Rebase.Reply {
        let rebasing = try places(parameters)
        guard try isKnown(rebasing.old) else { return try knownAlready(at: rebasing.new, parameters, for: peer) }
        let folders = try MovedFolders(rebasing, watched, surroundings)
        let found = try look(rebasing, for: peer)
        guard found.files > 0 else { return try knownAlready(at: rebasing.new, parameters, for: peer) }
        guard found.files > found.missing.count else {
            throw LibraryError.cannotRebase(
                parameters.new,
                reason:
                    "none of the \(CountedNoun.text(found.files, "file")) is there; look at the path, or mount the disk"
            )
        }
        try translating {
            try catalog.read { try rebasing.check($0) }
            if !parameters.dryRun { try rebase(rebasing, folders, for: peer) }
        }
        return Rebase.Reply(
            rebased: !parameters.dryRun, new: WirePath(rebasing.new.bytes), files: found.files,
            missing: found.missing.count, examples: found.missing.prefix(100).map { WirePath($0) })
    }

    private func rebase(_ rebasing: Rebasing, _ folders: MovedFolders, for peer: Peer) throws {
        try FolderStorage(ingest: ingest).rebase(rebasing, keeping: folders.after) { [watched] in
            for (old, new) in folders.added {
                watched.remove(old)
                if !watched.isAdded(new) { watched.add(new) }
            }
        }
        if folders.areConfigured {
            _ = try reload(peer)
        } else {
            watcher.setFolders(watched.all)
        }
        watcher.rescan(rebasing.new)
    }

    /// Where the files were and are: the old path may not be there any more, and may have led over links.
    private func places(_ parameters: Rebase.Parameters) throws -> Rebasing {
        let given = FilePath(bytes: parameters.old.bytes).lexicallyNormalized()
        let old = try isKnown(given) ? given : given.resolvedInTime(watched.served)
        let new = FilePath(bytes: parameters.new.bytes).lexicallyNormalized().resolvedInTime(watched.served)
        switch watched.served.look(at: new, { new.isDirectory }) {
        case true?: break
        case false?: throw LibraryError.notAFolder(parameters.new, reason: "there is no such folder")
        case nil: throw LibraryError.notAFolder(parameters.new, reason: "it does not answer")
        }
        guard !new.starts(with: old), !old.starts(with: new) else {
            throw LibraryError.cannotRebase(
                parameters.new,
                reason: new != old
                    ? "one folder lies in the other"
                    : try isKnown(old) ? "that is where the files are known" : "no file of it is known")
        }
        return Rebasing(from: old, to: new)
    }

    private func isKnown(_ folder: FilePath) throws -> Bool {
        try !catalog.read { try $0.directories(under: folder, from: folder.bytes, limit: 1) }.isEmpty
    }

    /// What is answered if nothing is known of the old place: that the watcher has seen the files move, if all that is known of
    /// the new one has been read.
    ///
    /// - Throws: ``LibraryError/cannotRebase(_:reason:)`` if it has not.
    private func knownAlready(
        at new: FilePath, _ parameters: Rebase.Parameters, for peer: Peer
    ) throws -> Rebase.Reply {
        var (count, isAllRead) = (0, true)
        for directory in try catalog.read({ try $0.directories(under: new) }) {
            try stop.goOn(for: peer)
            let files = try catalog.read { try $0.files(in: directory.id) }
            count += files.count(where: \.state.isListed)
            isAllRead = isAllRead && !files.contains(where: \.state.isUnread)
        }
        guard count > 0, isAllRead else {
            throw LibraryError.cannotRebase(
                parameters.old, reason: "no file of it is known; see `timbrectl watch list`")
        }
        return Rebase.Reply(
            rebased: false, new: WirePath(new.bytes), files: count, missing: 0, examples: [], already: true)
    }

    /// Looks which of the known files are at the new place, by their names; what is in an archive is where that is.
    private func look(_ rebasing: Rebasing, for peer: Peer) throws -> (files: Int, missing: [[UInt8]]) {
        var (files, missing): (Int, [[UInt8]]) = (0, [])
        for directory in try catalog.read({ try $0.directories(under: rebasing.old) }) {
            try stop.goOn(for: peer)
            let old = FilePath(bytes: directory.path)
            guard let place = rebasing.path(of: old) else { continue }
            let (known, archive) = try catalog.read { reader in
                (
                    try reader.files(in: directory.id).filter(\.state.isListed).map(\.name),
                    try reader.archive(around: old)?.path
                )
            }
            guard !known.isEmpty else { continue }
            let there = try names(in: archive.flatMap(rebasing.path)?.parent ?? place)
            let isArchiveThere = archive.map { there.contains($0.nameBytes) }
            files += known.count
            missing += known.filter { !(isArchiveThere ?? there.contains($0)) }.map { place.appending(bytes: $0).bytes }
        }
        return (files, missing)
    }

    private func names(in folder: FilePath) throws -> Set<[UInt8]> {
        guard let names = watched.served.look(at: folder, { Self.names(in: folder) }) else {
            throw LibraryError.notAFolder(WirePath(folder.bytes), reason: "it does not answer")
        }
        return names
    }

    /// The names in a folder; none if it is not there, or cannot be read.
    private static func names(in folder: FilePath) -> Set<[UInt8]> {
        do throws(Errno) { return Set(try OpenDirectory.entries(of: folder).map(\.name)) } catch { return [] }
    }

    private func translating(_ body: () throws -> Void) throws {
        do { try translatingFailures(body) } catch let conflict as Rebasing.Conflict {
            throw LibraryError.cannotRebase(WirePath(conflict.path.bytes), reason: conflict.reason)
        }
    }
}

/// The watched folders that move with their files, and those that are watched afterwards.
private struct MovedFolders: Sendable {
    /// Those that were added at run time, by their old and new paths.
    let added: [(old: FilePath, new: FilePath)]
    /// Whether the configuration names some, and has to be read again.
    let areConfigured: Bool
    /// All that are watched then.
    let after: [FilePath]

    /// - Throws: ``LibraryError`` if the configuration does not name the new paths of those that it named, or the new place is
    ///   in no watched folder.
    init(_ rebasing: Rebasing, _ watched: LibraryFolders, _ surroundings: ServiceSurroundings) throws {
        let moved = watched.all.filter { rebasing.path(of: $0) != nil }
        let named = try surroundings.configuredFolders().resolvedInTime(watched.served).paths
        for folder in moved where watched.isConfigured(folder) {
            guard let new = rebasing.path(of: folder), named.contains(new) else {
                throw LibraryError.cannotRebase(
                    WirePath(folder.bytes),
                    reason: "the configuration has it watched; name "
                        + "\((rebasing.path(of: folder) ?? rebasing.new).humanReadable) in its place in "
                        + "\(surroundings.configuration.humanReadable), and try again before `timbrectl reload`")
            }
        }
        areConfigured = moved.contains(where: watched.isConfigured)
        added = moved.filter(watched.isAdded).compactMap { folder in rebasing.path(of: folder).map { (folder, $0) } }
        let others = watched.all.filter { !moved.contains($0) }
        after = (areConfigured ? named : []) + others + added.map(\.new)
        guard after.contains(where: { rebasing.new.starts(with: $0) || $0.starts(with: rebasing.new) }) else {
            throw LibraryError.cannotRebase(
                WirePath(rebasing.new.bytes),
                reason:
                    "it is in no watched folder; add it with `timbrectl watch add`, or name it in the configuration, first"
            )
        }
    }
}

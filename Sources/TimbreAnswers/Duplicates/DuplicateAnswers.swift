import ContentHash
import Platform
import SoundDuplicates
import SoundFeatures
import SystemPackage
import TimbreDescriptors
import TimbreIndex
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

/// Finds files that hold the same bytes, or the same sound.
struct DuplicateAnswers: Sendable {
    let catalog: Catalog
    let library: LiveLibrary
    let files: KnownFiles
    let stop: StopFlag

    /// Groups in one reply.
    private static let batch = 100

    /// Finds files with the same content and, if asked, those with the same sound.
    func duplicates(
        _ parameters: Duplicates.Parameters, for peer: Peer, _ pass: (Duplicates.Reply) throws -> Void
    ) throws -> Duplicates.Reply {
        let under = try files.watchedFolder(parameters.under)
        var isEmpty = true
        func send(_ reply: Duplicates.Reply) throws {
            if !reply.groups.isEmpty { isEmpty = false }
            try pass(reply)
        }
        let near = parameters.near ? try sendNearDuplicates(under: under, for: peer, send) : nil
        let shared = try catalog.read { try $0.sharedContents(under: under) }.filter { near?.isGrouped($0) != true }
        var rest = shared[...]
        while !rest.isEmpty {
            try stop.goOn(for: peer)
            let groups = try catalog.read { reader in
                try rest.prefix(Self.batch).compactMap { try DuplicateGroup(.exact, [($0, nil)], under: under, reader) }
            }
            rest = rest.dropFirst(Self.batch)
            try send(Duplicates.Reply(groups: groups))
        }
        guard isEmpty else { return Duplicates.Reply() }
        let census = FilterCensus(library.snapshot.index, catalog, offline: false)
        return Duplicates.Reply(nothing: try census.answer(FileFilter(under: under.map { WirePath($0.bytes) })))
    }

    /// Sends groups of contents with the same sound.
    ///
    /// - Returns: Knows which contents are in a group.
    private func sendNearDuplicates(
        under: FilePath?, for peer: Peer, _ send: (Duplicates.Reply) throws -> Void
    ) throws -> NearDuplicates {
        let snapshot = library.snapshot
        guard snapshot.generation.hasVectors else {
            throw LibraryError.metricUnavailable(reason: Metric.withoutVectors)
        }
        var filter = IndexFilter()
        if let under { filter.directories = [under.bytes] }
        var near = NearDuplicates(
            NearestContents(
                try catalog.read { try $0.holdings(under: under) }, in: snapshot.index, filter: filter,
                goOn: { [stop] in try stop.goOn(for: peer) }
            ) { [catalog] content in try catalog.read { try $0.bands(of: content) } })
        let start = ContinuousClock.now
        var last = start
        while let found = try near.next() {
            try stop.goOn(for: peer)
            let groups = try catalog.read { reader in
                try found.compactMap { group in
                    let members = group.members.map { ($0.content, Optional($0.match)) }
                    return try DuplicateGroup(.near, [(group.first, nil)] + members, under: under, reader)
                }
            }
            if !groups.isEmpty { try send(Duplicates.Reply(groups: groups)) }
            guard ContinuousClock.now - last > .milliseconds(100) else { continue }
            last = .now
            let left = (last - start).inSeconds / Double(near.done) * Double(near.count - near.done)
            try send(Duplicates.Reply(progress: Progress(done: near.done, total: near.count, secondsLeft: left)))
        }
        return near
    }
}

extension DuplicateGroup {
    /// Makes a group of the files with some contents; nil if fewer than two are left.
    ///
    /// - Parameter contents: The first content of the group, and the others with how they differ from it.
    init?(
        _ kind: Kind, _ contents: [(id: Int64, match: DuplicateMatch?)], under: FilePath?, _ reader: CatalogReader
    ) throws {
        var files: [DuplicateFile] = []
        // Hard links are one file with several names.
        var sizes: [[UInt64]: Int] = [:]
        for (id, match) in contents {
            guard let content = try reader.content(id) else { continue }
            for file in try reader.files(ofContent: id) where file.state == .indexed && !file.isOffline {
                guard let directory = try reader.path(ofDirectory: file.directory) else { continue }
                let path = FilePath(bytes: directory).appending(bytes: file.name)
                guard under.map(path.starts(with:)) ?? true else { continue }
                sizes[[file.identity.device, file.identity.inode]] = Int(file.identity.size)
                files.append(
                    DuplicateFile(
                        path: WirePath(path.bytes), size: Int(file.identity.size),
                        modified: Double(file.identity.modified) / 1e9, duration: content.sound?.duration,
                        format: content.sound?.format,
                        content: content.hash.description, difference: match?.difference, level: match?.level))
            }
        }
        guard files.count > 1 else { return nil }
        let sum = sizes.values.reduce(0, +)
        self.init(kind: kind, wasted: sum - (sizes.values.max() ?? 0), files: files)
    }
}

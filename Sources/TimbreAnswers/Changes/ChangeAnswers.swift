import ContentHash
import LibraryFeed
import Platform
import TimbreCoding
import TimbreIngest
import TimbreLibrary
import TimbreStore
import TimbreWire
import Varlink

/// Tells what changed in the library, from any moment on, for a copy of it elsewhere.
struct ChangeAnswers: Sendable {
    let catalog: Catalog
    let ingest: Ingest
    let models: ModelShelf
    let stop: StopFlag

    /// Changes in one reply if nobody says.
    private static let usualLimit = 1000
    /// Bytes of codes and vectors behind which a reply ends: a long recording has a megabyte of them.
    private static let size = 4 << 20
    /// How long a change of which nobody is told, such as that of a code, may go unnoticed.
    private static let patience = Duration.seconds(2)
    /// How long there is silence at the most, so that a client can look after its copy now and then.
    private static let silence = Duration.seconds(10)

    /// Sends all changes, page by page. With `follow`, waits for more until the client leaves. With `once`, sends one page;
    /// with `follow` as well, waits up to ten seconds for something to tell.
    func changes(
        _ parameters: Changes.Parameters, for peer: Peer, _ send: (Changes.Reply) throws -> Void
    ) throws -> Changes.Reply {
        let limit = parameters.limit ?? Self.usualLimit
        var cursor: ChangeCursor?
        if let number = parameters.after, let history = parameters.history {
            cursor = ChangeCursor(number: Int64(number), history: history)
        }
        let generation = try parameters.model.map(models.generation)
        let follower = parameters.follow ? try follow() : nil
        if parameters.once {
            let page = try page(after: cursor, limit, under: generation)
            // A library in which nothing ever changed is told anew each time.
            let isElsewhere = page.next != parameters.after || page.history != parameters.history
            guard let follower, !isElsewhere, page.model == parameters.known ?? page.model else { return page }
            try wait(for: peer, follower, behind: page, isOfLiveModel: parameters.model == nil)
            return try self.page(after: cursor, limit, under: generation)
        }
        while true {
            let page = try page(after: cursor, limit, under: generation)
            guard let follower else {
                if page.last { return page }
                try stop.goOn(for: peer)
                try send(page)
                cursor = ChangeCursor(page)
                continue
            }
            try send(page)
            cursor = ChangeCursor(page)
            if page.last { try wait(for: peer, follower, behind: page, isOfLiveModel: parameters.model == nil) }
        }
    }

    /// Waits until something has changed, another model is in use, or there was silence for long enough.
    private func wait(
        for peer: Peer, _ follower: Follower, behind page: Changes.Reply, isOfLiveModel: Bool
    ) throws {
        let end = ContinuousClock.now + Self.silence
        while ContinuousClock.now < end {
            // Before the look, so that what comes in between ends the wait.
            if case .closed = follower.read(after: ingest.feed.last) { throw LibraryError.stopping }
            let (last, model) = try catalog.read { (try $0.lastChange(), try $0.liveModelHash()) }
            guard last == page.next, !isOfLiveModel || model?.description == page.model else { return }
            try peer.wait(for: follower.signal, atMost: Self.patience)
            try stop.goOn(for: peer)
        }
    }

    private func follow() throws -> Follower {
        do { return try ingest.feed.follow() } catch is Feed.Full {
            throw LibraryError.busy(reason: "\(Feed.mostFollowers) clients follow already; try again when one has gone")
        }
    }

    /// - Parameter generation: The one to tell under; nil for the one in use, as far as ingest has coded files under it.
    private func page(
        after cursor: ChangeCursor?, _ limit: Int, under generation: Generation?
    ) throws -> Changes.Reply {
        let reply = try catalog.read { reader in
            let model = generation.map { generation in
                ReadingModel(
                    id: generation.id, hash: generation.model.identifier, hasVectors: generation.hasVectors
                ) { try generation.code(of: $0, reader) }
            }
            return try reader.changes(after: cursor, limit: limit, size: Self.size, under: model).map {
                Changes.Reply($0, of: try reader.libraryName())
            }
        }
        guard let reply else { throw LibraryError.busy(reason: "there is no model yet; try again soon") }
        return reply
    }
}

extension ChangeCursor {
    fileprivate init(_ page: Changes.Reply) { self.init(number: Int64(page.next), history: page.history) }
}

extension Changes.Reply {
    fileprivate init(_ changes: LibraryChanges, of library: String) {
        self.init(
            library: library, model: changes.model.description, next: Int(changes.next.number),
            history: changes.next.history, anew: changes.isAnew, last: changes.isLast,
            directories: changes.directories.sorted { $0.key < $1.key }.map { id, path in
                Changes.Directory(id: Int(id), path: path.map { WirePath($0) })
            },
            files: changes.files.map(Changes.File.init), gone: changes.gone.map { Int($0) })
    }
}

extension Changes.File {
    fileprivate init(_ file: ChangedFile) {
        self.init(
            id: Int(file.id), directory: Int(file.directory), name: WirePath(file.name), added: file.added,
            offline: file.isOffline, content: file.hash.description, size: file.size, duration: file.duration,
            channels: file.channelCount, samples: file.sampleCount, codes: Base64(file.code.spans),
            vectors: Base64(file.code.vectors))
    }
}

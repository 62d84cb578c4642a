import ClusterShards
import Platform
import Synchronization
import SystemPackage
import TimbreWire
import Varlink

/// The changes of this machine's library, page by page, for publishers that each go their own way: a page that all of them
/// want is read once, and the next one meanwhile.
package final class ChangePages: Sendable {
    private typealias Answer = Promise<Changes.Reply, any Error>

    /// Where changes come from.
    struct Source: Hashable {
        /// The random name of the library.
        var library: String
        /// The model of the vectors.
        var model: String
    }

    /// What is asked of the library.
    private struct Request: Equatable {
        /// Behind which changes are wanted.
        var place: PublicationPosition?
        /// Of which codes and vectors are; nil for the one in use.
        var model: String?
        /// The model of the page before, if there is no hurry before something has changed; nil if a page is wanted now.
        var known: String?

        static func == (a: Request, b: Request) -> Bool {
            a.place.isSamePlace(as: b.place) && a.model == b.model && a.known == b.known
        }

        var parameters: Changes.Parameters {
            Changes.Parameters(
                after: place?.next, history: place?.history, limit: ChangePages.length, follow: known != nil,
                once: true, known: known, model: model)
        }
    }

    /// A page that was asked for.
    private struct Page {
        let request: Request
        let answer: Answer
        let asked: ContinuousClock.Instant
        /// How many publishers want it still.
        var readers: Int
    }

    /// Changes on a page: as many as one transaction of a shard takes in.
    private static let length = 5000
    /// Pages that are kept for publishers that are behind.
    private static let most = 8
    /// For how long a page is what the library says.
    private static let lifetime = Duration.seconds(30)

    /// The socket of timbred.
    private let library: FilePath
    private let readers: Int
    private let pages = Mutex<[Page]>([])
    /// The random name of the library when it was last asked.
    private let knownLibrary = Mutex<String?>(nil)

    /// - Parameters:
    ///   - library: The socket of timbred.
    ///   - readers: How many publishers there are.
    package init(of library: FilePath, readers: Int) {
        self.library = library
        self.readers = readers
    }

    /// What the library is now. Pages of another one, in the place of which a backup was put, are not kept.
    ///
    /// - Throws: `LibraryError.busy` if there is no model yet.
    func source() throws -> Source {
        let page = try LibraryModels(of: library).change()
        let isOther = knownLibrary.withLock { known in
            defer { known = page.library }
            return known != page.library
        }
        if isOther { pages.withLock { $0.removeAll() } }
        return Source(library: page.library, model: page.model)
    }

    /// Whether the library has a model.
    ///
    /// - Parameter model: `sha256:…`
    func has(_ model: String) throws -> Bool { try LibraryModels(of: library).has(model) }

    /// The page behind a place; the first one behind none.
    ///
    /// - Parameter model: Of which codes and vectors are; nil for the one in use.
    func page(after place: PublicationPosition?, under model: String? = nil) throws -> Changes.Reply {
        let page = try answer(to: Request(place: place, model: model), isWanted: true).wait()
        if !page.last {
            let next = PublicationPosition(next: page.next, history: page.history, isComplete: false)
            answer(to: Request(place: next, model: model), isWanted: false)
        }
        return page
    }

    /// The page behind a place, once there is something on it or another model is in use; an empty one after ten seconds
    /// without either. Publishers at one place wait for the same.
    ///
    /// - Parameter known: The model of the page before.
    func news(after place: PublicationPosition?, knowing known: String) throws -> Changes.Reply {
        try answer(to: Request(place: place, known: known), isWanted: true).wait()
    }

    /// A page that somebody has asked for already, or that is read now on a thread of its own.
    ///
    /// - Parameter isWanted: Whether the caller reads it, and does not only foresee that somebody will.
    @discardableResult
    private func answer(to request: Request, isWanted: Bool) -> Answer {
        let now = ContinuousClock.now
        let (answer, isNew) = pages.withLock { pages in
            pages.removeAll { now - $0.asked > Self.lifetime }
            if let known = pages.firstIndex(where: { $0.request == request }) {
                let answer = pages[known].answer
                if isWanted { pages[known].readers -= 1 }
                if pages[known].readers == 0 { pages.remove(at: known) }
                return (answer, false)
            }
            let page = Page(
                request: request, answer: Answer(), asked: now, readers: isWanted ? readers - 1 : readers)
            if page.readers > 0 { pages.append(page) }
            if pages.count > Self.most { pages.removeFirst() }
            return (page.answer, true)
        }
        if isNew {
            do {
                try DetachedThread.start { [self] in give(Result { try read(request) }, to: answer, of: request) }
            } catch { give(.failure(error), to: answer, of: request) }
        }
        return answer
    }

    /// Gives a page to all who wait for it. One that could not be read, or with nothing on it, is read again by whoever asks
    /// next.
    private func give(_ page: Result<Changes.Reply, any Error>, to answer: Answer, of request: Request) {
        let isKept =
            switch page {
            case .success(let page): page.next != request.place?.next
            case .failure: false
            }
        if !isKept { pages.withLock { $0.removeAll { $0.answer === answer } } }
        answer.fulfil(page)
    }

    private func read(_ request: Request) throws -> Changes.Reply {
        var client = try VarlinkClient(connectingTo: library)
        return try client.call(Changes.self, request.parameters) { _ in }
    }
}

extension PublicationPosition? {
    /// Whether the same changes follow.
    func isSamePlace(as other: PublicationPosition?) -> Bool {
        self?.next == other?.next && self?.history == other?.history
    }
}

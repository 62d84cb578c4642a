import Glibc
import Platform
import Synchronization
import SystemPackage
import TimbreWire
import Varlink

/// The names of the library as they are: they are listed once, and then followed.
///
/// One follower serves all pages, on a thread of its own. What it hears, it tells them by ``PageNews``. When the daemon
/// hangs up, what is known stays, and all is listed anew as soon as a daemon answers.
final class KnownNames: Sendable {
    private let followed: Followed

    init(library: Library, news: PageNews) throws(Errno) {
        let followed = Followed(library: library, news: news)
        self.followed = followed
        try DetachedThread.start { followed.run() }
    }

    deinit { followed.leave() }

    /// The names, and whether these are all; nil if none have come within the time that somebody who types waits.
    func table() -> (table: NameTable, isWhole: Bool)? {
        _ = followed.first.wait(atMost: .seconds(2))
        return followed.table
    }
}

/// What the thread works on that follows the library.
private final class Followed: Sendable {
    private struct State {
        var table: NameTable?
        /// Whether ``table`` has all names that there are.
        var isWhole = false
        var isLeft = false
    }

    /// Nobody needs the names any more.
    private struct Left: Error {}

    /// So many names are shown before the others have come, when the page is started.
    private static let first = 2000
    /// Milliseconds until it is seen whether a daemon answers again.
    private static let pause: Int32 = 250

    /// Is fulfilled when there are names to be shown.
    let first = Promise<Void, Never>()
    private let library: Library
    private let news: PageNews
    private let state = Mutex(State())

    init(library: Library, news: PageNews) {
        self.library = library
        self.news = news
    }

    var table: (NameTable, Bool)? { state.withLock { state in state.table.map { ($0, state.isWhole) } } }

    func leave() { state.withLock { $0.isLeft = true } }

    /// Follows the library until it is left.
    func run() {
        while !state.withLock({ $0.isLeft }) {
            do {
                var listing: NameTable? = NameTable()
                let last = try library.ask(Follow.self, Follow.Parameters(snapshot: true)) { reply in
                    guard !state.withLock({ $0.isLeft }) else { throw Left() }
                    take(reply, &listing)
                }
                // It was too slow, or the daemon ends.
                news.tell { $0.daemon = last.event == .stopping ? .gone : .lost }
            } catch {
                // Whatever it is, somebody who asks for something is told.
                news.tell { $0.daemon = .gone }
            }
            first.fulfil(.success(()))
            _ = poll(nil, 0, Self.pause)
        }
    }

    /// - Parameter listing: The names, until they are listed.
    private func take(_ reply: Follow.Reply, _ listing: inout NameTable?) {
        switch reply.event {
        case .listed:
            guard let file = reply.file else { return }
            listing?.append(file)
            guard let count = listing?.count, count == Self.first else { return }
            let beginning = listing
            state.withLock { if $0.table == nil { $0.table = beginning } }
            first.fulfil(.success(()))
        case .ready:
            listing?.finish()
            state.withLock { [listing] in ($0.table, $0.isWhole) = (listing, true) }
            listing = nil
            first.fulfil(.success(()))
            news.tell { $0.daemon = .ready }
        default:
            let isNew = state.withLock { $0.table?.take(reply) ?? false }
            news.tell { news in
                if isNew { news.new += 1 }
                news.changed += 1
            }
        }
    }
}

extension NameTable {
    /// Follows an event.
    ///
    /// - Returns: Whether there is a sound more.
    fileprivate mutating func take(_ event: Follow.Reply) -> Bool {
        if event.event == .directoryRenamed, let before = event.before, let path = event.path {
            renameFolder(before, to: path)
        }
        guard let file = event.file, let number = file.id else { return false }
        switch event.event {
        case .indexed, .changed:
            if let earlier = event.earlierID { remove(earlier) }
            return insert(file) && event.event == .indexed
        case .renamed: rename(number, to: file.path)
        case .removed, .failed, .skipped: remove(number)
        case .offline, .retried: hide(number)
        case .back: hide(number, false)
        default: break
        }
        return false
    }
}

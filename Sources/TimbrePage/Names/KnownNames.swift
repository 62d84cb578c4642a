import Glibc
import Platform
import Synchronization
import SystemPackage
import TimbreWire
import Varlink

/// The names of the library as they are: it is followed, and they are listed once that has begun.
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
                let last = try library.ask(Follow.self, Follow.Parameters()) { reply in
                    guard !state.withLock({ $0.isLeft }) else { throw Left() }
                    if reply.event == .ready { try list() } else { take(reply) }
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

    /// Lists all names. What happens meanwhile is told after it, and changes nothing that the list has already.
    private func list() throws {
        var table = NameTable()
        func add(_ reply: List.Reply) {
            let before = table.count
            for file in reply.files { table.append(file) }
            guard before < Self.first, table.count >= Self.first else { return }
            let beginning = table
            state.withLock { if $0.table == nil { $0.table = beginning } }
            first.fulfil(.success(()))
        }
        add(try library.ask(List.self, List.Parameters(), news: add))
        table.finish()
        FreedMemory.giveBack()
        state.withLock { [table] in ($0.table, $0.isWhole) = (table, true) }
        first.fulfil(.success(()))
        news.tell { $0.daemon = .ready }
    }

    private func take(_ event: Follow.Reply) {
        let isNew = state.withLock { $0.table?.take(event) ?? false }
        news.tell { news in
            if isNew { news.new += 1 }
            news.changed += 1
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

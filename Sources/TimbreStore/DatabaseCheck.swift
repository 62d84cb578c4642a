import GRDB
import Synchronization

/// A look through a database while it is in use, which can be ended.
final class DatabaseCheck: Sendable {
    private enum State {
        case waiting
        case running(DatabaseQueue)
        case over
    }

    private let file: DatabaseFile
    private let state = Mutex(State.waiting)

    init(_ file: DatabaseFile) { self.file = file }

    /// Looks the database through, for some time at most.
    ///
    /// - Throws: ``CatalogError`` if it is damaged, and what SQLite throws.
    func run() throws {
        let queue: DatabaseQueue? = try state.withLock { state in
            guard case .waiting = state else { return nil }
            let queue = try file.openBesideOthers()
            state = .running(queue)
            return queue
        }
        guard let queue else { return }
        defer { end() }
        try file.lookThrough(queue, .whileInUse)
    }

    /// Ends the look, if one is under way; none follows.
    func end() {
        let queue: DatabaseQueue? = state.withLock { state in
            defer { state = .over }
            guard case .running(let queue) = state else { return nil }
            return queue
        }
        guard let queue else { return }
        queue.interrupt()
        do { try queue.close() } catch {
            // Reading alone leaves nothing undone.
        }
    }
}

import EventStore
import Synchronization
import TimbreIndex

/// The library at one moment: what a query searches, and under which model. A value that is cheap to copy.
package struct LibrarySnapshot: Sendable {
    package var index: TimbreIndex
    package var generation: Generation
    /// Which files have events, where something begins in them.
    package var events: EventTable
    /// Whether everything that was found on disk is in it.
    package var isComplete = false

    package init(
        index: TimbreIndex, generation: Generation, events: EventTable = EventTable(), isComplete: Bool = false
    ) {
        self.index = index
        self.events = events
        self.generation = generation
        self.isComplete = isComplete
    }
}

/// The library as it is now. Ingest alone changes it, after each commit; queries take snapshots of it.
package final class LiveLibrary: Sendable {
    private let current: Mutex<LibrarySnapshot>
    /// Who is told of changes.
    private let listeners = Mutex<[@Sendable () -> Void]>([])

    package init(_ snapshot: LibrarySnapshot) { current = Mutex(snapshot) }

    package var snapshot: LibrarySnapshot { current.withLock { $0 } }

    /// Has something called after each change, for good, on the thread that changed the library: it must return at once.
    package func whenChanged(_ tell: @escaping @Sendable () -> Void) { listeners.withLock { $0.append(tell) } }

    private func tellListeners() { for tell in listeners.withLock({ $0 }) { tell() } }

    /// Applies the changes that follow a commit.
    package func apply(_ edits: [IndexEdit], isComplete: Bool) {
        // Queries never wait for this: the new index replaces the old one once it is ready.
        var next = edits.isEmpty ? nil : snapshot
        next?.index.apply(edits)
        next?.events.apply(edits)
        let isNews = current.withLock { current in
            let isNews = next != nil || current.isComplete != isComplete
            if let next { (current.index, current.events) = (next.index, next.events) }
            current.isComplete = isComplete
            return isNews
        }
        if isNews { tellListeners() }
    }

    /// Notes whether all files that are long enough have events.
    package func noteEvents(areComplete isComplete: Bool) { current.withLock { $0.events.isComplete = isComplete } }

    /// Replaces the live generation, at one instant for all queries that follow.
    package func swap(_ index: TimbreIndex, _ generation: Generation) {
        current.withLock {
            $0.index = index
            $0.generation = generation
        }
        tellListeners()
    }
}

import Synchronization
import TimbreIndex

/// The library at one moment: what a query searches, and under which model. A value; taking it costs no copy.
package struct LibrarySnapshot: Sendable {
    package var index: TimbreIndex
    package var generation: Generation
    /// Whether everything that was found on disk is in it.
    package var isComplete = false

    package init(index: TimbreIndex, generation: Generation, isComplete: Bool = false) {
        self.index = index
        self.generation = generation
        self.isComplete = isComplete
    }
}

/// The library as it is now. Ingest alone changes it, after each commit; queries take snapshots of it.
package final class LiveLibrary: Sendable {
    private let current: Mutex<LibrarySnapshot>

    package init(_ snapshot: LibrarySnapshot) { current = Mutex(snapshot) }

    package var snapshot: LibrarySnapshot { current.withLock { $0 } }

    /// Makes the changes that follow a commit.
    package func apply(_ edits: [IndexEdit], isComplete: Bool) {
        // Nobody who asks waits for this: only what is ready takes the place of what was.
        var index = edits.isEmpty ? nil : snapshot.index
        index?.apply(edits)
        current.withLock {
            if let index { $0.index = index }
            $0.isComplete = isComplete
        }
    }

    /// Puts another generation in the place of the live one, at one instant for all queries to come.
    package func swap(_ index: TimbreIndex, _ generation: Generation) {
        current.withLock {
            $0.index = index
            $0.generation = generation
        }
    }
}

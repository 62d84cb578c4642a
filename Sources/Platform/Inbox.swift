import Glibc
import Synchronization
import SystemPackage

/// What other threads have for a loop, in the order in which it came, and the way to wake the loop for it.
package final class Inbox<Item: Sendable>: Sendable {
    /// Raised while there may be something to take.
    package let signal: EventSignal
    private let items = Mutex<(waiting: [Item], isClosed: Bool)>(([], false))
    private let backlog = Atomic(0)

    /// - Throws: `Errno` if the kernel gives no more descriptors.
    package init() throws(Errno) { signal = try EventSignal() }

    /// Whether there is nothing to take.
    package var isEmpty: Bool { items.withLock { $0.waiting.isEmpty } }

    /// Adds an item, unless the inbox is closed.
    ///
    /// - Returns: Whether it was added.
    @discardableResult package func post(_ item: Item) -> Bool {
        let isAdded = items.withLock { items in
            if !items.isClosed { items.waiting.append(item) }
            return !items.isClosed
        }
        signal.raise()
        return isAdded
    }

    /// Notes how much was taken out and is not done with, in items.
    package func note(backlog count: Int) { backlog.store(count, ordering: .relaxed) }

    /// Waits until fewer than so many items are there or not done with, but not for long: nobody waits for ever for what
    /// may never be taken.
    package func waitForRoom(below count: Int, atMost longest: Duration) {
        let end = ContinuousClock.now + longest
        while items.withLock({ $0.waiting.count }) + backlog.load(ordering: .relaxed) >= count, .now < end {
            usleep(1000)
        }
    }

    /// Takes nothing in any more, and gives out what nobody will take.
    package func close() -> [Item] {
        items.withLock { items in
            defer { items = ([], true) }
            return items.waiting
        }
    }

    /// Takes out all that has come.
    package func takeAll() -> [Item] {
        signal.lower()
        return items.withLock { items in
            defer { items.waiting = [] }
            return items.waiting
        }
    }
}

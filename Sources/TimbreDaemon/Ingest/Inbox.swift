import Synchronization

/// What other threads have for a loop, in the order in which it came, and the way to wake the loop for it.
final class Inbox<Item>: Sendable where Item: Sendable {
    let wakeup = Wakeup()
    private let items = Mutex<(waiting: [Item], isClosed: Bool)>(([], false))

    /// Adds an item, unless the inbox is closed.
    ///
    /// - Returns: Whether it was added.
    @discardableResult
    func post(_ item: Item) -> Bool {
        let isAdded = items.withLock { items in
            if !items.isClosed { items.waiting.append(item) }
            return !items.isClosed
        }
        wakeup.signal()
        return isAdded
    }

    /// Takes nothing in any more, and gives out what nobody will take.
    func close() -> [Item] {
        items.withLock { items in
            defer { items = ([], true) }
            return items.waiting
        }
    }

    /// Takes out all that has come.
    func takeAll() -> [Item] {
        wakeup.clear()
        return items.withLock { items in
            defer { items.waiting = [] }
            return items.waiting
        }
    }
}

/// A value that one thread waits for and another gives.
final class Promise<Value>: Sendable where Value: Sendable {
    private let result = Mutex<Result<Value, any Error>?>(nil)
    private let wakeup = Wakeup()

    /// Gives the value; the first one counts.
    func fulfil(_ value: Result<Value, any Error>) {
        result.withLock { if $0 == nil { $0 = value } }
        wakeup.signal()
    }

    /// Waits for the value; nil when it has not come within the time.
    func wait(milliseconds: Int32 = -1) throws -> Value? {
        while true {
            if let result = result.withLock({ $0 }) { return try result.get() }
            if !wakeup.wait(milliseconds: milliseconds) { return nil }
        }
    }
}

import Dispatch
import Synchronization

/// Whether the service is stopping, so that whatever takes long has to give up. Once raised, it stays up.
package final class StopFlag: Sendable {
    private let isUp = Atomic(false)

    package init() {}

    package var isRaised: Bool { isUp.load(ordering: .relaxed) }

    package func raise() { isUp.store(true, ordering: .relaxed) }
}

extension ArraySlice where Element: Sendable {
    /// Maps the elements on several threads; the results are in their order.
    package func concurrentMap<Result: Sendable>(
        threads: Int, _ transform: @Sendable (Element) throws -> Result
    ) throws -> [Result] {
        let results = Mutex([Swift.Result<Result, any Error>?](repeating: nil, count: count))
        DispatchQueue.concurrentPerform(iterations: threads) { thread in
            for place in stride(from: thread, to: count, by: threads) {
                let result = Swift.Result { try transform(self[startIndex + place]) }
                results.withLock { $0[place] = result }
            }
        }
        return try results.withLock { $0 }.compactMap { try $0?.get() }
    }
}

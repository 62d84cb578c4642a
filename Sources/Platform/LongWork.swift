import Dispatch
import Glibc
import Synchronization
import SystemPackage

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

    /// Maps the elements on threads that give way to whatever answers somebody; the results are in their order.
    ///
    /// - Throws: What `transform` throws, or `Errno` if there can be no more threads.
    package func mapInBackground<Result: Sendable>(
        threads: Int, _ transform: @escaping @Sendable (Element) throws -> Result
    ) throws -> [Result] {
        let work = BackgroundWork(self, transform)
        // The second of two threads may fail to start: the first does all then.
        try DetachedThread.start { work.run() }
        for _ in 1..<Swift.max(1, Swift.min(threads, count)) {
            do throws(Errno) { try DetachedThread.start { work.run() } } catch { break }
        }
        return try work.results.wait()
    }
}

/// Elements that several threads map, each taking the next one.
private final class BackgroundWork<Element: Sendable, Result: Sendable>: Sendable {
    private struct State {
        var next = 0
        var done = 0
        var results: [Swift.Result<Result, any Error>?]
    }

    let results = Promise<[Result], any Error>()
    private let elements: ArraySlice<Element>
    private let transform: @Sendable (Element) throws -> Result
    private let state: Mutex<State>

    init(_ elements: ArraySlice<Element>, _ transform: @escaping @Sendable (Element) throws -> Result) {
        self.elements = elements
        self.transform = transform
        state = Mutex(State(results: Array(repeating: nil, count: elements.count)))
    }

    func run() {
        // A tenth of the time that others have who want it. On Linux this is about one thread.
        _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10)
        if elements.isEmpty { results.fulfil(.success([])) }
        while let place = state.withLock({ take(&$0) }) {
            let result = Swift.Result { try transform(elements[elements.startIndex + place]) }
            let all = state.withLock { state in
                state.results[place] = result
                state.done += 1
                return state.done == elements.count ? state.results : nil
            }
            if let all { results.fulfil(Swift.Result { try all.compactMap { try $0?.get() } }) }
        }
    }

    private func take(_ state: inout State) -> Int? {
        guard state.next < elements.count else { return nil }
        state.next += 1
        return state.next - 1
    }
}

import Platform
import Synchronization
import SystemPackage
import TimbreWire

/// The library's names as they were a moment ago.
///
/// They are asked for when the page is started, and again when somebody looks for a name and they are old: at most as
/// often as keeps the daemon busy with it for a thirtieth of the time. A page that is left alone asks for nothing.
final class KnownNames: Sendable {
    private struct State {
        var table: NameTable?
        var isLoading = false
        /// From when on what is known counts as old.
        var oldFrom = ContinuousClock.now
    }

    private let library: Library
    private let state = Mutex(State())
    private let isLoaded = Promise<Void, Never>()

    private static let youth = Duration.seconds(5)

    init(library: Library) { self.library = library }

    /// The names as they are known; nil if they have not come within the time that somebody who types waits.
    func table() -> NameTable? {
        refresh()
        _ = isLoaded.wait(atMost: .seconds(2))
        return state.withLock { $0.table }
    }

    /// Begins to ask for the names, if they are old.
    func refresh() {
        let begins = state.withLock { state in
            guard !state.isLoading, state.oldFrom <= .now else { return false }
            state.isLoading = true
            return true
        }
        guard begins else { return }
        do throws(Errno) { try DetachedThread.start { self.load() } } catch {
            state.withLock { $0.isLoading = false }
        }
    }

    private func load() {
        let start = ContinuousClock.now
        var table: NameTable? = NameTable()
        do {
            let last = try library.ask(List.self, List.Parameters()) { reply in
                for file in reply.files { table?.append(file) }
            }
            for file in last.files { table?.append(file) }
            table?.finish()
        } catch {
            // Without a daemon nothing can be asked at all, and the page says so.
            table = nil
        }
        state.withLock { state in
            state.isLoading = false
            state.oldFrom = .now + max(Self.youth, (ContinuousClock.now - start) * 30)
            if let table { state.table = table } else { state.oldFrom = .now + .seconds(1) }
        }
        if table != nil { isLoaded.fulfil(.success(())) }
    }
}

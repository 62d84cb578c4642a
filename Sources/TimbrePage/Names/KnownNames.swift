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
        /// Whether ``table`` has all names that there were.
        var isWhole = false
        /// Is fulfilled when the daemon, which is being asked, has told what is enough to be shown.
        var loading: Promise<Void, Never>?
        /// From when on what is known counts as old.
        var oldFrom = ContinuousClock.now
    }

    private let library: Library
    private let state = Mutex(State())

    private static let youth = Duration.milliseconds(500)
    /// So many names are shown before the others have come, when the page is started.
    private static let first = 2000

    init(library: Library) { self.library = library }

    /// The names, and whether these are all: those of now if the daemon tells them at once, else those that are known; nil if
    /// none have come within the time that somebody who types waits.
    func table() -> (table: NameTable, isWhole: Bool)? {
        let (loading, isFirst) = refresh()
        _ = loading?.wait(atMost: isFirst ? .seconds(2) : .milliseconds(100))
        return state.withLock { state in state.table.map { ($0, state.isWhole) } }
    }

    /// Begins to ask for the names, if they are old.
    ///
    /// - Returns: What is fulfilled when they have come, if they are asked for; and whether there are none yet.
    @discardableResult func refresh() -> (loading: Promise<Void, Never>?, isFirst: Bool) {
        state.withLock { state in
            if state.loading == nil, state.oldFrom <= .now {
                let loading = Promise<Void, Never>()
                do throws(Errno) {
                    try DetachedThread.start { self.load(loading) }
                    state.loading = loading
                } catch {
                    // Without a thread now there may be one when somebody asks next.
                }
            }
            return (state.loading, state.table == nil)
        }
    }

    private func load(_ loading: Promise<Void, Never>) {
        let start = ContinuousClock.now
        var table = NameTable()
        var isTold = false
        do {
            let last = try library.ask(List.self, List.Parameters()) { reply in
                for file in reply.files { table.append(file) }
                guard !isTold, table.count >= Self.first else { return }
                isTold = true
                state.withLock { if $0.table == nil { $0.table = table } }
                loading.fulfil(.success(()))
            }
            for file in last.files { table.append(file) }
            table.finish()
            state.withLock { state in
                (state.table, state.isWhole, state.loading) = (table, true, nil)
                state.oldFrom = .now + max(Self.youth, (ContinuousClock.now - start) * 30)
            }
        } catch {
            // Without a daemon nothing can be asked at all, and the page says so.
            state.withLock { state in (state.loading, state.oldFrom) = (nil, .now + .seconds(1)) }
        }
        loading.fulfil(.success(()))
    }
}

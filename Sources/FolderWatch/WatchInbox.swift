import Platform
import Synchronization
import SystemPackage

/// What the outside may ask of a watcher's thread.
enum WatchCommand: Sendable {
    case setFolders([FilePath])
    case apply(WatchSettings)
    case rescan(FilePath?)
    case sync(token: UInt64)
    case poke
    case stop
}

/// What a watcher's thread and the outside share: commands one way, figures the other.
final class WatchInbox: Sendable {
    private struct State {
        var usage = WatchUsage()
        var lastTurn = ContinuousClock.now
    }

    private let commands: Inbox<WatchCommand>
    /// Whether the thread waits for nothing but its signal.
    let isAsleep = Atomic(false)
    private let state = Mutex(State())

    init() throws(Errno) { commands = try Inbox() }

    /// Raised while commands wait.
    var signal: EventSignal { commands.signal }

    /// Leaves a command and wakes the thread.
    func send(_ command: WatchCommand) { commands.post(command) }

    /// Wakes the thread if it would not wake by itself.
    func wakeIfAsleep() { if isAsleep.exchange(false, ordering: .sequentiallyConsistent) { signal.raise() } }

    /// Takes the commands that wait, in order.
    func takeCommands() -> [WatchCommand] { commands.takeAll() }

    /// Makes known how far the thread is.
    func publish(_ usage: WatchUsage, at now: ContinuousClock.Instant) {
        state.withLock { state in
            state.usage = usage
            state.lastTurn = now
        }
    }

    var usage: WatchUsage { state.withLock(\.usage) }
    var lastTurn: ContinuousClock.Instant { state.withLock(\.lastTurn) }
}

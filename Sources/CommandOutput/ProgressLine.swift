import Glibc
import Synchronization
import TimbreWire

/// Says on standard error how far a longer piece of work has come; see ``ProgressMeter``.
package final class ProgressLine: Sendable {
    private struct State {
        var meter: ProgressMeter
        var isOver: Bool
    }

    private let state: Mutex<State>
    private let isTerminal: Bool

    /// - Parameter isShown: Whether anything is said at all: not to who wants JSON.
    package init(isShown: Bool) {
        let width = Output.errorWidth
        isTerminal = width != nil
        state = Mutex(State(meter: ProgressMeter(width: width, at: .now), isOver: !isShown))
        if isShown, isTerminal { Self.clearWhenInterrupted() }
    }

    package func show(stage: String, _ progress: Progress?) {
        state.withLock { state in
            guard !state.isOver, let text = state.meter.text(stage: Shown.escaped(stage), progress, at: .now) else {
                return
            }
            Output.errorText(isTerminal ? "\r\u{1B}[K\(text)" : "timbrectl: \(text)\n")
        }
    }

    /// Takes it away; nothing is shown any more.
    package func clear() {
        state.withLock { state in
            if isTerminal, !state.isOver { Output.errorText("\r\u{1B}[K") }
            state.isOver = true
        }
    }

    /// Has Ctrl-C end the program as it always does, and the bar with it.
    private static func clearWhenInterrupted() {
        var action = sigaction()
        // Who ignores it, as the shell has it in the background of a script, goes on doing so: SIG_IGN is 1.
        guard unsafe sigaction(SIGINT, nil, &action) == 0,
            unsafe unsafeBitCast(action.__sigaction_handler.sa_handler, to: Int.self) != 1
        else { return }
        signal(SIGINT) { number in
            // In a handler of signals only what is known to be safe there is called: signal-safety(7).
            let erase: StaticString = "\r\u{1B}[K"
            _ = unsafe write(2, erase.utf8Start, erase.utf8CodeUnitCount)
            signal(number, SIG_DFL)
            raise(number)
        }
    }
}

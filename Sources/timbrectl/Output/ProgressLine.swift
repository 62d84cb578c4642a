import TimbreWire

#if canImport(Glibc)
    import Glibc
#endif

/// A line on standard error that says how far a longer piece of work has come; nothing if that is not a terminal.
struct ProgressLine {
    private let isShown = isatty(2) == 1

    func show(stage: String, _ progress: Progress?) {
        guard isShown else { return }
        var text = Shown.escaped(stage)
        if let progress, progress.total > 0 {
            text += " \(100 * min(progress.done, progress.total) / progress.total) %"
            if let left = progress.secondsLeft { text += ", \(Shown.duration(left)) left" }
        }
        Output.errorText("\r\u{1B}[K\(text)")
    }

    func clear() {
        if isShown { Output.errorText("\r\u{1B}[K") }
    }
}
